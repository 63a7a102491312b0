import { readFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { type IgnoreRules, ignoreFiles, isHidden, parseIgnoreRules } from "./ignoreRules.ts";

/** The rules that a folder holds itself. `names` are the files in it. */
export async function rulesIn(folder: string, names: ReadonlySet<string>): Promise<readonly IgnoreRules[]> {
  const rules: IgnoreRules[] = [];
  for (const file of ignoreFiles) {
    if (!names.has(file)) continue;
    const text = await readFile(join(folder, file), "utf8").catch(() => "");
    rules.push(parseIgnoreRules(slashed(folder), file, text));
  }
  return rules;
}

/**
 * The rules of the folders above root, up to the repository's own, outermost first. Undefined when they hide root itself:
 * the caller asked for it by name.
 */
export async function rulesAbove(root: string, repository: string): Promise<readonly IgnoreRules[] | undefined> {
  const rules: IgnoreRules[] = [];
  for (const folder of foldersBetween(repository, root)) rules.push(...(await rulesIn(folder, new Set(ignoreFiles))));
  return isHidden(`${slashed(root)}/`, rules) ? undefined : rules;
}

/** The path with "/" between its parts. */
export function slashed(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}

/** From the outer folder down to the inner one's parent. */
function foldersBetween(outer: string, inner: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = inner; folder !== outer; ) {
    folder = dirname(folder);
    folders.unshift(folder);
  }
  return folders;
}
