import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { FileEdit } from "../../../src/host/files.ts";
import { createApply } from "../../../src/host/node/apply.ts";
import { ioError } from "../../../src/host/node/errors.ts";
import { createNodeFiles } from "../../../src/host/node/files.ts";
import { bytesOf, rejects } from "../expect.ts";
import { withFolder } from "../nodeFixture.ts";

const signal = new AbortController().signal;

/** Applies edits on a disk whose `failing`-th rename fails, and expects the folder as it was. */
function undoes(name: string, failing: number, editsIn: (folder: string) => readonly FileEdit[]): void {
  test(`undoes everything when ${name}`, () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, "a"), "1", { mode: 0o755 });
      await writeFile(join(folder, "b"), "2");
      const before = await stat(join(folder, "a"));
      let calls = 0;
      const apply = createApply({
        sync: async () => undefined,
        async rename(from, to) {
          calls += 1;
          if (calls === failing) throw Object.assign(new Error("no"), { code: "EACCES" });
          await rename(from, to);
        },
      });
      await rejects("permissionDenied", () => apply(editsIn(folder), signal));
      assert.equal(calls, failing);
      assert.deepEqual((await readdir(folder)).sort(), ["a", "b"]);
      assert.equal(await readFile(join(folder, "a"), "utf8"), "1");
      assert.equal(await readFile(join(folder, "b"), "utf8"), "2");
      const after = await stat(join(folder, "a"));
      assert.deepEqual([after.ino, after.mode], [before.ino, before.mode]);
    }));
}

const update = (path: string, before: string, after: string, movePath?: string): FileEdit => ({
  kind: "update",
  path,
  before: bytesOf(before),
  after: bytesOf(after),
  movePath,
});

undoes("the first write fails", 1, (folder) => [update(join(folder, "a"), "1", "11")]);
undoes("the second write fails", 2, (folder) => [
  update(join(folder, "a"), "1", "11"),
  update(join(folder, "b"), "2", "22"),
]);
undoes("a deletion fails after an addition and an update", 2, (folder) => [
  { kind: "add", path: join(folder, "x", "y", "z"), after: bytesOf("new") },
  update(join(folder, "a"), "1", "11"),
  { kind: "delete", path: join(folder, "b"), before: bytesOf("2") },
]);
undoes("the last of many edits of the same files fails", 2, (folder) => [
  update(join(folder, "a"), "1", "11", join(folder, "moved", "a")),
  { kind: "delete", path: join(folder, "b"), before: bytesOf("2") },
  { kind: "add", path: join(folder, "c"), after: bytesOf("3") },
  update(join(folder, "c"), "3", "33", join(folder, "b")),
  update(join(folder, "b"), "33", "44", join(folder, "a")),
]);

/** The user does something while the new content is on its way to the disk: a conflict, and what the user did stays. */
function yields(name: string, edit: (path: string) => FileEdit, act: (path: string) => Promise<void>): void {
  test(`${name} while the edit is prepared is a conflict`, () =>
    withFolder(async (folder) => {
      const path = join(folder, "a");
      if (edit(path).kind !== "add") await writeFile(path, "1");
      const apply = createApply({ rename, sync: () => act(path) });
      const other: FileEdit = { kind: "add", path: join(folder, "other"), after: bytesOf("2") };
      await rejects("conflict", () => apply([edit(path), other], signal));
      assert.deepEqual(
        (await readdir(folder)).filter((one) => one !== "a"),
        [],
      );
      const found = await readFile(path, "utf8").catch(() => "nothing");
      await act(path);
      assert.equal(found, await readFile(path, "utf8").catch(() => "nothing"));
    }));
}

const byTheUser = (path: string) => writeFile(path, "by the user");
yields("a file that changes", (path) => update(path, "1", "2"), byTheUser);
yields(
  "a file that changes before it would be deleted",
  (path) => ({ kind: "delete", path, before: bytesOf("1") }),
  byTheUser,
);
yields("a file that appears", (path) => ({ kind: "add", path, after: bytesOf("1") }), byTheUser);
yields(
  "a file that is deleted",
  (path) => update(path, "1", "2"),
  (path) => rm(path, { force: true }),
);

test("an abort while the edit is prepared leaves nothing", () =>
  withFolder(async (folder) => {
    const controller = new AbortController();
    const apply = createApply({ rename, sync: async () => controller.abort() });
    const edit: FileEdit = { kind: "add", path: join(folder, "x", "a"), after: bytesOf("1") };
    await rejects("aborted", () => apply([edit], controller.signal));
    assert.deepEqual(await readdir(folder), []);
  }));

test("a named pipe is not read", () =>
  withFolder(async (folder) => {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    const files = createNodeFiles({});
    await rejects("unsupported", () => files.read(join(folder, "pipe"), signal));
    assert.equal((await files.stat(join(folder, "pipe"), signal))?.kind, "other");
  }));

test("a device is not read", () => rejects("unsupported", () => createNodeFiles({}).read("/dev/zero", signal)));

test("a file whose size says nothing is read whole", async () => {
  const { bytes } = await createNodeFiles({}).read("/proc/self/status", signal);
  assert.ok(bytes.length > 500, `${bytes.length} bytes`);
});

test("a relative path is a fault of the caller", async () => {
  const files = createNodeFiles({});
  await rejects("internal", () => files.read("a", signal));
  await rejects("internal", () => files.apply([{ kind: "add", path: "a", after: bytesOf("1") }], signal));
});

test("a path with a NUL is invalid", () => rejects("invalid", () => createNodeFiles({}).read("/a\0b", signal)));

for (const ripgrepPath of [undefined, "/none/rg"]) {
  test(`says once that ripgrep is missing (${ripgrepPath})`, () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, "a"), "x\n");
      const warnings: string[] = [];
      const files = createNodeFiles({ ripgrepPath, onWarning: (message) => void warnings.push(message) });
      const search = () =>
        files.search(folder, { pattern: "x", syntax: "text", caseSensitive: true, limit: 5 }, signal);
      assert.equal((await search()).matches.length, 1);
      assert.deepEqual((await files.list(folder, { limit: 5 }, signal)).paths, [join(folder, "a")]);
      await search();
      assert.equal(warnings.length, 1);
    }));
}

const codes = {
  ENOENT: "notFound",
  EACCES: "permissionDenied",
  EPERM: "permissionDenied",
  EROFS: "permissionDenied",
  EEXIST: "alreadyExists",
  ENOSPC: "internal",
  EIO: "internal",
};
for (const [system, code] of Object.entries(codes)) {
  test(`${system} is ${code}`, () => {
    const error = ioError(Object.assign(new Error("x"), { code: system }), "/a");
    assert.equal(error.code, code);
    assert.match(error.message, /^\/a .*\.$|^[A-Z].*\/a.*\.$/);
  });
}
