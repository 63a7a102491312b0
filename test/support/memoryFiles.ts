import type { ApplyResult, FileEdit, FileHint, FileSystem } from "../../src/host/files.ts";
import { type IgnoreRules, ignoreFiles, isHidden, parseIgnoreRules } from "../../src/host/node/ignoreRules.ts";
import { lineMatcher, matchingLines } from "../../src/host/node/lines.ts";
import { createLowest, globFilter } from "../../src/host/node/search.ts";
import { AgentError, throwIfAborted } from "../../src/protocol/errors.ts";
import type { Failures } from "./memoryHost.ts";

export interface MemoryFiles extends FileSystem {
  /** What is on disk, as text, by path in code unit order. Commands see the same. */
  snapshot(): Record<string, string>;
  /** The bytes on disk; undefined when there is no such file. */
  bytes(path: string): Uint8Array | undefined;
  /** Writes to the disk behind the agent's back, as the user or a command would; undefined removes. */
  put(path: string, content: string | Uint8Array | undefined): void;
  putFolder(path: string): void;
  setUnsaved(path: string, content: string | Uint8Array | undefined): void;
  /** Hints as the host would: `put` and `setUnsaved` give none by themselves, `apply` does. */
  hint(hint: FileHint): void;
}

export interface MemoryFilesOptions {
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly folders: readonly string[];
  readonly onSave: ((path: string, bytes: Uint8Array) => Uint8Array | undefined) | undefined;
  readonly failures: Failures;
}

const MAXIMUM_SIZE = 64 * 1024 * 1024;

export function createMemoryFiles({ files, folders, onSave, failures }: MemoryFilesOptions): MemoryFiles {
  let state: State = { disk: new Map(), unsaved: new Map() };
  const ownFolders = new Set(folders);
  const listeners = new Set<(hint: FileHint) => void>();
  for (const [path, content] of Object.entries(files)) state.disk.set(path, toBytes(content));

  function kindOf(path: string): "file" | "folder" | undefined {
    if (state.disk.has(path) || state.unsaved.has(path)) return "file";
    const isFolder = [...state.disk.keys(), ...ownFolders].some((one) => one === path || one.startsWith(`${path}/`));
    return isFolder || path === "/" ? "folder" : undefined;
  }

  function visible(root: string): string[] {
    const kind = kindOf(root);
    if (kind === undefined) throw new AgentError("notFound", `There is no file or folder at ${root}.`);
    return kind === "file" ? [root] : visiblePaths([...state.disk.keys()], root, (path) => view(state, path));
  }

  return {
    async read(path, signal) {
      throwIfAborted(signal);
      failures("read");
      const bytes = view(state, path);
      if (bytes === undefined && kindOf(path) === "folder") throw new AgentError("unsupported", `${path} is a folder.`);
      if (bytes === undefined) throw new AgentError("notFound", `There is nothing at ${path}.`);
      if (bytes.length > MAXIMUM_SIZE) throw new AgentError("tooLarge", `${path} is larger than 64 MiB.`);
      return { bytes: bytes.slice(), unsaved: state.unsaved.has(path), realPath: path };
    },
    async stat(path, signal) {
      throwIfAborted(signal);
      const kind = kindOf(path);
      return kind && { kind, size: view(state, path)?.length ?? 0 };
    },
    async realPath(path, signal) {
      throwIfAborted(signal);
      return path;
    },
    async list(root, { limit, glob }, signal) {
      throwIfAborted(signal);
      if (kindOf(root) !== "folder") throw new AgentError("notFound", `${root} is not a folder.`);
      const named = globFilter(glob);
      const lowest = createLowest(limit);
      for (const path of visible(root)) if (named(path.slice(root.length + 1))) lowest.add(path);
      return lowest.result();
    },
    async search(root, query, signal) {
      throwIfAborted(signal);
      failures("search");
      const named = globFilter(kindOf(root) === "folder" ? query.glob : undefined);
      const paths = visible(root).filter((path) => named(path.slice(root.length + 1)));
      const matcher = lineMatcher(query);
      const found = paths.flatMap((path) =>
        [...matchingLines(view(state, path) ?? new Uint8Array(), matcher)].map((match) => ({ path, ...match })),
      );
      return { matches: found.slice(0, query.limit), more: found.length > query.limit };
    },
    async apply(edits, signal) {
      throwIfAborted(signal);
      failures("apply");
      const next: State = { disk: new Map(state.disk), unsaved: new Map(state.unsaved) };
      const changes = edits.map((edit) => applyEdit(next, edit, kindOf));
      const result = save(next, changes, onSave);
      state = next;
      for (const edit of edits) {
        const path = edit.kind === "update" ? (edit.movePath ?? edit.path) : edit.path;
        for (const listener of listeners) listener({ kind: "changed", path, by: "disk" });
      }
      return result;
    },
    watch(listener) {
      listeners.add(listener);
      return { follow() {}, dispose: () => void listeners.delete(listener) };
    },
    hint(hint) {
      for (const listener of listeners) listener(hint);
    },
    snapshot() {
      const paths = [...state.disk.keys()].sort();
      return Object.fromEntries(paths.map((path) => [path, new TextDecoder().decode(state.disk.get(path))]));
    },
    bytes: (path) => state.disk.get(path)?.slice(),
    put(path, content) {
      if (content === undefined) state.disk.delete(path);
      else state.disk.set(path, toBytes(content));
    },
    putFolder: (path) => void ownFolders.add(path),
    setUnsaved(path, content) {
      if (content === undefined) state.unsaved.delete(path);
      else state.unsaved.set(path, toBytes(content));
    },
  };
}

