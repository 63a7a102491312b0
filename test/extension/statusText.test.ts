import assert from "node:assert/strict";
import { test } from "node:test";
import { type StatusFacts, statusText } from "../../src/extension/statusText.ts";
import type { SandboxState } from "../../src/protocol/settings.ts";
import type { ThreadStatus } from "../../src/protocol/threads.ts";
import { english } from "../support/english.ts";

const working: ThreadStatus = { type: "active", activeFlags: [] };
const waiting: ThreadStatus = { type: "active", activeFlags: ["waitingOnApproval"] };

function check(facts: Partial<StatusFacts>, expected: string): void {
  const { text, calls } = statusText(
    { trusted: true, hasKey: true, statuses: [], sandbox: undefined, ...facts },
    english,
  );
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

const none: SandboxState = { kind: "none", reason: "bubblewrap is not installed." };
test("no sandbox", () => check({ sandbox: none }, "$(workspace-unknown) Patchwright: no sandbox"));
test("a sandbox goes without saying", () =>
  check({ sandbox: { kind: "bubblewrap" } }, "$(comment-discussion) Patchwright"));
test("Restricted Mode goes before the sandbox", () =>
  check({ trusted: false, sandbox: none }, "$(workspace-untrusted) Patchwright"));
test("a question goes before the sandbox", () =>
  check({ sandbox: none, statuses: [waiting] }, "$(bell-dot) Patchwright: waiting for you !"));

function checkTooltip(facts: Partial<StatusFacts>, expected: RegExp): void {
  assert.match(
    statusText({ trusted: true, hasKey: true, statuses: [], sandbox: undefined, ...facts }, english).tooltip,
    expected,
  );
}

test("the tooltip says what confines commands", () =>
  checkTooltip(
    { sandbox: { kind: "bubblewrap" }, statuses: [working] },
    /at work.*\nCommands run in a sandbox.*unless a thread has full access\.$/s,
  ));
test("the tooltip says that nothing does, and why", () =>
  checkTooltip({ sandbox: none, statuses: [waiting] }, /\nNo sandbox: .* bubblewrap is not installed\.$/s));
test("in Restricted Mode no command runs at all", () =>
  checkTooltip(
    { trusted: false, sandbox: none },
    /^Restricted Mode: no commands and no edits\. Click to open the panel\.$/,
  ));
