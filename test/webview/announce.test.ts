import assert from "node:assert/strict";
import { test } from "node:test";
import { applyNotification } from "../../src/protocol/applyNotification.ts";
import type { ServerNotification } from "../../src/protocol/methods.ts";
import { type PendingApproval, viewOf } from "../../src/protocol/threadView.ts";
import { Announcer } from "../../webview-ui/session/announce.ts";
import type { PanelSettings } from "../../webview-ui/session/settings.ts";
import * as make from "./page/items.ts";

const at = { threadId: "t", turnId: "a" };

/** What is said, polite unless marked with a "!". Notifications are given with the moment at which they come. */
function check(notifications: [number, unknown][], expected: string[]) {
  const said: string[] = [];
  let now = 0;
  const view = viewOf(make.thread("t", "Thread", [make.turn("a", [], make.running)]));
  const say = (text: string, urgency: string) => said.push(urgency === "assertive" ? `!${text}` : text);
  const announcer = new Announcer(say, () => now);
  for (const [moment, value] of notifications) {
    now = moment;
    const notification = value as ServerNotification;
    applyNotification(view, notification);
    announcer.take(view, notification);
  }
  assert.deepEqual(said, expected);
}

const completed = (item: object) => ({ method: "item/completed", params: { ...at, item, completedAtMs: 0 } });
const step = (text: string) => ({
  method: "turn/plan/updated",
  params: { ...at, plan: [{ step: text, status: "inProgress" }] },
});
const turnEnds = (more: object) => ({
  method: "turn/completed",
  params: { threadId: "t", turn: { id: "a", items: [], status: "completed", ...more } },
});

test("streamed text is not read, the finished message is", () =>
  check(
    [
      [0, { method: "item/agentMessage/delta", params: { ...at, itemId: "m", delta: "Do" } }],
      [1, completed({ type: "agentMessage", id: "m", text: "Done." })],
    ],
    ["Patchwright says: Done."],
  ));

test("a command's end", () =>
  check(
    [[0, completed(make.command("npm test", "", { exitCode: 1, durationMs: 3400 }))]],
    ["Command finished: exit 1 · 3.4 s"],
  ));

test("what a rule declined", () =>
  check(
    [[0, completed(make.declinedCommand("git push", { kind: "rule", prefix: ["git", "push"] }))]],
    ["Not done. Denied by your rule git push."],
  ));

test("what the user declined goes without saying", () =>
  check([[0, completed(make.declinedCommand("git push", { kind: "user" }))]], []));

function checkAsked(run: "confined" | "unconfined", sandbox: "bubblewrap" | "none", said: string) {
  const heard: string[] = [];
  const rights = { confined: run === "confined", writableRoots: [], network: "off" };
  const params = { ...at, itemId: "c", startedAtMs: 0, kind: "command", command: "git push", rights };
  const approval = { requestId: 1, method: "item/commandExecution/requestApproval", params } as PendingApproval;
  const settings = { sandboxPolicy: { type: "workspaceWrite" } } as PanelSettings;
  const state = sandbox === "none" ? { kind: sandbox, reason: "" } : { kind: sandbox };
  new Announcer((text) => heard.push(text)).ask(approval, { sandbox: () => state, settings: () => settings });
  assert.deepEqual(heard, [said]);
}

test("a question is called as its card is", () => {
  checkAsked("confined", "bubblewrap", "Approval needed: Run this command? git push");
  checkAsked("unconfined", "bubblewrap", "Approval needed: Run this outside the sandbox? git push");
  checkAsked("unconfined", "none", "Approval needed: Run this command? git push");
});

test("steps, at most every five seconds", () =>
  check(
    [
      [0, step("one")],
      [1000, step("two")],
      [6000, step("two")],
      [7000, step("two")],
    ],
    ["Step: one", "Step: two"],
  ));

test("a turn's end, with what it changed", () =>
  check(
    [
      [0, completed(make.edit([make.change("a.ts", ""), make.change("b.ts", "")]))],
      [1, turnEnds({})],
    ],
    ["Turn finished, 2 files changed"],
  ));

const compaction = { type: "contextCompaction", id: "c", completedAtMs: 1, tokensBefore: 182_000 };
test("a thread that was condensed", () =>
  check([[0, completed({ ...compaction, tokensAfter: 12_400 })]], ["Condensed the thread from 182k to 12k tokens"]));
test("one that was not", () => check([[0, completed(compaction)]], ["The thread was not condensed"]));

test("a turn that was stopped", () => check([[0, turnEnds({ status: "interrupted" })]], ["Turn stopped"]));

test("a turn that failed is said at once", () =>
  check([[0, turnEnds({ status: "failed", error: { message: "No quota." } })]], ["!This turn failed. No quota."]));

test("other threads are not heard", () =>
  check(
    [
      [
        0,
        { method: "turn/started", params: { threadId: "other", turn: { id: "z", items: [], status: "inProgress" } } },
      ],
    ],
    [],
  ));
