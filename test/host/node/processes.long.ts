import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createNodeProcesses, type NodeProcesses } from "../../../src/host/node/processes.ts";
import type { Command, RunningProcess } from "../../../src/host/processes.ts";
import { rejects, until } from "../expect.ts";
import { withFolder } from "../nodeFixture.ts";

const signal = new AbortController().signal;

interface Bench {
  readonly folder: string;
  readonly processes: NodeProcesses;
  start(script: string, part?: Partial<Command>): Promise<RunningProcess>;
}

async function withProcesses(use: (bench: Bench) => Promise<void>, env: Record<string, string> = {}): Promise<void> {
  await withFolder(async (folder) => {
    const own = { PATH: process.env.PATH, ...env };
    const processes = createNodeProcesses({ os: "linux", temporary: tmpdir(), env: own });
    const start = (script: string, part?: Partial<Command>) => {
      const command: Command = { argv: ["/bin/sh", "-c", script], cwd: folder, tty: false, itemId: "i", title: "t" };
      return processes.spawn({ ...command, ...part }, signal);
    };
    try {
      await use({ folder, processes, start });
    } finally {
      await processes.dispose();
    }
  });
}

async function textOf(running: RunningProcess): Promise<string> {
  let text = "";
  running.onOutput((more) => {
    text += more;
  });
  await running.exited;
  return text;
}

/** Whether a process is there and not just waiting to be noticed as dead. */
async function isAlive(pid: string): Promise<boolean> {
  const text = await readFile(`/proc/${pid.trim()}/stat`, "latin1").catch(() => undefined);
  return text !== undefined && !/\) [ZX] /.test(text);
}

test("50 MB of output pass through in little memory", () =>
  withProcesses(async ({ start }) => {
    const before = process.memoryUsage().rss;
    const running = await start("yes 0123456789abcdef | head -c 50000000");
    let size = 0;
    let peak = 0;
    running.onOutput((text) => {
      size += text.length;
      peak = Math.max(peak, process.memoryUsage().rss - before);
    });
    await running.exited;
    assert.equal(size, 50_000_000);
    assert.ok(peak < 100_000_000, `${peak} bytes more`);
  }));

test("a process without a listener waits, and loses nothing", () =>
  withProcesses(async ({ folder, start }) => {
    const running = await start("for i in $(seq 80); do head -c 100000 /dev/zero; echo >> progress; done");
    let written = 0;
    await until("it waits", async () => {
      const before = written;
      written = await readFile(join(folder, "progress")).then(
        (bytes) => bytes.length,
        () => 0,
      );
      return written >= 10 && written === before;
    });
    assert.ok(written < 40, `${written} of 80 parts are buffered`);
    assert.equal((await textOf(running)).length, 8_000_000);
  }));

test("output that came while this process was busy is not lost", () =>
  withProcesses(async ({ start }) => {
    const running = await start("sleep 60 & head -c 60000 /dev/zero");
    const text = textOf(running);
    const until = performance.now() + 400;
    while (performance.now() < until);
    assert.equal((await text).length, 60_000);
  }));

test("what a command left in the background goes on, and ends with the host", () =>
  withProcesses(async ({ folder, processes, start }) => {
    const script = "while :; do echo tick; echo x >> ticks; sleep 0.02; done & echo $!";
    const pid = (await textOf(await start(script))).split("\n").find((line) => line !== "tick") as string;
    const ticks = async () => (await readFile(join(folder, "ticks"), "utf8").catch(() => "")).length;
    const atExit = await ticks();
    await until("it ticks on", async () => (await ticks()) > atExit + 6);
    await processes.dispose();
    assert.equal(await isAlive(pid), false);
  }));

test("kill reaches what a command left in the background", () =>
  withProcesses(async ({ start }) => {
    const running = await start("sleep 60 > /dev/null 2>&1 & echo $!");
    const pid = await textOf(running);
    assert.equal(await isAlive(pid), true);
    await running.kill();
    assert.equal(await isAlive(pid), false);
  }));

