import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { TestContext } from "node:test";
import { setImmediate as immediate } from "node:timers/promises";
import { pathsOf } from "../../../src/core/policy/paths.ts";
import { ChangeStore } from "../../../src/core/review/changeStore.ts";
import type { FileEdit } from "../../../src/host/files.ts";
import { createNodeHost } from "../../../src/host/node/nodeHost.ts";
import { createFakeClock, type FakeClock } from "../../support/fakeClock.ts";
import { bytesOf, shown } from "./storeStage.ts";

/** A real folder with files, and a real private store, for programs that work there at once. */
export interface SharedFolder {
  readonly clock: FakeClock;
  path(name: string): string;
  text(name: string): Promise<string>;
  put(name: string, text: string): Promise<void>;
  /** Another program. */
  open(facts?: ProgramFacts): SharedWindow;
}

interface ProgramFacts {
  /** "asking" where the disk cannot be watched, so that it hears of what others keep only when it looks. */
  readonly hears?: "asking" | "watching";
}

export interface SharedWindow {
  readonly store: ChangeStore;
  /** What is under review, as `shown` has it. */
  list(): Promise<string[]>;
  /** Resolves once its clients were told this last, as `shown` has it or `path: none`. */
  tells(line: string): Promise<void>;
  /** The agent of the thread "t" makes the file of one text that of another, or deletes it. */
  agent(name: string, before: string, after: string | undefined): Promise<void>;
}

export async function sharedFolder(t: TestContext, files: Readonly<Record<string, string>>): Promise<SharedFolder> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "shared-folder-")));
  const root = join(folder, "root");
  await mkdir(root);
  const path = (name: string) => join(root, name);
  for (const [name, text] of Object.entries(files)) await writeFile(path(name), text);
  const fake = createFakeClock();
  // Pauses between two looks are over at once; nobody waits for the rest.
  const clock = { ...fake, sleep: (ms: number, end: AbortSignal) => (ms < 1000 ? immediate() : fake.sleep(ms, end)) };
  const ends: (() => Promise<void>)[] = [];
  t.after(async () => {
    for (const end of ends) await end();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    path,
    clock,
    text: (name) => readFile(path(name), "utf8"),
    // At once, so that nobody who looks meanwhile finds the file empty.
    async put(name, text) {
      const written = join(folder, randomUUID());
      await writeFile(written, text);
      await rename(written, path(name));
    },
    open({ hears = "watching" } = {}) {
      const nodeHost = createNodeHost({ storageRoot: join(folder, "store"), workspaceRoots: [root] });
      const unwatched = { ...nodeHost.storage, watch: async () => ({ dispose() {} }) };
      const host = hears === "watching" ? nodeHost : { ...nodeHost, storage: unwatched };
      let last = "";
      const waiting = new Set<() => void>();
      const tells = (line: string) =>
        new Promise<void>((resolve) => {
          const look = () => void (last === line && resolve());
          waiting.add(look);
          look();
        });
      const store = new ChangeStore({
        host,
        paths: pathsOf(host.platform),
        clock,
        settings: () => ({ trusted: true }),
        newId: randomUUID,
        clients: {
          notify({ method, params }) {
            if (method !== "change/updated") return;
            last = params.file ? shown(params.file, root) : `${relative(root, params.path)}: none`;
            for (const look of waiting) look();
          },
        },
        log: (fault) => assert.fail(String(fault)),
      });
      ends.push(async () => {
        await store.dispose();
        await nodeHost.dispose();
      });
      const agent: SharedWindow["agent"] = async (name, before, after) => {
        const facts = { path: path(name), before: bytesOf(before) };
        const edit: FileEdit =
          after === undefined ? { kind: "delete", ...facts } : { kind: "update", ...facts, after: bytesOf(after) };
        const author = { threadId: "t", turnId: "1", itemId: "1" };
        await store.edit({ edits: [edit], author, review: "after" }, async () => ({
          changes: [{ edit }],
          result: await host.files.apply([edit], new AbortController().signal),
        }));
      };
      const list = async () => (await store.list({})).data.map((file) => shown(file, root));
      return { store, list, tells, agent };
    },
  };
}
