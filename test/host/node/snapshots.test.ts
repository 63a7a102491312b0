import assert from "node:assert/strict";
import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createNodeFiles } from "../../../src/host/node/files.ts";
import { Contents } from "../../../src/host/node/snapshots/contents.ts";
import type { Entries } from "../../../src/host/node/snapshots/entry.ts";
import type { Content } from "../../../src/host/node/snapshots/packFile.ts";
import { scan } from "../../../src/host/node/snapshots/scan.ts";
import { createNodeSnapshots, type NodeSnapshots } from "../../../src/host/node/snapshots/snapshots.ts";
import { AgentError } from "../../../src/protocol/errors.ts";
import { createRandom } from "../../support/random.ts";
import { until } from "../expect.ts";
import { withFolder } from "../nodeFixture.ts";

const { signal } = new AbortController();

interface Place {
  readonly root: string;
  readonly store: string;
  /** A process of its own, as far as the store can tell. */
  open(): NodeSnapshots;
  put(files: Readonly<Record<string, string>>): Promise<void>;
  path(name: string): string;
}

function withPlace(use: (place: Place) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const [root, store] = [join(folder, "root"), join(folder, "store")];
    await mkdir(root);
    const opened: NodeSnapshots[] = [];
    const place: Place = {
      root,
      store,
      open() {
        const snapshots = createNodeSnapshots({ storageRoot: store, list: createNodeFiles({}).list });
        opened.push(snapshots);
        return snapshots;
      },
      async put(files) {
        for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
      },
      path: (name) => join(root, name),
    };
    try {
      await use(place);
    } finally {
      for (const snapshots of opened) await snapshots.close();
    }
  });
}

/** The files of the store with these endings, as paths. */
async function stored(store: string, ending: string): Promise<string[]> {
  const entries = await readdir(store, { recursive: true, withFileTypes: true });
  return entries.filter(({ name }) => name.endsWith(ending)).map(({ parentPath, name }) => join(parentPath, name));
}

async function textIn(snapshots: NodeSnapshots, id: string, path: string): Promise<string | undefined> {
  const file = await snapshots.read(id, path);
  return file && Buffer.from(file.bytes).toString();
}

/** Text that does not compress well, always the same for a seed. */
function noise(length: number, seed = 1): string {
  const random = createRandom(seed);
  return Array.from({ length }, () => String.fromCharCode(33 + Math.floor(random() * 90))).join("");
}

test("keeps the same content once", () =>
  withPlace(async ({ root, open, put }) => {
    const snapshots = open();
    await put({ a: noise(20_000) });
    await snapshots.take([root], signal);
    const bytes = await snapshots.diskBytes();
    await put({ b: noise(20_000), c: noise(20_000) });
    await snapshots.take([root], signal);
    assert.ok((await snapshots.diskBytes()) < bytes + 1000);
  }));

test("writes what differs, not all of it", () =>
  withPlace(async ({ root, store, open, put, path }) => {
    const snapshots = open();
    await put(Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`file${at}`, `${at}`])));
    const { mtimeMs } = await stat(path("file499"));
    await until("the files are older than the clock", () => Date.now() > mtimeMs + 50);
    await snapshots.take([root], signal);
    await put({ file7: "changed" });
    await snapshots.take([root], signal);
    const [whole, delta] = await Promise.all((await stored(store, ".snapshot")).sort().map((path) => stat(path)));
    assert.ok(delta!.size * 10 < whole!.size);
  }));

