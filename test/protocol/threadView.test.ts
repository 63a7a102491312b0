import assert from "node:assert/strict";
import { test } from "node:test";
import { applyApproval, applyNotification } from "../../src/protocol/applyNotification.ts";
import type { ThreadItem } from "../../src/protocol/items.ts";
import type { ServerNotification } from "../../src/protocol/methods.ts";
import { isBlank, previewOf, runningTurn, viewOf } from "../../src/protocol/threadView.ts";

const ids = { threadId: "t", turnId: "u" };
const message = (text: string, id = "m"): ThreadItem => ({ type: "agentMessage", id, text });
const thought = (...summary: string[]): ThreadItem => ({ type: "reasoning", id: "r", summary, content: [] });
const said = (text: string): ThreadItem => ({ type: "userMessage", id: "s", content: [{ type: "text", text }] });
const started = (item: ThreadItem): ServerNotification => ({
  method: "item/started",
  params: { ...ids, item, startedAtMs: 0 },
});
const completed = (item: ThreadItem): ServerNotification => ({
  method: "item/completed",
  params: { ...ids, item, completedAtMs: 0 },
});
const delta = (text: string, itemId = "m"): ServerNotification => ({
  method: "item/agentMessage/delta",
  params: { ...ids, itemId, delta: text },
});
const summary = (summaryIndex: number, text: string): ServerNotification => ({
  method: "item/reasoning/summaryTextDelta",
  params: { ...ids, itemId: "r", summaryIndex, delta: text },
});
const retry: ServerNotification = {
  method: "error",
  params: { ...ids, error: { message: "Lost." }, willRetry: true, attempt: 1, maxAttempts: 3, retryInMs: 100 },
};

function emptyView() {
  const view = viewOf({
    id: "t",
    sessionId: "t",
    projectId: null,
    preview: "",
    ephemeral: false,
    modelProvider: "openai",
    cwd: "/",
    cliVersion: "0",
    source: "vscode",
    status: { type: "idle" },
    createdAt: 0,
    updatedAt: 0,
    turns: [],
  });
  applyNotification(view, {
    method: "turn/started",
    params: { threadId: "t", turn: { id: "u", items: [], status: "inProgress" } },
  });
  return view;
}

/** The items of the turn after these notifications, and what the last one touched. */
function check(notifications: readonly ServerNotification[], items: readonly ThreadItem[], touched: string) {
  const view = emptyView();
  const kinds = notifications.map((notification) => applyNotification(view, notification).kind);
  assert.deepEqual(view.turns[0]?.items, items);
  assert.equal(kinds.at(-1), touched);
}

test("an item that starts", () => check([started(message(""))], [message("")], "list"));
test("grows", () => check([started(message("")), delta("Hel"), delta("lo")], [message("Hello")], "item"));
test("and ends as its end says", () =>
  check([started(message("")), delta("Hel"), completed(message("Bye"))], [message("Bye")], "item"));
test("an end without a start", () => check([completed(message("Hello"))], [message("Hello")], "list"));
test("a delta of an item that is not there", () => check([delta("x", "nobody")], [], "nothing"));
test("a delta of another kind of item", () => check([started(thought()), delta("x", "r")], [thought()], "nothing"));
test("what ends without content is not part of the turn", () =>
  check([started(message("")), delta("Hel"), completed(message(""))], [], "list"));
test("parts of reasoning, also when one is left out", () =>
  check([started(thought()), summary(1, "B"), summary(0, "A")], [thought("A", "B")], "item"));
test("notifications of another thread", () => {
  const view = emptyView();
  const elsewhere = structuredClone(started(message("")));
  Object.assign(elsewhere.params, { threadId: "another" });
  assert.equal(applyNotification(view, elsewhere).kind, "nothing");
});
test("a turn of which the view knows nothing", () => {
  const view = emptyView();
  view.turns = [];
  for (const one of [started(message("")), completed(message("")), delta("x")])
    assert.equal(applyNotification(view, one).kind, "nothing");
});

test("a retry shows until something comes", () => {
  const view = emptyView();
  applyNotification(view, retry);
  assert.deepEqual(view.retry, { message: "Lost.", attempt: 1, maxAttempts: 3, inMs: 100 });
  applyNotification(view, started(message("")));
  assert.equal(view.retry, undefined);
});
test("the end of a turn keeps the items that are there", () => {
  const view = emptyView();
  applyNotification(view, completed(message("Hello")));
  assert.ok(runningTurn(view));
  const turn = { id: "u", items: [], itemsView: "summary", status: "completed" } as const;
  applyNotification(view, { method: "turn/completed", params: { threadId: "t", turn: { ...turn, items: [] } } });
  assert.equal(runningTurn(view), undefined);
  assert.deepEqual(view.turns[0]?.items, [message("Hello")]);
});
test("a question replaces the older one about its item, and goes when it is resolved", () => {
  const view = emptyView();
  const params = { ...ids, itemId: "i", startedAtMs: 0 };
  for (const requestId of [1, 2]) applyApproval(view, { requestId, method: "item/fileChange/requestApproval", params });
  assert.deepEqual(
    view.approvals.map(({ requestId }) => requestId),
    [2],
  );
  applyNotification(view, { method: "serverRequest/resolved", params: { threadId: "t", requestId: 2 } });
  assert.deepEqual(view.approvals, []);
});

const previews: [string, string][] = [
  ["Hello", "Hello"],
  ["  two\n\n lines\t", "two"],
  ["\n \r\n  many\t words \r\nin lines", "many words"],
  ["x".repeat(200), "x".repeat(120)],
  [`${"x".repeat(119)}😀`, "x".repeat(119)],
];
for (const [text, preview] of previews)
  test(`the preview of ${JSON.stringify(text).slice(0, 30)}`, () => assert.equal(previewOf(said(text)), preview));
test("what is attached to a line tells it from others", () => {
  const span = { byteRange: { start: 11, end: 23 }, placeholder: "No such name" };
  const text = "Fix this.\n\nsrc/a.ts:4:2\nand more";
  const item = {
    type: "userMessage" as const,
    id: "m",
    content: [{ type: "text" as const, text, text_elements: [span] }],
  };
  assert.equal(previewOf(item), "Fix this. No such name");
});
test("what stands in the line, or is all of it, is not named again", () => {
  const span = { byteRange: { start: 0, end: 12 }, placeholder: "No such name" };
  const item = {
    type: "userMessage" as const,
    id: "m",
    content: [{ type: "text" as const, text: "src/a.ts:4:2", text_elements: [span] }],
  };
  assert.equal(previewOf(item), "src/a.ts:4:2");
});
test("only the user's messages have one", () => assert.equal(previewOf(message("Hello")), ""));

test("what is blank", () => {
  assert.deepEqual([message(""), thought(), thought("", ""), message(" "), thought("", "x"), said("")].map(isBlank), [
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});
