import assert from "node:assert/strict";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { type TestContext, test } from "node:test";
import { until } from "../expect.ts";
import { withFolder } from "../nodeFixture.ts";
import { type Leftover, leastCount, leftovers } from "./leftovers.ts";
import { livingBelow } from "./living.ts";

const program = join(import.meta.dirname, "leftoversHost.ts");
/** For how long a host may wait for commands to end, in milliseconds. How long a busy machine takes to end them is not its doing. */
const BAR_MS = 2000;

type How = "plain" | "confined";

/** Starts all commands of the table in one host, sees that they are there, ends them, and looks from outside until each is gone. */
function check(how: How, name: string, end: (host: Host) => Promise<number>) {
  test(`${how}: ${name}`, (t: TestContext) =>
    withFolder(async (folder) => {
      const child = spawn(process.execPath, [program, folder, how], { stdio: ["pipe", "pipe", "inherit"] });
      const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
      try {
        assert.equal((await lines.next()).value, "started");
        await begun(folder, how);
        const began = performance.now();
        const [waited, gone] = await Promise.all([end({ child, lines }), measure(folder, began)]);
        assert.ok(waited < BAR_MS, `${waited} ms`);
        t.diagnostic(`${leftovers.length} kinds of leftovers: the last was gone after ${Math.round(gone)} ms`);
      } finally {
        child.kill("SIGKILL");
        killAll(folder);
      }
    }));
}

/** What a failing test leaves. */
function killAll(folder: string): void {
  for (const pid of [...livingBelow(folder).values()].flat()) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
}

function begun(folder: string, how: How): Promise<void> {
  return untilNone("has not begun", () => {
    const living = livingBelow(folder);
    return leftovers.filter((one, row) => (living.get(`${row}`)?.length ?? 0) < leastCount(one, how));
  });
}

/** One look misses what has just started the next and ended. */
const LEAST_LOOKS = 10;

/** From the beginning until anything was seen last. */
async function measure(folder: string, began: number): Promise<number> {
  let last = began;
  for (let looks = 0; looks < LEAST_LOOKS; looks += 1) {
    await untilNone("is left", () => {
      const living = livingBelow(folder);
      if (living.size > 0) [last, looks] = [performance.now(), 0];
      return leftovers.filter((_, row) => living.has(`${row}`));
    });
  }
  return last - began;
}

async function untilNone(what: string, find: () => readonly Leftover[]): Promise<void> {
  let found: readonly Leftover[] = [];
  const isNone = () => {
    found = find();
    return found.length === 0;
  };
  await until("there is none", isNone).catch((error: unknown) => {
    throw new Error(found.map((one) => `This ${what}: ${one.what}.`).join("\n"), { cause: error });
  });
}

interface Host {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  readonly lines: AsyncIterator<string>;
}

/** For how long the host has waited, by its own account. */
async function tell({ child, lines }: Host, word: "stop" | "dispose"): Promise<number> {
  child.stdin.write(`${word}\n`);
  return Number((await lines.next()).value);
}

for (const how of ["plain", "confined"] as const) {
  check(how, "nothing is left of commands that are stopped", (host) => tell(host, "stop"));
  check(how, "nothing is left of a host that ends in good order", (host) => tell(host, "dispose"));
  check(how, "nothing is left of a host that is killed", async ({ child }) => (child.kill("SIGKILL") ? 0 : Infinity));
}
