import type { Host } from "../../host/host.ts";
import { throwIfAborted } from "../../protocol/errors.ts";
import type { Clock } from "../clock.ts";
import type { Paths } from "../policy/paths.ts";
import { byteLength } from "../tools/bytes.ts";
import { nameWithin } from "./ownTags.ts";

const OVERVIEW_BYTES = 1024;
const OVERVIEW_FILES = 5000;
/** How long a request waits for git, in milliseconds. */
const GIT_MS = 150;

interface Place {
  readonly host: Host;
  readonly paths: Paths;
  readonly cwd: string;
  readonly clock: Clock;
  /** False in Restricted Mode, where git is left alone. */
  readonly trusted: boolean;
  /** The facts as they were last told. */
  readonly before?: Readonly<Record<string, string>> | undefined;
  readonly signal: AbortSignal;
}

/** The named facts of the environment context, in the order in which they are told. */
export async function readEnvironment(place: Place): Promise<Record<string, string>> {
  const { host, cwd, clock, before } = place;
  const { platform, editor } = host;
  const [branch, changed, directory] = await Promise.all([
    gitBranch(place),
    changedFiles(place),
    // The overview is of the folder as the work began, so it is made anew only for another folder.
    before?.cwd === nameWithin(cwd) ? before.directory : overview(place),
  ]);
  const facts: [string, string | undefined][] = [
    ["cwd", nameWithin(cwd)],
    ["platform", platform.os],
    ["shell", platform.shell],
    ["date", dateIn(platform.timeZone, clock.now())],
    ["time_zone", platform.timeZone],
    ["workspace_roots", editor.workspaceRoots(cwd).map(nameWithin).join("\n")],
    ["git_branch", branch && nameWithin(branch)],
    ["git_changed_files", changed],
    ["directory", directory],
    ...openEditors(place),
  ];
  return Object.fromEntries(facts.filter((fact): fact is [string, string] => Boolean(fact[1])));
}

/** The number of changed files; what was last told of it when git takes too long, which is then stopped. */
async function changedFiles({ host, cwd, clock, trusted, before, signal }: Place): Promise<string | undefined> {
  if (!trusted) return undefined;
  const waiting = new AbortController();
  const either = AbortSignal.any([signal, waiting.signal]);
  const late = clock.sleep(GIT_MS, either).then(
    () => before?.git_changed_files,
    () => undefined,
  );
  const count = host.git.changedFiles(cwd, either).then(
    (number) => number?.toString(),
    () => undefined,
  );
  const fact = await Promise.race([count, late]);
  waiting.abort();
  throwIfAborted(signal);
  return fact;
}

function dateIn(timeZone: string, now: number): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(now);
}

/** The branch by git's own files, without running git, which would obey the repository's configuration. */
async function gitBranch(place: Place): Promise<string | undefined> {
  const { host, paths, cwd, signal } = place;
  for (let folder = cwd; ; folder = paths.parent(folder)) {
    const git = paths.join(folder, ".git");
    const there = await host.files.stat(git, signal).catch(() => undefined);
    if (there) return branchOf(there.kind === "folder" ? git : await linkedFolder(git, place), place);
    if (paths.parent(folder) === folder) return undefined;
  }
}

/** Two of either begin a path on another machine, which Windows would log in to. */
const NETWORK_PATH = /^[\\/]{2}/;

/** Where the .git file of a worktree or a submodule leads to, on this machine. */
async function linkedFolder(git: string, place: Place): Promise<string> {
  const target = /^gitdir: (.+)$/m.exec((await readIfThere(git, place)) ?? "")?.[1]?.trim() ?? ".";
  return place.paths.resolve(place.paths.parent(git), NETWORK_PATH.test(target) ? "." : target);
}

async function branchOf(folder: string, place: Place): Promise<string | undefined> {
  const head = await readIfThere(place.paths.join(folder, "HEAD"), place);
  if (!head) return undefined;
  return /^ref: refs\/heads\/(.+)$/m.exec(head)?.[1]?.trim() ?? "(detached)";
}

async function readIfThere(path: string, { host, signal }: Place): Promise<string | undefined> {
  const found = await host.files.read(path, signal).catch(() => undefined);
  return found && new TextDecoder().decode(found.bytes);
}

/** The first level of the cwd, folders with the number of their files; at most 1 KB. */
async function overview({ host, paths, cwd, signal }: Place): Promise<string | undefined> {
  const found = await host.files.list(cwd, { limit: OVERVIEW_FILES }, signal).catch(() => undefined);
  if (!found) return undefined;
  const folders = new Map<string, number>();
  const files: string[] = [];
  for (const path of found.paths) {
    const [first = "", ...rest] = paths.relative(cwd, path).split("/");
    if (rest.length === 0) files.push(first);
    else folders.set(first, (folders.get(first) ?? 0) + 1);
  }
  const more = found.more ? "+" : "";
  const lines = [...folders].map(([name, count]) => `${name}/ (${count}${more} files)`).concat(files);
  return fit(lines.map(nameWithin), OVERVIEW_BYTES);
}

function fit(lines: readonly string[], maxBytes: number): string {
  const kept: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    bytes += byteLength(line) + 1;
    if (bytes > maxBytes - 24) return [...kept, `(${lines.length - kept.length} more)`].join("\n");
    kept.push(line);
  }
  return kept.join("\n");
}

function openEditors({ host, paths, cwd }: Place): [string, string | undefined][] {
  const { activePath, selection, visiblePaths, openPaths } = host.editor.openEditors();
  const show = (path: string) => nameWithin(paths.relative(cwd, path));
  const lines = selection ? `:${selection.startLine}-${selection.endLine}` : "";
  const others = (all: readonly string[]) => all.filter((path) => path !== activePath).map(show);
  return [
    ["active_file", activePath && show(activePath) + lines],
    ["visible_files", others(visiblePaths).join("\n")],
    ["open_files", others(openPaths.filter((path) => !visiblePaths.includes(path))).join("\n")],
  ];
}