test("killing one command leaves the others", () =>
  withProcesses(async ({ start }) => {
    const [one, other] = [await start("sleep 60"), await start("sleep 60")];
    await one.kill();
    assert.equal(await isAlive(String(one.pid)), false);
    assert.equal(await isAlive(String(other.pid)), true);
  }));

test("more commands at once than there are pipes in stock, and both streams of each in one order", () =>
  withProcesses(async ({ start }) => {
    const numbers = Array.from({ length: 40 }, (_, number) => number);
    const texts = await Promise.all(
      numbers.map(async (n) => textOf(await start(`echo ${n}; echo ${n} >&2; echo ${n} > /dev/stderr`))),
    );
    assert.deepEqual(
      texts,
      numbers.map((n) => `${n}\n${n}\n${n}\n`),
    );
  }));

test("pipes leave nothing behind in the folder for temporary files, and none is kept open by a command", () =>
  withFolder(async (temporary) => {
    const processes = createNodeProcesses({ os: "linux", temporary, env: { PATH: process.env.PATH } });
    const argv = ["/bin/sh", "-c", "ls -l /proc/self/fd"] as const;
    const running = await processes.spawn({ argv, cwd: temporary, tty: false, itemId: "i", title: "t" }, signal);
    const text = await textOf(running);
    assert.equal([...text.matchAll(/pipe\d/g)].length, 2, text);
    assert.deepEqual(await readdir(temporary), []);
    await processes.dispose();
  }));

test("after dispose nothing starts", () =>
  withProcesses(async ({ processes, start }) => {
    await processes.dispose();
    await rejects("aborted", () => start("true"));
  }));

test("no secret reaches a command, nor the program that makes its terminal", () =>
  withProcesses(
    async ({ start }) => {
      for (const tty of [false, true]) {
        const text = await textOf(await start("env; cat /proc/$$/environ /proc/$PPID/environ", { tty }));
        assert.ok(text.includes("PATH="));
        assert.equal(text.includes("hidden"), false);
      }
    },
    { OPENAI_API_KEY: "hidden", GITHUB_TOKEN: "hidden", BASH_ENV: "hidden" },
  ));

test("each process has a group and a session of its own", () =>
  withProcesses(async ({ start }) => {
    const running = await start("cut -d' ' -f1,5,6 /proc/$$/stat");
    assert.equal(await textOf(running), `${running.pid} ${running.pid} ${running.pid}\n`);
  }));

test("bash does not read the user's start files", () =>
  withProcesses(async ({ folder, start }) => {
    const script = "echo 'echo spoilt' > .bashrc; exec bash -c 'echo clean'";
    assert.equal(await textOf(await start(script, { env: { HOME: folder } })), "clean\n");
  }));

const refused = [
  ["a file that is no program", ["/etc/passwd"], "permissionDenied"],
  ["a folder", ["/etc"], "permissionDenied"],
  ["a NUL in a word", ["echo", "a\0b"], "invalid"],
  ["too long a word", ["echo", "x".repeat(3_000_000)], "tooLarge"],
] as const;
for (const [what, argv, code] of refused) {
  test(`refuses ${what}`, () => withProcesses(({ start }) => rejects(code, () => start("", { argv }))));
}

test("nothing is left open or behind by commands", () =>
  withProcesses(async ({ folder }) => {
    const temporary = folder;
    const processes = createNodeProcesses({ os: "linux", temporary, env: process.env });
    const open = () => readdirCount("/proc/self/fd");
    const run = async () => {
      for (const tty of [false, true]) {
        const argv = ["/bin/sh", "-c", "echo x"] as const;
        const running = await processes.spawn({ argv, cwd: folder, tty, itemId: "i", title: "t" }, signal);
        await textOf(running);
      }
    };
    await run();
    const before = await open();
    for (let times = 0; times < 5; times += 1) await run();
    await until("all descriptors are closed", async () => (await open()) <= before);
    await processes.dispose();
    assert.equal(await readdirCount(temporary), 0);
  }));

async function readdirCount(folder: string): Promise<number> {
  return (await readdir(folder)).length;
}
