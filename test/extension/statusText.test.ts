import assert from "node:assert/strict";
import { test } from "node:test";
import { type StatusFacts, statusText } from "../../src/extension/statusText.ts";
import type { ThreadStatus } from "../../src/protocol/threads.ts";

const working: ThreadStatus = { type: "active", activeFlags: [] };
const waiting: ThreadStatus = { type: "active", activeFlags: ["waitingOnApproval"] };

function check(facts: Partial<StatusFacts>, expected: string): void {
  const { text, calls } = statusText({ trusted: true, hasKey: true, statuses: [], ...facts });
  assert.equal(`${text}${calls ? " !" : ""}`, expected);
}

test("idle", () => check({}, "$(comment-discussion) Patchwright"));
test("not known yet", () => check({ hasKey: undefined }, "$(comment-discussion) Patchwright"));
test("no key", () => check({ hasKey: false }, "$(key) Patchwright: no API key"));
test("restricted", () => check({ trusted: false, hasKey: false }, "$(workspace-untrusted) Patchwright"));
test("working", () => check({ statuses: [working] }, "$(loading~spin) Patchwright: working"));
test("waiting goes first", () => check({ statuses: [working, waiting] }, "$(bell-dot) Patchwright: waiting for you !"));
test("at work without a key left", () =>
  check({ hasKey: false, statuses: [working] }, "$(loading~spin) Patchwright: working"));
