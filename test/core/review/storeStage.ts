import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { pathsOf } from "../../../src/core/policy/paths.ts";
import { ChangeStore } from "../../../src/core/review/changeStore.ts";
import type { FileEdit } from "../../../src/host/files.ts";
import type { Storage } from "../../../src/host/storage.ts";
import type { ReviewedFile } from "../../../src/protocol/review.ts";
import { createFakeClock, type FakeClock } from "../../support/fakeClock.ts";
import { createMemoryHost, type MemoryHost, type MemoryHostOptions } from "../../support/memoryHost.ts";
import type { MemoryStorage } from "../../support/memoryStorage.ts";

export type Content = string | Uint8Array;

/** A store over a host in memory, with what it tells. Paths are names in "/workspace". */
export interface StoreStage {
  readonly host: MemoryHost;
  readonly store: ChangeStore;
  readonly clock: FakeClock;
  /** As `shown` has them, or `path: none`. */
  readonly told: readonly string[];
  readonly warnings: readonly string[];
  /** An edit of the agent; undefined deletes. `call` is its turn's and its item's id. */
  agent(name: string, content: Content | undefined, facts?: { movePath?: string; call?: string }): Promise<void>;
  /** What anybody else does, without a hint. */
  put(name: string, content: Content | undefined): void;
  /** Resolves with the next thing that is told. */
  next(): Promise<string>;
  list(): Promise<string[]>;
  files(): Promise<ReviewedFile[]>;
  text(name: string): string | undefined;
  /** Ends it, and begins anew on the same disk. */
  reload(): Promise<StoreStage>;
  /** Begins anew on the same disk, as after the end of the process at this moment. */
  crash(): StoreStage;
}

export const pathOf = (name: string) => `/workspace/${name}`;
export const bytesOf = (content: Content) =>
  typeof content === "string" ? new TextEncoder().encode(content) : content;

interface StageOptions extends MemoryHostOptions {
  /** True when it and those that begin on its disk do not see what the others keep meanwhile, as when all happens at one moment. */
  readonly isDeaf?: boolean;
}

export function storeStage(files: Readonly<Record<string, Content>>, options: StageOptions = {}): StoreStage {
  const named = Object.entries(files).map(([name, content]) => [pathOf(name), content]);
  const host = createMemoryHost({ ...options, files: Object.fromEntries(named) });
  return stageOn(host, options.isDeaf ? () => deafStorage(host.storage) : () => host.storage);
}

/** Has what is there now and what is written by it. */
function deafStorage(storage: MemoryStorage): Storage {
  const names = new Set(storage.entries.keys());
  return {
    ...storage,
    async write(name, text) {
      names.add(name);
      await storage.write(name, text);
    },
    async list(folder) {
      const known = [...names];
      return known.filter((name) => name.startsWith(`${folder}/`)).map((name) => name.slice(folder.length + 1));
    },
    async remove(name) {
      names.delete(name);
      await storage.remove(name);
    },
    watch: async () => ({ dispose() {} }),
  };
}

function stageOn(host: MemoryHost, storage: () => Storage): StoreStage {
  const clock = createFakeClock();
  const told: string[] = [];
  const warnings: string[] = [];
  let listeners: ((line: string) => void)[] = [];
  const store = new ChangeStore({
    host: { ...host, storage: storage() },
    paths: pathsOf(host.platform),
    clock,
    settings: () => ({ trusted: true }),
    newId: randomUUID,
    clients: {
      notify({ method, params }) {
        if (method === "warning") warnings.push(params.message);
        if (method !== "change/updated") return;
        const line = params.file ? shown(params.file) : `${params.path.slice("/workspace/".length)}: none`;
        told.push(line);
        for (const listener of listeners.splice(0)) listener(line);
      },
    },
    log: (fault) => assert.fail(String(fault)),
  });
  const files = async () => (await store.list({})).data;
  return {
    host,
    store,
    clock,
    told,
    warnings,
    async agent(name, content, { movePath, call = "1" } = {}) {
      const edit = editOf(host, { path: pathOf(name), content, movePath: movePath && pathOf(movePath) });
      await store.edit(
        { edits: [edit], author: { threadId: "t", turnId: call, itemId: call }, review: "after" },
        async () => ({
          changes: [{ edit }],
          result: await host.files.apply([edit], new AbortController().signal),
        }),
      );
    },
    put: (name, content) => host.files.put(pathOf(name), content),
    next: () => new Promise((resolve) => listeners.push(resolve)),
    list: async () => (await files()).map((file) => shown(file)),
    files,
    text: (name) => host.files.snapshot()[pathOf(name)],
    async reload() {
      await store.dispose();
      listeners = [];
      return stageOn(host, storage);
    },
    crash: () => stageOn(host, storage),
  };
}

interface Wanted {
  readonly path: string;
  readonly content: Content | undefined;
  readonly movePath: string | undefined;
}

function editOf({ files }: MemoryHost, { path, content, movePath }: Wanted): FileEdit {
  const before = files.bytes(path);
  if (content === undefined) return { kind: "delete", path, before: before ?? new Uint8Array() };
  if (!before) return { kind: "add", path, after: bytesOf(content) };
  return { kind: "update", path, before, after: bytesOf(content), movePath };
}

/** `kind name from base: old>new ...`, each hunk as its first line and count on both sides, with "!" when it is edited. */
export function shown({ kind, path, movedFrom, hunks, binary }: ReviewedFile, root = "/workspace"): string {
  const name = (one: string) => one.slice(`${root}/`.length);
  const changes = hunks.map(
    ({ oldStart, oldCount, newStart, newCount, edited }) =>
      `${oldStart},${oldCount}>${newStart},${newCount}${edited ? "!" : ""}`,
  );
  const where = movedFrom ? `${name(path)} from ${name(movedFrom)}` : name(path);
  return [`${kind} ${where}:`, ...(binary ? ["binary"] : []), ...changes].join(" ");
}
