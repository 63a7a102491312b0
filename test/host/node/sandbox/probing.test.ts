import assert from "node:assert/strict";
import { realpath } from "node:fs/promises";
import process from "node:process";
import { test } from "node:test";
import type { ConfinedCommand } from "../../../../src/host/node/sandbox/confine.ts";
import { probe, TOO_LATE } from "../../../../src/host/node/sandbox/probe.ts";
import { type Probing, probedSandbox } from "../../../../src/host/node/sandbox/probing.ts";
import { withFolder } from "../../nodeFixture.ts";

const works: Probing = { kind: "bubblewrap", confine: () => Promise.reject(new Error("Nothing is confined here.")) };
const missing: Probing = { reason: "bubblewrap is not installed." };

/** What is known each time that somebody asks, when trying finds these, the last one again and again; and how often it was tried. */
function check(name: string, found: readonly Probing[], known: readonly Probing["kind"][], tries: number): void {
  test(name, async () => {
    let tried = 0;
    const sandbox = probedSandbox(async () => found[Math.min(tried++, found.length - 1)] as Probing);
    for (const kind of known) {
      assert.equal((await sandbox.ready).kind, kind ?? "none");
      assert.equal(sandbox.state.kind, kind ?? "none");
    }
    assert.equal(tried, tries);
  });
}

check("what confines commands is tried once", [works], ["bubblewrap", "bubblewrap"], 1);
check("what is not there is looked for once", [missing], [undefined, undefined], 1);
check("what took too long is tried again", [TOO_LATE, works], [undefined, "bubblewrap", "bubblewrap"], 2);
check("what always takes too long is not tried for ever", [TOO_LATE], Array(5).fill(undefined), 3);
check("it is known at last what is missing", [TOO_LATE, missing], Array(4).fill(undefined), 2);

test("who listens is told of what is found at a later try, and of what is gone, and of nothing that was known", async () => {
  let isCurrent = true;
  const confines: Probing = { ...works, isCurrent: () => isCurrent };
  const found = [TOO_LATE, TOO_LATE, confines, missing];
  const sandbox = probedSandbox(async () => found.shift() as Probing);
  const told: string[] = [];
  const listener = sandbox.onChange(({ kind }) => told.push(kind));
  for (let at = 0; at < 4; at++) await sandbox.ready;
  assert.deepEqual(told, ["bubblewrap"]);
  isCurrent = false;
  await assert.rejects(sandbox.confine({} as ConfinedCommand), /bubblewrap is not installed/);
  assert.deepEqual(told, ["bubblewrap", "none"]);
  listener.dispose();
});

test("what was missing is looked for again once something is there", async () => {
  let isThere = false;
  const found = [{ ...missing, isCurrent: () => !isThere }, works];
  const sandbox = probedSandbox(async () => found.shift() as Probing);
  const kinds = async () => [(await sandbox.ready).kind, (await sandbox.ready).kind];
  assert.deepEqual(await kinds(), ["none", "none"]);
  isThere = true;
  assert.deepEqual(await kinds(), ["bubblewrap", "bubblewrap"]);
});

test("a command that shows nothing in time is ended, and said to be late", { skip: process.platform === "win32" }, () =>
  withFolder(async (temporary) => {
    const ends: string[] = [];
    const confined = {
      argv: ["/bin/sh", "-c", "echo half > seen; exec sleep 300"] as const,
      env: {},
      connections: [],
      overseers: () => [],
      async ended() {
        ends.push("ended");
        return [];
      },
    };
    const confine = async () => ({ ...confined });
    const judge = () => undefined;
    const probed = await probe({ temporary: await realpath(temporary), confine, script: "", judge, patienceMs: 1 });
    assert.deepEqual([probed, ends], [{ kind: "late" }, ["ended"]]);
  }),
);
