import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { pathsOf } from "../../../src/core/policy/paths.ts";
import { ChangeStore } from "../../../src/core/review/changeStore.ts";
import { createNodeHost } from "../../../src/host/node/nodeHost.ts";
import { createFakeClock, type FakeClock } from "../../support/fakeClock.ts";

/** A real folder with files, and a real private store, for programs that work there at once. */
export interface SharedFolder {
  readonly clock: FakeClock;
  path(name: string): string;
  text(name: string): Promise<string>;
  /** Another program. */
  open(): SharedWindow;
}

export interface SharedWindow {
  readonly store: ChangeStore;
  /** The agent of the thread "t" makes the file of one text that of another. */
  agent(name: string, before: string, after: string): Promise<void>;
}

export async function sharedFolder(t: TestContext, files: Readonly<Record<string, string>>): Promise<SharedFolder> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "shared-folder-")));
  const root = join(folder, "root");
  await mkdir(root);
  const path = (name: string) => join(root, name);
  for (const [name, text] of Object.entries(files)) await writeFile(path(name), text);
  const clock = createFakeClock();
  const ends: (() => Promise<void>)[] = [];
  t.after(async () => {
    for (const end of ends) await end();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    path,
    clock,
    text: (name) => readFile(path(name), "utf8"),
    open() {
      const host = createNodeHost({ storageRoot: join(folder, "store"), workspaceRoots: [root] });
      const store = new ChangeStore({
        host,
        paths: pathsOf(host.platform),
        clock,
        settings: () => ({ trusted: true }),
        newId: randomUUID,
        clients: { notify: () => {} },
        log: (fault) => assert.fail(String(fault)),
      });
      ends.push(async () => {
        await store.dispose();
        await host.dispose();
      });
      const agent = async (name: string, before: string, after: string) => {
        const [was, is] = [before, after].map((text) => new TextEncoder().encode(text)) as [Uint8Array, Uint8Array];
        const edit = { kind: "update", path: path(name), before: was, after: is } as const;
        const author = { threadId: "t", turnId: "1", itemId: "1" };
        await store.edit({ edits: [edit], author, review: "after" }, async () => ({
          changes: [{ edit }],
          result: await host.files.apply([edit], new AbortController().signal),
        }));
      };
      return { store, agent };
    },
  };
}
