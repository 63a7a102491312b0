import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { hooksPathsIn } from "../../hooksPath.ts";
import { isPlainConfig } from "./gitConfig.ts";
import { entryAt, isInside } from "./lookAround.ts";

const LONGEST_CONFIG = 64 * 1024;
/** Repositories of submodules lie within each other; nobody nests them deeper. */
const DEEPEST = 6;

/**
 * Files in the folder of a repository that would make git run a program, the repositories of its submodules included. A new repository, or a clone
 * of one, has none: its hooks are samples and its configuration names no program.
 */
export function gitDangers(gitFolder: string, depth = 0): readonly string[] {
  const here = (name: string) => join(gitFolder, name);
  return [
    // This would make another folder's configuration count.
    ...(entryAt(here("commondir")) === undefined ? [] : [here("commondir")]),
    ...["config", "config.worktree"].map(here).filter(isDangerousConfig),
    ...dangerousHooks(here("hooks")),
    ...(depth < DEEPEST ? inner(here("modules"), depth + 1) : []),
  ];
}

/** Whether names that lie in one folder make it a repository without files, which git takes for one wherever it lies. */
export function isGitFolder(names: ReadonlySet<string>): boolean {
  return names.has("HEAD") && (names.has("commondir") || (names.has("objects") && names.has("refs")));
}

/** What may not be read counts: whoever made it may give the right back. */
function isDangerousConfig(path: string): boolean {
  const entry = entryAt(path);
  if (entry === undefined) return false;
  if (!entry.isFile() || entry.size > LONGEST_CONFIG) return true;
  try {
    return !isPlainConfig(readFileSync(path, "utf8"));
  } catch {
    return true;
  }
}

function dangerousHooks(folder: string): readonly string[] {
  const entry = entryAt(folder);
  if (entry === undefined) return [];
  const names = entry.isDirectory() ? namesIn(folder) : undefined;
  return names?.filter((name) => !name.endsWith(".sample")).map((name) => join(folder, name)) ?? [folder];
}

/** Names of submodules may have slashes: their repositories lie at any depth. */
function inner(folder: string, depth: number): readonly string[] {
  if (entryAt(folder)?.isDirectory() !== true) return [];
  const names = namesIn(folder);
  if (names === undefined) return [folder];
  if (isGitFolder(new Set(names))) return gitDangers(folder, depth);
  return names.flatMap((name) => inner(join(folder, name), depth + 1));
}

/** Undefined where they may not be listed. */
function namesIn(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    return undefined;
  }
}

/** Where the repository lies that a file named `.git` leads to, as real paths: a work tree's own part, and what it shares with others. */
export function repositoryOf(path: string): readonly string[] {
  if (basename(path) !== ".git" || entryAt(path)?.isFile() !== true) return [];
  const own = realTarget(dirname(path), /^gitdir: (.+?)\s*$/.exec(readStart(path))?.[1]);
  if (own === undefined) return [];
  const shared = realTarget(own, readStart(join(own, "commondir")).trim());
  return shared === undefined ? [own] : [own, shared];
}

/**
 * Where the repository at a path named `.git` has its hooks, if its configuration says so and they are there, as real paths. A folder that has the
 * files of the repository, too, is none.
 */
export function hooksOf(path: string): readonly string[] {
  if (basename(path) !== ".git") return [];
  const named = [path, ...repositoryOf(path)].flatMap((folder) => hooksPathsIn(readStart(join(folder, "config"))));
  const folder = dirname(path);
  return named.flatMap((one) => realTarget(folder, one) ?? []).filter((one) => !isInside(one, folder));
}

function realTarget(from: string, target: string | undefined): string | undefined {
  try {
    return target ? realpathSync(resolve(from, target)) : undefined;
  } catch {
    return undefined;
  }
}

function readStart(path: string): string {
  try {
    return readFileSync(path, "utf8").slice(0, LONGEST_CONFIG);
  } catch {
    return "";
  }
}