/** The disk, and the editor buffers that differ from it. */
interface State {
  readonly disk: Map<string, Uint8Array>;
  readonly unsaved: Map<string, Uint8Array>;
}

function view({ disk, unsaved }: State, path: string): Uint8Array | undefined {
  return unsaved.get(path) ?? disk.get(path);
}

type KindOf = (path: string) => "file" | "folder" | undefined;

/** Changes the state and returns the path that got new content. */
function applyEdit(state: State, edit: FileEdit, kindOf: KindOf): string | undefined {
  if (edit.kind === "add") {
    requireFree(state, edit.path, kindOf);
    state.disk.set(edit.path, edit.after.slice());
    return edit.path;
  }
  const before = view(state, edit.path);
  if (before === undefined && kindOf(edit.path) === "folder") {
    throw new AgentError("unsupported", `${edit.path} is a folder.`);
  }
  if (before === undefined) throw new AgentError("notFound", `There is nothing at ${edit.path}.`);
  if (!sameBytes(before, edit.before)) throw conflict(edit.path, "has changed since it was read");
  const target = edit.kind === "update" ? (edit.movePath ?? edit.path) : undefined;
  if (target !== edit.path) move(state, edit.path, target, kindOf);
  if (edit.kind !== "update" || target === undefined) return undefined;
  (state.unsaved.has(target) ? state.unsaved : state.disk).set(target, edit.after.slice());
  return target;
}

/** Takes the file away, to the target or for good. The user's unsaved text moves along, and is never thrown away. */
function move(state: State, path: string, target: string | undefined, kindOf: KindOf): void {
  const unsaved = state.unsaved.get(path);
  if (unsaved !== undefined && target === undefined) throw conflict(path, "has unsaved changes");
  if (target !== undefined) requireFree(state, target, kindOf);
  const disk = state.disk.get(path);
  state.disk.delete(path);
  state.unsaved.delete(path);
  if (target === undefined) return;
  if (disk !== undefined) state.disk.set(target, disk);
  if (unsaved !== undefined) state.unsaved.set(target, unsaved);
}

function requireFree(state: State, path: string, kindOf: KindOf): void {
  const free = view(state, path) === undefined && kindOf(path) !== "folder";
  const parents = path.split("/").map((_, index, parts) => parts.slice(0, index).join("/"));
  const blocked = parents.some((parent) => view(state, parent) !== undefined);
  if (!free || blocked) throw new AgentError("alreadyExists", `${path} exists already.`);
}

function save(
  state: State,
  changed: readonly (string | undefined)[],
  onSave: MemoryFilesOptions["onSave"],
): ApplyResult {
  const paths = changed.filter((path) => path !== undefined);
  const adjusted = new Map<string, Uint8Array>();
  const savedPaths = paths.filter((path) => !state.unsaved.has(path));
  for (const path of savedPaths) {
    const bytes = onSave?.(path, state.disk.get(path) as Uint8Array);
    if (bytes === undefined) continue;
    state.disk.set(path, bytes);
    adjusted.set(path, bytes);
  }
  return { savedPaths, unsavedPaths: paths.filter((path) => state.unsaved.has(path)), adjusted };
}

function conflict(path: string, what: string): AgentError {
  return new AgentError("conflict", `${path} ${what}. Read it again and redo the edit.`);
}

/** In the order of a search: folder by folder. */
function visiblePaths(
  paths: readonly string[],
  root: string,
  contentOf: (path: string) => Uint8Array | undefined,
): string[] {
  const inside = (folder: string) => paths.filter((path) => path.startsWith(folder === "/" ? "/" : `${folder}/`));
  const repository = repositoryOf(paths, root);
  const wide = rulesIn(repository === undefined ? [] : inside(repository), contentOf);
  const counts =
    repository !== undefined &&
    !isHidden(
      `${root}/`,
      wide.filter((one) => root.startsWith(`${one.folder}/`)),
    );
  const rules = counts ? wide : rulesIn(inside(root), contentOf);
  const prefix = root === "/" ? "/" : `${root}/`;
  const shown = inside(root).filter((path) => !hiddenBelow(prefix, path, rules));
  const key = (path: string) => path.replaceAll("/", "\0");
  return shown.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function repositoryOf(paths: readonly string[], root: string): string | undefined {
  const parts = root.split("/");
  const folders = parts.map((_, index) => parts.slice(0, parts.length - index).join("/"));
  return folders.find((folder) => paths.some((path) => path.startsWith(`${folder}/.git/`)));
}

function rulesIn(
  paths: readonly string[],
  contentOf: (path: string) => Uint8Array | undefined,
): readonly IgnoreRules[] {
  const outermostFirst = [...paths].sort((a, b) => a.split("/").length - b.split("/").length);
  return outermostFirst.flatMap((path) => {
    const at = path.lastIndexOf("/");
    const file = ignoreFiles.find((name) => name === path.slice(at + 1));
    return file === undefined
      ? []
      : [parseIgnoreRules(path.slice(0, at), file, new TextDecoder().decode(contentOf(path)))];
  });
}

/** Whether the file, or a folder between the prefix and it, is hidden. */
function hiddenBelow(prefix: string, path: string, rules: readonly IgnoreRules[]): boolean {
  for (let end = path.indexOf("/", prefix.length); ; end = path.indexOf("/", end + 1)) {
    const part = end === -1 ? path : path.slice(0, end + 1);
    const above = rules.filter(({ folder }) => part.startsWith(`${folder}/`) && part !== `${folder}/`);
    if (isHidden(part, above)) return true;
    if (end === -1) return false;
  }
}

function toBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content.slice();
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
