import assert from "node:assert/strict";
import { lstatSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { scanRoot } from "../../../../src/host/node/sandbox/rootScan.ts";
import { withFolder } from "../../nodeFixture.ts";

/** More than fit into the arguments of one call. */
const MANY = 300_000;

test("a folder that holds hundreds of thousands of folders and protected files", async () => {
  await withFolder(async (root) => {
    const busy = join(root, "busy");
    mkdirSync(busy);
    const { dev, ino, birthtimeNs, ctimeNs } = lstatSync(busy, { bigint: true });
    const names = Array.from({ length: MANY }, (_, at) => join(busy, String(at)));
    const listing = {
      ...{ dev, ino, birthtimeNs, ctimeNs },
      isSettled: true,
      folders: names,
      found: names.map((path) => ({ path, kind: "file" as const, identity: path })),
    };
    const known = new Map([[busy, listing]]);
    const scan = await scanRoot({ root, isProtected: () => false, known, mostFolders: 2 });
    assert.deepEqual([scan.found.length, scan.isWhole], [MANY, false]);
  });
});
