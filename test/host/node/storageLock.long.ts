import assert from "node:assert/strict";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { test } from "node:test";
import { formatProcess, isOver, ownProcess, parseProcess } from "../../../src/host/node/processName.ts";
import { createNodeStorage } from "../../../src/host/node/storage.ts";
import { withFolder } from "../nodeFixture.ts";

/** A process that takes and releases locks as it is told, line by line. */
interface Taker {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  readonly lines: Interface;
  /** Resolves with what it answers. */
  ask(what: "take" | "release"): Promise<string>;
}

async function startTaker(root: string): Promise<Taker> {
  const program = join(import.meta.dirname, "lockTaker.ts");
  const child = spawn(process.execPath, [program, root], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface(child.stdout);
  const answers = lines[Symbol.asyncIterator]();
  const ask = async (what: string) => {
    child.stdin.write(`${what}\n`);
    return (await answers.next()).value as string;
  };
  assert.equal((await answers.next()).value, "ready");
  return { child, lines, ask };
}

async function withTakers(count: number, use: (takers: Taker[], root: string) => Promise<void>): Promise<void> {
  await withFolder(async (root) => {
    const takers = await Promise.all(Array.from({ length: count }, () => startTaker(root)));
    try {
      await use(takers, root);
    } finally {
      for (const { child } of takers) child.kill("SIGKILL");
    }
  });
}

test("of processes that come at once one has the lock, 50 times", async () => {
  await withTakers(3, async (takers) => {
    for (let round = 0; round < 50; round++) {
      const answers = await Promise.all(takers.map(({ ask }) => ask("take")));
      assert.deepEqual(answers.toSorted(), ["conflict", "conflict", "taken"], `round ${round}`);
      await takers[answers.indexOf("taken")]?.ask("release");
    }
  });
});

test("a lock ends with its process, killed or stopped for good, and only then", async () => {
  await withTakers(2, async ([first, second], root) => {
    assert.equal(await first?.ask("take"), "taken");
    first?.child.kill("SIGSTOP");
    assert.equal(await second?.ask("take"), "conflict");
    first?.child.kill("SIGKILL");
    await once(first!.child, "exit");
    assert.equal(await second?.ask("take"), "taken");
    assert.equal((await readdir(join(root, "locks"))).length, 1);
    assert.equal(await second?.ask("release"), "released");
    assert.deepEqual(await readdir(join(root, "locks")), []);
  });
});

/** A claim of such a process holds the lock, or does not. */
function checkClaim(
  name: string,
  part: Partial<ReturnType<typeof ownProcess>>,
  expected: "holds" | "does not",
  ageMs = 0,
): void {
  test(name, () =>
    withFolder(async (root) => {
      const path = join(root, "locks", `a~${formatProcess({ ...ownProcess(), ...part })}~x`);
      await mkdir(join(root, "locks"));
      await writeFile(path, "");
      const then = new Date(Date.now() - ageMs);
      await utimes(path, then, then);
      const taken = createNodeStorage(root, { lockPatienceMs: 0 }).lock("a");
      if (expected === "does not") await (await taken).release();
      else await assert.rejects(taken, /used by another window or program \(process \d+/);
    }),
  );
}
checkClaim("a claim of this process holds", {}, "holds");
checkClaim("a claim of a later process with the number of an earlier one does not", { start: "1" }, "does not");
checkClaim("a claim from before the machine started does not", { boot: "0123" }, "does not");
checkClaim("a claim of another machine holds", { machine: "0123" }, "holds");
checkClaim("a claim of another machine that has been silent does not", { machine: "0123" }, "does not", 10 * 60_000);

test("a process names itself, and is not over", () => {
  assert.deepEqual(parseProcess(formatProcess(ownProcess())), ownProcess());
  assert.equal(isOver(ownProcess()), false);
  assert.notEqual(ownProcess().start, "0");
});
