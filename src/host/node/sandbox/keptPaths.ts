import { basename, dirname, join } from "node:path";
import { AgentError } from "../../../protocol/errors.ts";
import type { Confinement } from "../../sandbox.ts";
import { repositoryOf } from "./gitDangers.ts";
import { entryAt, isInside } from "./lookAround.ts";
import { OBEYED_AT_ONCE } from "./obeyedAtOnce.ts";
import type { Found } from "./rootScan.ts";
import { isStub } from "./stubs.ts";

/** A link in one of these places could be put out of the way while the command runs, and something else in its place. */
const NO_LINKS = new Set([".git", ".vscode", ".idea"]);

/**
 * What stands there as an empty folder while commands run, so that they cannot make it: an editor and git obey these at once. Whatever else is
 * protected is moved away when the command ends; a place for each of them would be seen in the folder, and be in the user's own way.
 */
const HELD = [".git", ".vscode"];

/**
 * The time that they take at the start of a command grows with the square of their number. What is obeyed at once comes first, and then what is near
 * the root; what of the rest a command changed is moved away like what it made.
 */
const MOST_MOUNTS = 64;

/** Throws `unsupported` for a link that cannot be guarded. */
export function requireNoLinks(roots: readonly string[], found: readonly Found[]): void {
  const isRefused = ({ path, kind }: Found) =>
    kind === "link" && roots.includes(dirname(path)) && NO_LINKS.has(basename(path));
  const link = found.find(isRefused);
  if (link === undefined) return;
  throw new AgentError(
    "unsupported",
    `The command did not run, since ${link.path} is a symbolic link, which the sandbox cannot guard. Put the folder itself there.`,
  );
}

/** Where empty folders are to stand in a root. */
export function heldIn(root: string, { isProtected }: Confinement): readonly string[] {
  return HELD.filter((name) => isProtected(name) || isProtected(`${name}/x`))
    .map((name) => join(root, name))
    .filter((path) => entryAt(path) === undefined || isStub(path));
}

/** What is there and is to be read-only: that which is obeyed at once first, and the repositories that lie elsewhere. */
export function keptPaths(found: readonly Found[], writable: readonly string[]): readonly string[] {
  const mountable = found.filter(({ kind }) => kind === "folder" || kind === "file").map(({ path }) => path);
  const ofGit = mountable.filter((path) => basename(path) === ".git");
  const elsewhere = ofGit
    .flatMap((path) => repositoryOf(path))
    .filter((path) => writable.some((one) => isInside(one, path)));
  const atOnce = OBEYED_AT_ONCE.flatMap((name) => mountable.filter((path) => basename(path) === name));
  return [...new Set([...ofGit, ...elsewhere, ...atOnce, ...mountable])].slice(0, MOST_MOUNTS);
}
