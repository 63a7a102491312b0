import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { createNodeProcesses } from "../../../src/host/node/processes.ts";
import { until } from "../expect.ts";

/** The ids of this process's watchers. */
async function watchers(): Promise<readonly number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const command = await readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "");
      const ours = Number(parent) === process.pid && state !== "Z" && command.includes("watchHost");
      return ours ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

/** Other tests of this process have watchers, too, which outlive their hosts by a moment. */
async function newWatchers(): Promise<() => Promise<readonly number[]>> {
  const others = await watchers();
  return async () => (await watchers()).filter((pid) => !others.includes(pid));
}

test("one watcher starts with the first command, is replaced when it is killed, and ends with the host", async () => {
  const own = await newWatchers();
  const warnings: string[] = [];
  const onWarning = (message: string) => void warnings.push(message);
  const processes = createNodeProcesses({ os: "linux", temporary: tmpdir(), env: process.env, onWarning });
  const run = async () => {
    const command = { argv: ["/bin/true"], cwd: tmpdir(), tty: false, itemId: "i", title: "t" } as const;
    await (await processes.spawn(command, new AbortController().signal)).exited;
  };
  assert.deepEqual(await own(), []);
  await run();
  await run();
  const [first, ...others] = await own();
  assert.ok(first !== undefined && others.length === 0);
  process.kill(first, "SIGKILL");
  await until("the loss is told", () => warnings.length === 1);
  await run();
  assert.equal((await own()).length, 1);
  await processes.dispose();
  await until("the watcher is gone", async () => (await own()).length === 0);
  assert.equal(warnings.length, 1);
});

test("a host that runs nothing has no watcher", async () => {
  const own = await newWatchers();
  const processes = createNodeProcesses({ os: "linux", temporary: tmpdir(), env: process.env });
  await processes.dispose();
  assert.deepEqual(await own(), []);
});
