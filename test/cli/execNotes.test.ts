import assert from "node:assert/strict";
import { test } from "node:test";
import { whyDeclined } from "../../src/cli/execNotes.ts";
import type { Decliner } from "../../src/protocol/items.ts";

const bubblewrap = { kind: "bubblewrap" } as const;
const none = { kind: "none", reason: "There is none." } as const;
const usual = { policy: "never", mode: "workspace-write", sandbox: bubblewrap } as const;
type Ways = Parameters<typeof whyDeclined>[1];

function check(by: Decliner, ways: Ways, expected: RegExp): void {
  assert.match(whyDeclined(by, ways), expected);
}

const policy = { kind: "approvalPolicy" } as const;

test("a rule is named, and what is hidden in it is seen", () =>
  check({ kind: "rule", prefix: ["git", "pu\u202esh"] }, usual, /^Your rule "git pu\\u\{202E\}sh" denies this\./));
test("rules that cannot be read", () => check({ kind: "rulesUnread" }, usual, /Mend rules\.json/));
test("a command that cannot be read", () => check({ kind: "commandUnread" }, usual, /which programs it runs/));
test("Restricted Mode", () => check({ kind: "restrictedMode" }, usual, /trust_level = "trusted"/));
test("nobody is asked", () => check(policy, usual, /since nobody is there to answer/));
test("reading only", () => check(policy, { ...usual, mode: "read-only" }, /--sandbox workspace-write/));
test("without a sandbox", () => check(policy, { ...usual, sandbox: none }, /--sandbox danger-full-access/));
test("a policy that asks", () => check({ kind: "noAnswer" }, { ...usual, policy: "on-request" }, /policy asks/));
