import { accessSync, constants, lstatSync, realpathSync, type Stats, statSync } from "node:fs";
import { dirname, relative } from "node:path";
import { AgentError } from "../../../protocol/errors.ts";
import type { Confinement } from "../../sandbox.ts";
import type { HiddenPath, Layout } from "./layout.ts";

/** Where things are on this machine. */
export interface Places {
  /** The private store, which is hidden. */
  readonly storageRoot: string;
  /** Folders for temporary files of everybody. */
  readonly temporary: readonly string[];
  /** Absolute paths that may have credentials. */
  readonly credentials: readonly string[];
}

export interface Surroundings {
  readonly cwd: string;
  readonly readableRoots: Confinement["readableRoots"];
  /** As `writableFolders` found them. */
  readonly writable: readonly string[];
  /** What is to be read-only in these. */
  readonly protected: readonly string[];
  readonly places: Places;
}

/** Folders that a command may write to as real paths, outer ones first. Throws `notFound` or `unsupported` for one that it cannot. */
export function writableFolders(roots: readonly string[]): readonly string[] {
  return [...new Set(roots.map(realFolder))].sort(byLength);
}

/** Folders for temporary files of everybody, as real paths. */
export function temporaryFolders({ temporary }: Places): readonly string[] {
  return [...new Set(temporary.flatMap(realPathOf))];
}

/**
 * Looks at the disk for what the command will find where. Synchronous: it is a few hundred microseconds, and what it sees should not change while
 * it looks. Throws `unsupported` for what cannot be confined.
 */
export function lookAround(surroundings: Surroundings): Layout {
  const { places, writable, readableRoots } = surroundings;
  const cwd = realpathSync(surroundings.cwd);
  const hidden = hiddenPaths(places);
  for (const path of [cwd, ...writable]) requireVisible(path, hidden);
  const emptied = writable.length === 0 ? temporaryFolders(places) : [];
  const covered = [...hidden.map(({ path }) => path), ...emptied];
  return {
    cwd,
    writable: withFoldersBetween(writable),
    protected: surroundings.protected,
    hidden,
    readable: readableRoots.flatMap(realPathOf).filter((path) => isInAny(covered, path)),
    emptied,
    kept: keptIn([...emptied, "/run"], cwd, writable),
  };
}

export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? folder : `${folder}/`);
}

/** What is at the path itself; undefined for nothing, or what may not be looked at. */
export function entryAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Where the path leads; undefined when it leads nowhere. */
export function realOrUndefined(path: string): string | undefined {
  return realPathOf(path)[0];
}

function isInAny(folders: readonly string[], path: string): boolean {
  return folders.some((folder) => isInside(folder, path));
}

function byLength(one: string, other: string): number {
  return one.length - other.length;
}

function realPathOf(path: string): readonly string[] {
  try {
    return [realpathSync(path)];
  } catch {
    return [];
  }
}

const SYSTEM_FOLDERS = ["/proc", "/dev", "/sys"];

function realFolder(path: string): string {
  const [real] = realPathOf(path);
  if (real === undefined) {
    throw new AgentError(
      "notFound",
      `There is no folder ${path}, which commands in the sandbox may write to. Make it, or take it out of the workspace or the settings.`,
    );
  }
  if (!statSync(real).isDirectory() || isInAny(SYSTEM_FOLDERS, real)) {
    throw new AgentError("unsupported", `The sandbox cannot make ${path} writable: it is no ordinary folder.`);
  }
  return real;
}

function hiddenPaths({ storageRoot, credentials }: Places): readonly HiddenPath[] {
  const found = new Map<string, HiddenPath>();
  for (const named of [storageRoot, ...credentials]) {
    // Most are not there, and looking is cheaper than following.
    if (entryAt(named) === undefined) continue;
    for (const path of realPathOf(named).filter(isReadable)) {
      const kind = statSync(path).isDirectory() ? "folder" : "file";
      found.set(path, { path, kind });
    }
  }
  const all = [...found.values()].sort((one, other) => byLength(one.path, other.path));
  return all.filter(({ path }) => !all.some((other) => other.path !== path && isInside(other.path, path)));
}

/** What is somebody else's and may not be read need not be hidden: a command has no more rights than this process. */
function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return entryAt(path)?.uid === process.getuid?.();
  }
}

function requireVisible(path: string, hidden: readonly HiddenPath[]): void {
  const cover = hidden.find((one) => isInside(one.path, path));
  if (cover === undefined) return;
  throw new AgentError(
    "unsupported",
    `No command in the sandbox can work in ${path}: ${cover.path} is hidden from it, since it may hold credentials.`,
  );
}

/**
 * The folders between a writable folder and another one within it are mounted by themselves, so that they cannot be renamed: the inner one
 * would else be put out of the way, with what is protected in it.
 */
function withFoldersBetween(roots: readonly string[]): readonly string[] {
  const all = new Set(roots);
  for (const root of roots) {
    const outer = roots.find((other) => other !== root && isInside(other, root));
    for (let path = dirname(root); outer !== undefined && path !== outer; path = dirname(path)) all.add(path);
  }
  return [...all].sort(byLength);
}

/** Where folders are covered by empty ones, the one in which the command works stays, with what lies around it. */
function keptIn(emptied: readonly string[], cwd: string, roots: readonly string[]): readonly string[] {
  const cover = emptied.find((folder) => isInside(folder, cwd));
  if (cover === undefined || cwd === cover || isInAny(roots, cwd)) return [];
  const [first] = relative(cover, cwd).split("/");
  return cover === "/run" ? [cwd] : [`${cover}/${first}`];
}
