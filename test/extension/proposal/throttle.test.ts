import assert from "node:assert/strict";
import { test } from "node:test";
import { Throttle } from "../../../src/extension/proposal/throttle.ts";

type Step =
  | readonly ["run", key: string, name: string]
  | readonly ["wait", ms: number]
  | readonly ["cancel", key: string];

function check(name: string, steps: readonly Step[], expected: readonly string[]): void {
  test(name, (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const done: string[] = [];
    const throttle = new Throttle(100);
    for (const [what, ...rest] of steps) {
      const [first, second] = rest;
      if (what === "run") throttle.run(String(first), () => void done.push(String(second)));
      else if (what === "cancel") throttle.cancel(String(first));
      else t.mock.timers.tick(Number(first));
    }
    throttle.dispose();
    t.mock.timers.tick(1000);
    assert.deepEqual(done, expected);
  });
}

check("the first runs at once", [["run", "a", "1"]], ["1"]);
check(
  "then the last of each while",
  [
    ["run", "a", "1"],
    ["run", "a", "2"],
    ["run", "a", "3"],
    ["wait", 100],
  ],
  ["1", "3"],
);
check(
  "not more often",
  [
    ["run", "a", "1"],
    ["run", "a", "2"],
    ["wait", 99],
  ],
  ["1"],
);
check(
  "after a pause, at once again",
  [
    ["run", "a", "1"],
    ["wait", 100],
    ["run", "a", "2"],
  ],
  ["1", "2"],
);
check(
  "a while follows each",
  [
    ["run", "a", "1"],
    ["run", "a", "2"],
    ["wait", 100],
    ["run", "a", "3"],
    ["wait", 50],
  ],
  ["1", "2"],
);
check(
  "keys are apart",
  [
    ["run", "a", "1"],
    ["run", "b", "2"],
  ],
  ["1", "2"],
);
check(
  "what is cancelled does not run",
  [
    ["run", "a", "1"],
    ["run", "a", "2"],
    ["cancel", "a"],
    ["wait", 100],
  ],
  ["1"],
);
