import assert from "node:assert/strict";
import { test } from "node:test";
import { viewOf } from "../../src/protocol/threadView.ts";
import { type Draft, draftOf, typedSince } from "../../webview-ui/session/draft.ts";
import { afterEdit, canStillEdit, type Editing } from "../../webview-ui/session/editing.ts";
import * as make from "./page/items.ts";

const draft = (text: string, ...paths: string[]): Draft => ({
  text,
  attachments: paths.map((path) => ({ kind: "mention", name: path, path })),
});
const both = { threadId: "t", original: draft("old"), before: draft("mine") };

function checkAfter(now: Draft, expected: Draft) {
  assert.deepEqual(afterEdit({ ...both, kind: "waiting", id: "q" }, now), expected);
}

test("an edit that changed nothing leaves what was written before", () => checkAfter(draft("old"), draft("mine")));
test("so does one that was emptied", () => checkAfter(draft(" "), draft("mine")));
test("what was changed is kept beside it", () => checkAfter(draft("new"), draft("new\n\nmine")));
test("an attachment is a change", () => checkAfter(draft("old", "a.ts"), draft("old\n\nmine", "a.ts")));

function checkStill(editing: Editing, expected: boolean) {
  const view = viewOf(make.thread("t", "Thread", [make.turn("a", [])]));
  view.queue = [{ id: "q", clientUserMessageId: "q", input: [] }];
  assert.equal(canStillEdit(editing, view), expected);
}

test("a message that waits", () => checkStill({ ...both, kind: "waiting", id: "q" }, true));
test("one that was read", () => checkStill({ ...both, kind: "waiting", id: "read" }, false));
test("a turn of the thread", () => checkStill({ ...both, kind: "message", turnId: "a" }, true));
test("one that was taken back", () => checkStill({ ...both, kind: "message", turnId: "gone" }, false));
test("one of another thread", () => checkStill({ ...both, threadId: "u", kind: "message", turnId: "a" }, false));

function checkTyped(sent: Draft, now: Draft, expected: Draft) {
  assert.deepEqual(typedSince(sent, now), expected);
}

const file = draftOf([{ type: "mention", name: "a.ts", path: "a.ts" }]);
test("nothing was typed since", () => checkTyped(draft("a"), draft("a"), draft("")));
test("the next message was begun", () => checkTyped(draft("a"), draft("a\nb"), draft("b")));
test("what was sent is gone from it", () => checkTyped(file, { ...file, text: "b" }, draft("b")));
test("a text that is another one stays", () => checkTyped(draft("a"), draft("b"), draft("b")));
