import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { createNodeFiles } from "../../src/host/node/files.ts";
import { createNodeSnapshots } from "../../src/host/node/snapshots/snapshots.ts";
import { withFolder } from "../host/nodeFixture.ts";

const { signal } = new AbortController();
const program = join(import.meta.dirname, "programs/killedSnapshot.ts");
const NAMES = ["a", "b"];

/** Whether it was killed before it was through. Whatever it had kept is right, and so is the next snapshot. */
async function checkKilledAt(write: number, kind: string): Promise<boolean> {
  let killed = false;
  await withFolder(async (folder) => {
    const [root, store] = [join(folder, "root"), join(folder, "store")];
    await mkdir(root);
    const child = spawn(process.execPath, [program, root, store, `${write}`, kind], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const closed = once(child, "close");
    const printed = await text(child.stdout);
    const [, by] = (await closed) as [number | null, string | null];
    killed = by === "SIGKILL";
    const snapshots = createNodeSnapshots({ storageRoot: store, list: createNodeFiles({}).list });
    const where = `killed ${kind} write ${write}`;
    for (const line of printed.split("\n").filter((one) => one !== "")) {
      const { id, version } = JSON.parse(line) as { id: string; version: string };
      for (const name of NAMES) {
        const file = await snapshots.read(id, join(root, name));
        assert.equal(Buffer.from(file!.bytes).toString(), `${name} ${version}\n`.repeat(50_000), where);
      }
    }
    const id = await snapshots.take([root], signal);
    for (const name of NAMES) {
      const file = await snapshots.read(id, join(root, name));
      assert.deepEqual(Buffer.from(file!.bytes), await readFile(join(root, name)), where);
    }
    await snapshots.keepOnly([id]);
    assert.equal(await snapshots.take([root], signal), id, where);
    await snapshots.keepOnly([]);
    assert.equal(await snapshots.diskBytes(), 0, where);
    await snapshots.close();
  });
  return killed;
}

test("killed in the middle of a snapshot", { timeout: 60_000 }, async (t: TestContext) => {
  let kills = 0;
  for (let write = 1, more = true; more; write++) {
    for (const kind of ["before", "middle", "after"]) {
      more = await checkKilledAt(write, kind);
      if (more) kills++;
    }
  }
  assert.ok(kills >= 15, `${kills}`);
  t.diagnostic(
    `killed before, in and after each write of three snapshots: ${kills} stores opened again, 0 wrong contents, 0 bytes left over`,
  );
});
