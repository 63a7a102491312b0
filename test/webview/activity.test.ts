import assert from "node:assert/strict";
import { test } from "node:test";
import type { ThreadItem } from "../../src/protocol/items.ts";
import { type PendingApproval, type ThreadView, viewOf } from "../../src/protocol/threadView.ts";
import { activityOf } from "../../webview-ui/words/activity.ts";
import * as make from "./page/items.ts";

function check(items: ThreadItem[], expected: string | undefined, more: Partial<ThreadView> = {}) {
  const view = { ...viewOf(make.thread("t", "Thread", [make.turn("a", items, make.running)])), ...more };
  const activity = activityOf(view);
  assert.equal(activity && [activity.kind, activity.label, activity.step].filter(Boolean).join(": "), expected);
}

test("nothing came back yet", () => check([make.user("Go.")], "live: Starting"));
test("between two steps", () => check([make.user("Go."), make.say("ok")], "live: Waiting for the model"));
test("thinking", () => check([make.user("Go."), make.thinking("x")], "live: Thinking"));
test("a command", () => check([make.runningCommand("npm test", "")], "live: Running npm test"));
test("a long command is cut", () =>
  check([make.runningCommand(`echo ${"x".repeat(40)}`, "")], `live: Running echo ${"x".repeat(26)}…`));
test("an edit", () => check([make.edit([make.change("src/a.ts", "")], "inProgress")], "live: Editing a.ts"));
test("exploration", () => check([make.tool("read_file", { path: "b/a.ts" }, "inProgress")], "live: Reading a.ts"));
test("writing", () => check([make.saying("Now")], "live: Writing the answer"));

test("a question comes first", () => {
  const params = { threadId: "t", turnId: "a", itemId: "x", startedAtMs: 5 };
  const approval: PendingApproval = { requestId: 1, method: "item/fileChange/requestApproval", params };
  check([make.saying("Now")], "waiting: Waiting for your answer", { approvals: [approval] });
});

test("a retry", () =>
  check([make.user("Go.")], "retrying: Waiting to try again", {
    retry: { message: "", attempt: 1, maxAttempts: 5, inMs: 100 },
  }));

test("the step of the plan", () => {
  const plan = make.plan(null, ["a", "completed"], ["b", "inProgress"], ["c", "pending"]);
  const turn = make.turn("a", [make.thinking("x")], { ...make.running, plan: plan as NonNullable<typeof plan> });
  assert.equal(activityOf(viewOf(make.thread("t", "T", [turn])))?.step, "step 2 of 3");
});

test("nothing while no turn runs", () => {
  assert.equal(activityOf(viewOf(make.thread("t", "T", [make.turn("a", [make.say("x")])]))), undefined);
});
