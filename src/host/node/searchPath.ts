import { basename, delimiter, dirname, join } from "node:path";
import { programAt } from "./program.ts";
import { realOrSame } from "./realPath.ts";

/** Where a program that is named without a slash is found. */
export interface FoundProgram {
  /** The links to its folder followed. */
  readonly path: string;
  /** All links followed. */
  readonly realPath: string;
}

/** The value of PATH without the folders that lie in these, by their own name or where links lead. */
export function pathWithout(path: string, folders: readonly string[]): string {
  const left = folders.flatMap((folder) => [folder, realOrSame(folder)]);
  const isLeft = (one: string) => left.some((folder) => one === folder || one.startsWith(`${folder}/`));
  return path
    .split(delimiter)
    .filter((one) => !isLeft(join(one, ".")) && !isLeft(realOrSame(one)))
    .join(delimiter);
}

/** The first of that name in PATH; undefined when there is none. */
export function findProgram(name: string, path: string | undefined, cwd: string): FoundProgram | undefined {
  if (name === "" || /[/\\\0]/.test(name)) return undefined;
  const found = programAt(name, { path, cwd });
  if (found === undefined) return undefined;
  return { path: join(realOrSame(dirname(found)), basename(found)), realPath: realOrSame(found) };
}
