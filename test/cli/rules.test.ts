import assert from "node:assert/strict";
import { test } from "node:test";
import { describeRules } from "../../src/cli/rules.ts";
import type { Rule } from "../../src/protocol/rules.ts";

/** A rule as `patchwright rules` lists it. */
function check(rule: Partial<Rule>, expected: string) {
  const npmTest = { kind: "command", prefix: ["npm", "test"] } as const;
  const whole: Rule = {
    id: "7",
    createdAt: 0,
    subject: { ...npmTest, prefix: [...npmTest.prefix] },
    decision: "allow",
    ...rule,
  };
  assert.equal(describeRules([whole]), expected);
}

test("a rule for commands", () => check({}, "7  allow commands that begin with: npm test  (everywhere)"));
test("in one folder", () =>
  check({ decision: "deny", workspace: "/home/ada" }, "7  deny commands that begin with: npm test  (/home/ada)"));
test("outside the sandbox", () =>
  check({ unconfined: true }, "7  allow commands that begin with: npm test, outside the sandbox  (everywhere)"));
test("a rule for a host", () =>
  check({ subject: { kind: "host", host: "*.example.org" } }, "7  allow host: *.example.org  (everywhere)"));
test("words stay apart", () =>
  check(
    { subject: { kind: "command", prefix: ["git", "a b"] } },
    '7  allow commands that begin with: git "a b"  (everywhere)',
  ));
test("hidden letters are shown", () =>
  check({ subject: { kind: "host", host: "a\u202eb" } }, "7  allow host: a\\u{202E}b  (everywhere)"));
