import assert from "node:assert/strict";
import { readFile, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { commandImage } from "../../../src/host/node/commandImage.ts";
import { withFolder } from "../nodeFixture.ts";

const command = { argv: ["true"], cwd: tmpdir(), tty: false, itemId: "", title: "" } as const;

async function environmentWith(passed: readonly string[]): Promise<string> {
  const options = { os: "linux", env: { PATH: "/usr/bin", MINE: "1" }, passed: () => passed } as const;
  return (await commandImage(command, { paths: [], programs: [] }, options)).environment;
}

test("a variable that the user passes on from now on is a change", async () => {
  assert.notEqual(await environmentWith(["MINE"]), await environmentWith([]));
  assert.equal(await environmentWith(["OTHER"]), await environmentWith([]));
});

/** What a file of these bytes counts as. */
async function imageOf(path: string): Promise<string | undefined> {
  return (await commandImage(command, { paths: [path], programs: [] }, { os: "linux", env: {} })).files[path];
}

test("any byte of a file is a change, and writing the same is none", () =>
  withFolder(async (folder) => {
    const path = join(folder, "run.sh");
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 2000 });
    await fc.assert(
      fc.asyncProperty(bytes, fc.nat(), fc.integer({ min: 1, max: 255 }), async (content, at, flipped) => {
        await writeFile(path, content);
        const before = await imageOf(path);
        await writeFile(path, content);
        assert.equal(await imageOf(path), before);
        content[at % content.length]! ^= flipped;
        await writeFile(path, content);
        assert.notEqual(await imageOf(path), before);
      }),
      { numRuns: 50 },
    );
  }));

test("so it is of a large one, also when its times are set back", () =>
  withFolder(async (folder) => {
    const path = join(folder, "large");
    await writeFile(path, Buffer.alloc(2 * 1024 * 1024, "a"));
    const { atime, mtime } = await stat(path);
    const before = await imageOf(path);
    await readFile(path);
    assert.equal(await imageOf(path), before);
    const changedAt = async () => (await stat(path, { bigint: true })).ctimeNs;
    const first = await changedAt();
    // Until the clock of the file system has gone on.
    while ((await changedAt()) === first) {
      await writeFile(path, Buffer.alloc(2 * 1024 * 1024, "b"));
      await utimes(path, atime, mtime);
    }
    assert.notEqual(await imageOf(path), before);
  }));
