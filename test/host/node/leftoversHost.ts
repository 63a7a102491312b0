import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createNodeProcesses } from "../../../src/host/node/processes.ts";
import { hopScript, leftovers } from "./leftovers.ts";

/**
 * A host that starts every command of the table in a folder of its own, the row's number below its argument, and says "started". Told "stop" it
 * stops each of them, told "dispose" it ends itself in good order; it says "done" then.
 */
const [root = ""] = process.argv.slice(2);
const processes = createNodeProcesses({ os: "linux", temporary: tmpdir(), env: process.env });
const { signal } = new AbortController();

const running = await Promise.all(
  leftovers.map(async ({ script, tty = false, leader }, row) => {
    const folder = join(root, `${row}`);
    mkdirSync(folder);
    copyFileSync("/bin/sleep", join(folder, "linger"));
    writeFileSync(join(folder, "hop.sh"), hopScript);
    const argv = ["/bin/sh", "-c", script] as const;
    const one = await processes.spawn({ argv, cwd: folder, tty, itemId: `${row}`, title: script }, signal);
    one.onOutput(() => {});
    if (leader) await one.exited;
    return one;
  }),
);
process.stdout.write("started\n");
for await (const line of createInterface(process.stdin)) {
  if (line === "stop") await Promise.all(running.map((one) => one.kill()));
  if (line === "dispose") await processes.dispose();
  process.stdout.write("done\n");
}
