import { lstatSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { gitDangers, repositoryOf } from "./gitDangers.ts";
import { isInside } from "./lookAround.ts";
import type { Found } from "./rootScan.ts";

/** How it was before a command, in what it may write to. */
export interface Before {
  readonly found: readonly Found[];
  /** The folders in which was looked for it. */
  readonly roots: readonly string[];
  /** All folders that can be written, those for temporary files too. */
  readonly writable: readonly string[];
  /** What makes git run programs, and was there, by path. */
  readonly dangers: ReadonlyMap<string, string>;
  /** What was protected and could still be written to, by identity, with the stamps of its files. */
  readonly loose: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What a command can write to. */
export interface Reach {
  /** The folders in which is looked for what is protected. */
  readonly roots: readonly string[];
  /** All folders that can be written, those for temporary files too. */
  readonly writable: readonly string[];
  /** What is read-only in these. */
  readonly kept: readonly string[];
}

/** What somebody else than a command wrote meanwhile, by path, as `stampOf` knows it. */
export type Accepted = ReadonlyMap<string, string>;

export function rememberBefore(found: readonly Found[], { roots, writable, kept }: Reach): Before {
  const dangers = found.filter(({ kind }) => kind === "repository").flatMap(({ path }) => gitDangers(path));
  const loose = found.filter(({ path, kind }) => (kind === "file" || kind === "folder") && !kept.includes(path));
  return {
    found,
    roots,
    writable,
    dangers: new Map(dangers.map((path) => [path, stampOf(path)])),
    loose: new Map(loose.map((one) => [one.identity, new Set(obeyedFiles(one).map(stampOf))])),
  };
}

/**
 * What a command left that programs or agents would obey, as paths to be moved away. Whatever is protected and new counts, but for repositories of
 * git: of these only what makes git run programs.
 */
export function leftBehind(before: Before, after: readonly Found[], accepted: Accepted): readonly string[] {
  const old = new Set(before.found.map(({ identity }) => identity));
  const isNew = (path: string) => before.dangers.get(path) !== stampOf(path);
  const isAccepted = (path: string) => accepted.get(path) === stampOf(path);
  return [...new Set(after.flatMap(judge))].filter((path) => !isAccepted(path));

  function judge({ path, kind, identity }: Found): readonly string[] {
    if (kind === "repository") return gitDangers(path).filter(isNew);
    if (old.has(identity)) {
      const stamps = before.loose.get(identity);
      return stamps ? obeyedFiles({ path, kind }).filter((file) => !stamps.has(stampOf(file))) : [];
    }
    if (kind === "folder" && isEmpty(path)) return [];
    const isPartlyAccepted = kind === "folder" && [...accepted.keys()].some((one) => isInside(path, one));
    if (isPartlyAccepted) return obeyedFiles({ path, kind });
    if (basename(path) !== ".git" || kind === "link") return [path];
    if (kind === "folder") return gitDangers(path);
    return leadsToHarmless(path, before) ? [] : [path];
  }
}

/** Nobody obeys it; and it is there before the next command, which cannot put anything in. */
function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch {
    return false;
  }
}

/** The folder itself where something in it may not be listed. */
function filesIn(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
    return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [folder];
  }
}

/** Of something protected, what programs or agents obey. */
function obeyedFiles({ path, kind }: Pick<Found, "path" | "kind">): readonly string[] {
  if (kind !== "folder") return [path];
  return basename(path) === ".git" ? gitDangers(path) : filesIn(path);
}

/** A file that says where a repository is may lead to one that was there and could not be changed, or to one that has been looked at. */
function leadsToHarmless(pointer: string, { roots, writable }: Before): boolean {
  const [own, shared = own] = repositoryOf(pointer);
  // What is not there yet could be made by a later command.
  if (own === undefined || shared === undefined) return false;
  const isIn = (folders: readonly string[], path: string) => folders.some((folder) => isInside(folder, path));
  const isHarmless = (path: string) => (isIn(roots, path) ? gitDangers(path).length === 0 : !isIn(writable, path));
  return own === shared ? isHarmless(own) : !isIn(writable, own) && !isIn(writable, shared);
}

/** Another one for another file, and after each change. */
export function stampOf(path: string): string {
  try {
    const { ino, ctimeNs } = lstatSync(path, { bigint: true });
    return `${ino}:${ctimeNs}`;
  } catch {
    return "";
  }
}