test("is private, and not part of itself", () =>
  withFolder(async (root) => {
    const store = join(root, "store");
    const snapshots = createNodeSnapshots({ storageRoot: store, list: createNodeFiles({}).list });
    await writeFile(join(root, "a"), "1");
    const id = await snapshots.take([root], signal);
    assert.equal(await snapshots.take([root], signal), id);
    const entries = await readdir(join(store, "snapshots"), { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      const { mode } = await stat(join(entry.parentPath, entry.name));
      assert.equal(mode & 0o777, entry.isDirectory() ? 0o700 : 0o600, entry.name);
    }
    await snapshots.close();
  }));

test("reads no file again whose times are settled", () =>
  withPlace(async ({ root, store, put, path }) => {
    await put({ a: "1", b: "2" });
    const { mtimeMs } = await stat(path("b"));
    await until("the files are older than the clock", () => Date.now() > mtimeMs + 50);
    const contents = new Contents(join(store, "packs"));
    const read: string[] = [];
    const counted = Object.assign(Object.create(contents) as Contents, {
      has: (hash: string) => contents.has(hash),
      add(content: Content) {
        read.push(Buffer.from(content.bytes).toString());
        return contents.add(content);
      },
    });
    const look = (known: Entries) => scan({ paths: [path("a"), path("b")], known, contents: counted, signal });
    const first = await look(new Map());
    assert.deepEqual(read.sort(), ["1", "2"]);
    const second = await look(first);
    assert.deepEqual(read.length, 2);
    await writeFile(join(root, "b"), "3");
    const third = await look(second);
    assert.deepEqual(read.at(-1), "3");
    await look(third);
    assert.deepEqual(read.length, 4, "written at the moment of the last look, it is read again");
    await contents.flush();
    await contents.closePack();
  }));

test("a pack that is torn or damaged anywhere never gives wrong content, and the next snapshot is right", () =>
  withPlace(async ({ root, store, open, put, path }) => {
    const texts = { a: noise(3000, 1), b: noise(2000, 2), c: noise(1000, 3) };
    await put(texts);
    const first = open();
    const id = await first.take([root], signal);
    await first.close();
    const [pack = ""] = await stored(store, ".pack");
    const whole = await readFile(pack);
    for (let at = 0; at < whole.length; at += 97) {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 0xff;
      for (const bytes of [whole.subarray(0, at), damaged]) {
        await writeFile(pack, bytes);
        const snapshots = open();
        for (const [name, text] of Object.entries(texts)) {
          const read = await textIn(snapshots, id, path(name)).catch((error: AgentError) => error.code);
          assert.ok(read === text || read === "notFound", `${name} of ${at}`);
        }
        await snapshots.close();
      }
      await writeFile(pack, whole.subarray(0, at));
      const snapshots = open();
      const again = await snapshots.take([root], signal);
      for (const [name, text] of Object.entries(texts)) assert.equal(await textIn(snapshots, again, path(name)), text);
      await snapshots.close();
      for (const other of await stored(store, ".pack")) if (other !== pack) await rm(other);
    }
  }));

test("a damaged snapshot is gone, and the next one is right", () =>
  withPlace(async ({ root, store, open, put, path }) => {
    await put({ a: "1" });
    const first = open();
    const id = await first.take([root], signal);
    await first.close();
    const [manifest = ""] = await stored(store, ".snapshot");
    await truncate(manifest, 20);
    const snapshots = open();
    await assert.rejects(snapshots.read(id, path("a")), { code: "notFound" });
    const next = await snapshots.take([root], signal);
    assert.equal(await textIn(snapshots, next, path("a")), "1");
    await snapshots.keepOnly([next]);
    assert.equal(await textIn(snapshots, next, path("a")), "1");
  }));

test("two processes share the store, and neither lets go of what the other may need", () =>
  withPlace(async ({ root, open, put, path }) => {
    const [one, other] = [open(), open()];
    await put({ a: "1" });
    const first = await one.take([root], signal);
    assert.equal(await other.take([root], signal), first, "what one has kept the other finds");
    await put({ a: "2" });
    const second = await other.take([root], signal);
    await put({ a: "3" });
    const third = await one.take([root], signal);
    await one.keepOnly([]);
    for (const snapshots of [one, other])
      for (const [id, text] of [
        [first, "1"],
        [second, "2"],
        [third, "3"],
      ] as const)
        assert.equal(await textIn(snapshots, id, path("a")), text);
    await other.close();
    await one.keepOnly([second]);
    assert.equal(await textIn(one, second, path("a")), "2");
    await assert.rejects(one.read(first, path("a")), { code: "notFound" });
  }));

test("what one process removed, another keeps anew", () =>
  withPlace(async ({ root, store, open, put, path }) => {
    const one = open();
    await put({ a: noise(5000) });
    await one.take([root], signal);
    for (const pack of await stored(store, ".pack")) await rm(pack);
    await put({ b: "2" });
    const id = await one.take([root], signal);
    assert.equal(await textIn(one, id, path("a")), noise(5000));
  }));

test("packs of which little is needed are put together", () =>
  withPlace(async ({ root, store, open, put, path }) => {
    let last = "";
    for (let at = 0; at < 12; at++) {
      const snapshots = open();
      await put({ [`file${at}`]: noise(500, at), changing: noise(500, 100 + at) });
      last = await snapshots.take([root], signal);
      await snapshots.close();
    }
    const snapshots = open();
    const bytes = await snapshots.diskBytes();
    assert.equal((await stored(store, ".pack")).length, 12);
    await snapshots.keepOnly([last]);
    assert.equal((await stored(store, ".pack")).length, 1);
    assert.ok((await snapshots.diskBytes()) < bytes * 0.7);
    for (let at = 0; at < 12; at++) assert.equal(await textIn(snapshots, last, path(`file${at}`)), noise(500, at));
    const same = await snapshots.take([root], signal);
    assert.equal(same, last);
    assert.equal(await textIn(open(), last, path("changing")), noise(500, 111));
  }));

test("a store that cannot be written to fails the snapshot alone, and the next one is right", () =>
  withPlace(async ({ root, store, open, put, path }) => {
    await put({ a: "1" });
    const snapshots = open();
    await snapshots.take([root], signal);
    const packs = join((await stored(store, ".pack"))[0]!, "..");
    await snapshots.keepOnly([]);
    await mkdir(join(packs, ".."), { recursive: true });
    await writeFile(packs, "in the way");
    await put({ a: "2" });
    await assert.rejects(snapshots.take([root], signal), AgentError);
    await rm(packs);
    const id = await snapshots.take([root], signal);
    assert.equal(await textIn(snapshots, id, path("a")), "2");
  }));
