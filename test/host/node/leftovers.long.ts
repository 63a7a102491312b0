import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { withFolder } from "../nodeFixture.ts";
import { leastCount, leftovers } from "./leftovers.ts";
import { livingBelow } from "./living.ts";

const program = join(import.meta.dirname, "leftoversHost.ts");
/** How long ending everything may take, and how long this test looks whether it does. */
const BAR_MS = 2000;
const LONGEST_MS = 6000;

type How = "plain" | "confined";

/** Starts all commands of the table in one host, sees that they are there, ends them, and measures from outside until each is gone. */
function check(how: How, name: string, end: (host: ChildProcess) => void) {
  test(`${how}: ${name}`, { timeout: 60_000 }, (t: TestContext) =>
    withFolder(async (folder) => {
      const host = spawn(process.execPath, [program, folder, how], { stdio: ["pipe", "pipe", "inherit"] });
      try {
        await new Promise((resolve) => createInterface(host.stdout).once("line", resolve));
        await begun(folder, how);
        const began = performance.now();
        end(host);
        const gone = await measure(folder, began);
        const late = leftovers.flatMap(({ what }, row) => ((gone.get(row) ?? Infinity) > BAR_MS ? [what] : []));
        assert.deepEqual(late, [], "These are there after 2 s.");
        const slowest = Math.max(...gone.values());
        t.diagnostic(`${leftovers.length} kinds of leftovers: the last was gone after ${Math.round(slowest)} ms`);
      } finally {
        host.kill("SIGKILL");
        killAll(folder);
      }
    }),
  );
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

async function begun(folder: string, how: How): Promise<void> {
  for (let times = 0; ; times += 1) {
    const living = livingBelow(folder);
    const absent = leftovers.filter((one, row) => (living.get(`${row}`)?.length ?? 0) < leastCount(one, how));
    if (absent.length === 0) return;
    assert.ok(times < 500, `never began: ${absent.map(({ what }) => what).join(", ")}`);
    await sleep(20);
  }
}

/** After how many milliseconds each row was last seen; a row that stays has none. */
async function measure(folder: string, began: number): Promise<Map<number, number>> {
  const gone = new Map<number, number>();
  for (let now = began; gone.size < leftovers.length && now - began < LONGEST_MS; now = performance.now()) {
    const living = livingBelow(folder);
    for (const row of leftovers.keys()) {
      if (living.has(`${row}`)) gone.delete(row);
      else if (!gone.has(row)) gone.set(row, performance.now() - began);
    }
    await sleep(20);
  }
  return gone;
}

const tell = (word: string) => (host: ChildProcess) => void host.stdin?.write(`${word}\n`);
for (const how of ["plain", "confined"] as const) {
  check(how, "nothing is left of commands that are stopped", tell("stop"));
  check(how, "nothing is left of a host that ends in good order", tell("dispose"));
  check(how, "nothing is left of a host that is killed", (host) => void host.kill("SIGKILL"));
}
