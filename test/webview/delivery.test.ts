import assert from "node:assert/strict";
import { test } from "node:test";
import type { PendingApproval } from "../../src/protocol/threadView.ts";
import { type Delivery, sendActs } from "../../webview-ui/session/delivery.ts";
import { emptyDraft } from "../../webview-ui/session/draft.ts";
import type { Editing } from "../../webview-ui/session/editing.ts";

const edit = { threadId: "t", original: emptyDraft, before: emptyDraft };
const states: Record<string, { editing?: Editing; approval?: PendingApproval; turnRuns: boolean }> = {
  idle: { turnRuns: false },
  running: { turnRuns: true },
  asking: { turnRuns: true, approval: {} as PendingApproval },
  "editing a waiting message": { turnRuns: true, editing: { ...edit, kind: "waiting", id: "q" } },
  "editing an earlier message": { turnRuns: true, editing: { ...edit, kind: "message", turnId: "a" } },
};

function check(state: keyof typeof states, onEnter: Delivery, expected: string) {
  const { editing, approval, turnRuns = false } = states[state] ?? {};
  const { enter, ctrlEnter } = sendActs({ editing, approval, turnRuns, onEnter });
  assert.equal(`${enter} / ${ctrlEnter}`, expected);
}

test("with no turn both keys send", () => check("idle", "steer", "send / send"));
test("Enter queues, Ctrl+Enter steers", () => check("running", "queue", "queue / steer"));
test("the setting swaps them", () => check("running", "steer", "steer / queue"));
test("with a question open Enter answers it", () => check("asking", "queue", "deny / steer"));
test("swapped as well", () => check("asking", "steer", "deny / queue"));
test("a waiting message is saved", () => check("editing a waiting message", "queue", "save / save"));
test("an earlier message is replaced", () => check("editing an earlier message", "queue", "replace / replace"));
