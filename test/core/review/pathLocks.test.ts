import assert from "node:assert/strict";
import { test } from "node:test";
import { PathLocks } from "../../../src/core/review/pathLocks.ts";

/** Each piece of work is `name:paths`; all are asked for at once. The order of begins and ends, with those in "!" failing. */
async function check(work: readonly string[], expected: string): Promise<void> {
  const locks = new PathLocks();
  const log: string[] = [];
  const all = work.map((one) => {
    const [name = "", paths = ""] = one.split(":");
    return locks.run([...paths], async () => {
      log.push(`${name}(`);
      await new Promise(setImmediate);
      log.push(`)${name}`);
      if (name.endsWith("!")) throw new Error(name);
    });
  });
  await Promise.allSettled(all);
  await locks.settled();
  assert.equal(log.join(" "), expected);
}

test("work on one path is done in order", () => check(["one:a", "two:a"], "one( )one two( )two"));
test("work on others is done meanwhile", () => check(["one:a", "two:b"], "one( two( )one )two"));
test("work on both waits for both", () => check(["one:a", "two:b", "three:ab"], "one( two( )one )two three( )three"));
test("and is waited for", () => check(["one:ab", "two:b", "three:a"], "one( )one two( three( )two )three"));
test("a failure holds nothing up", () => check(["one!:a", "two:a"], "one!( )one! two( )two"));
