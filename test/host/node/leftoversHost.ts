import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createNodeProcesses } from "../../../src/host/node/processes.ts";
import { createSandbox } from "../../../src/host/node/sandbox/sandbox.ts";
import type { Confinement } from "../../../src/host/sandbox.ts";
import { confinedScript, hopScript, leftovers } from "./leftovers.ts";

/**
 * A host that starts every command of the table in a folder of its own, the row's number below its first argument, and says "started". Told "stop"
 * it stops each of them, told "dispose" it ends itself in good order; it says "done" then. The second argument is "plain" or "confined".
 */
const [root = "", how] = process.argv.slice(2);
const temporary = tmpdir();
const place = { home: homedir(), env: process.env, temporary, storageRoot: join(root, "store") };
const sandbox = createSandbox({ os: "linux", architecture: process.arch, ...place });
const processes = createNodeProcesses({ os: "linux", temporary, env: process.env, sandbox });
const { signal } = new AbortController();
const confinement = (folder: string): Confinement => ({
  writableRoots: [folder],
  readableRoots: [],
  isProtected: () => false,
  network: "off",
});

const running = await Promise.all(
  leftovers.map(async (leftover, row) => {
    const { tty = false, leader } = leftover;
    const script = how === "confined" ? confinedScript(leftover) : leftover.script;
    const folder = join(root, `${row}`);
    mkdirSync(folder);
    copyFileSync("/bin/sleep", join(folder, "linger"));
    writeFileSync(join(folder, "hop.sh"), hopScript);
    const argv = ["/bin/sh", "-c", script] as const;
    const command = { argv, cwd: folder, tty, itemId: `${row}`, title: script };
    const confined = { ...command, confinement: confinement(folder) };
    const one = await processes.spawn(how === "confined" ? confined : command, signal);
    one.onOutput(() => {});
    if (leader && how === "plain") await one.exited;
    return one;
  }),
);
process.stdout.write("started\n");
for await (const line of createInterface(process.stdin)) {
  if (line === "stop") await Promise.all(running.map((one) => one.kill()));
  if (line === "dispose") await processes.dispose();
  process.stdout.write("done\n");
}
