import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { until } from "../expect.ts";
import { withFolder } from "../nodeFixture.ts";

const program = fileURLToPath(new URL("dyingHost.ts", import.meta.url));

interface Death {
  /** Makes the program to be run, in the folder, of the source. */
  readonly prepare?: (folder: string) => Promise<string>;
  readonly way: "stay" | "exit";
  /** Ends the host so that it can clean up nothing. */
  end(host: ChildProcess): void;
}

/** Starts a host with commands of every kind, ends it, and waits until all that it started is gone. */
function check(name: string, { prepare = async () => program, way, end }: Death): void {
  test(name, () =>
    withFolder(async (folder) => {
      const file = await prepare(folder);
      const host = spawn(process.execPath, [file, folder, way], { stdio: ["ignore", "pipe", "inherit"] });
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

const kill = (host: ChildProcess) => void host.kill("SIGKILL");
check("nothing outlives a host that is killed", { way: "stay", end: kill });
check("nothing outlives a host that ends without a word", { way: "exit", end: () => undefined });
check("nothing outlives a host from a minified bundle", { way: "stay", end: kill, prepare: bundled({ minify: true }) });
check("nothing outlives a host from a bundle that keeps names", {
  way: "stay",
  end: kill,
  prepare: bundled({ minify: true, keepNames: true }),
});

/** The watcher's program is a function's source text, and bundlers rewrite functions. */
function bundled(options: { minify: boolean; keepNames?: boolean }) {
  return async (folder: string): Promise<string> => {
    const outfile = join(folder, "host.mjs");
    const target = { format: "esm", platform: "node", target: "node22" } as const;
    await build({ entryPoints: [program], outfile, bundle: true, logLevel: "silent", ...target, ...options });
    return outfile;
  };
}

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
