import fs from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { createNodeFiles } from "../../../src/host/node/files.ts";
import { createNodeSnapshots } from "../../../src/host/node/snapshots/snapshots.ts";

/**
 * Takes three snapshots of a folder that changes in between, prints the id of each, and kills itself in one of the writes to the store.
 * Arguments: the folder, the store, at which write (counting from 1), and whether before it, in its middle or after it.
 */
const [root = "", storageRoot = "", write = "0", kind = "before"] = process.argv.slice(2);
let writes = 0;

const handle = await open(process.execPath);
const prototype = Object.getPrototypeOf(handle) as FileHandle;
await handle.close();
const whole = prototype.writeFile;
prototype.writeFile = async function (this: FileHandle, data, options) {
  const isLast = ++writes === Number(write);
  if (isLast && kind === "before") process.kill(process.pid, "SIGKILL");
  if (isLast && kind === "middle") {
    fs.writeSync(this.fd, (data as Buffer).subarray(0, (data as Buffer).length / 2));
    process.kill(process.pid, "SIGKILL");
  }
  await whole.call(this, data, options);
  if (isLast) process.kill(process.pid, "SIGKILL");
};

const snapshots = createNodeSnapshots({ storageRoot, list: createNodeFiles({}).list });
for (const version of ["first", "second", "third"]) {
  for (const name of ["a", "b"]) fs.writeFileSync(join(root, name), `${name} ${version}\n`.repeat(50_000));
  const id = await snapshots.take([root], new AbortController().signal);
  fs.writeSync(1, `${JSON.stringify({ id, version })}\n`);
}
await snapshots.close();
