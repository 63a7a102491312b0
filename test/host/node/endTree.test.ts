import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { test } from "node:test";
import { createEndTree } from "../../../src/host/node/endTree.ts";
import { operatingSystem } from "../../../src/host/node/platform.ts";
import { atEnd } from "../../support/atEnd.ts";
import { until } from "../expect.ts";
import { isDead } from "./living.ts";

const skip = process.platform !== "linux" && "it looks into /proc";

interface Expected {
  /** How each of them ends: the number it ends with, or the signal. */
  readonly ends: readonly (number | NodeJS.Signals)[];
  /** What has been waited when they are signalled for the last time, in milliseconds: then time stands still until they have ended. */
  readonly signalled: number;
  /** How much is waited in all. */
  readonly atMost: number;
}

/** Starts as many shells with this script as are to end, and ends them all at one time. The clock is the test's. */
function check(name: string, script: string, { ends, signalled, atMost }: Expected): void {
  test(name, { skip }, async (t) => {
    const children = ends.map(() =>
      spawn("/bin/sh", ["-c", script], {
        stdio: ["ignore", "pipe", "ignore"],
        detached: true,
        env: { PATH: process.env.PATH },
      }),
    );
    const exits = children.map((child) => once(child, "exit"));
    await Promise.all(children.map((child) => once(child.stdout, "data")));
    let waited = 0;
    const delay = async (milliseconds: number) => {
      if (waited >= signalled) await until("all have ended", () => children.every(({ pid = 0 }) => isDead(pid)));
      waited += milliseconds;
    };
    const endTree = createEndTree({ os: operatingSystem(process.platform), delay });
    const mark = { variable: "NOBODY=has-this", locks: "nor this" };
    atEnd(t, async () => {
      for (const child of children) child.kill("SIGKILL");
    });
    await Promise.all(children.map(({ pid }) => endTree(() => ({ pid, leader: "running", mark }))));
    assert.deepEqual(
      (await Promise.all(exits)).map(([code, signal]) => code ?? signal),
      ends,
    );
    assert.ok(waited <= atMost, `${waited} ms`);
  });
}

const DEAF = "trap '' TERM INT HUP; echo ready; exec sleep 300";
const TIDY = "trap 'exit 5' TERM; echo ready; while :; do :; done";
check("who is asked to end may tidy up first", TIDY, { ends: [5], signalled: 0, atMost: 20 });
check("who ignores that is killed", DEAF, { ends: ["SIGKILL"], signalled: 600, atMost: 660 });
const all = ["SIGKILL", "SIGKILL", "SIGKILL", "SIGKILL"] as const;
check("many that are ended at one time take the time of one", DEAF, { ends: all, signalled: 600, atMost: 660 });
