import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { until } from "../expect.ts";
import { withFolder } from "../nodeFixture.ts";

const program = fileURLToPath(new URL("dyingHost.ts", import.meta.url));

/** Starts a host with commands of every kind, ends it in a way that lets it clean up nothing, and waits until all they were is gone. */
function check(name: string, way: "stay" | "exit", end: (host: ChildProcess) => void): void {
  test(name, () =>
    withFolder(async (folder) => {
      const host = spawn(process.execPath, [program, folder, way], { stdio: ["ignore", "pipe", "inherit"] });
      const ended = new Promise((resolve) => host.once("exit", resolve));
      const line = await new Promise<string>((resolve) => createInterface(host.stdout).once("line", resolve));
      const pids = line.split(" ");
      assert.equal(pids.length, 5);
      end(host);
      await ended;
      await until(`${line} are gone`, async () => (await alive(pids, folder)).length === 0);
    }),
  );
}

check("nothing outlives a host that is killed", "stay", (host) => host.kill("SIGKILL"));
check("nothing outlives a host that ends without a word", "exit", () => undefined);

/** The processes, and any other that works in the folder. */
async function alive(pids: readonly string[], folder: string): Promise<readonly string[]> {
  const all = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const states = await Promise.all(
    all.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "x) Z ");
      const environment = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
      const ours = pids.includes(pid) || environment.includes(`PWD=${folder}\0`);
      return ours && !/\) [ZX] /.test(stat) ? [pid] : [];
    }),
  );
  return states.flat();
}
