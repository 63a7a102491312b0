import assert from "node:assert/strict";
import { test } from "node:test";
import { applyNotification } from "../../src/protocol/applyNotification.ts";
import type { ServerNotification } from "../../src/protocol/methods.ts";
import { viewOf } from "../../src/protocol/threadView.ts";
import { UnreadSteers } from "../../webview-ui/session/unreadSteers.ts";
import * as make from "./page/items.ts";

/** How many messages are told to be unread after each notification. An id with a "!" steers. */
function check(notifications: object[], expected: number[]) {
  const view = viewOf(make.thread("t", "Thread", [make.turn("a", [], make.running)]));
  const unread = new UnreadSteers();
  const told = notifications.map((notification) => {
    applyNotification(view, notification as ServerNotification);
    return unread.take(view, notification as ServerNotification);
  });
  assert.deepEqual(told, expected);
}

const queue = (...ids: string[]) => ({
  method: "thread/queue/changed",
  params: {
    threadId: "t",
    queuedSubmissions: ids.map((id) => ({
      id: id.replace("!", ""),
      clientUserMessageId: id,
      input: [],
      ...(id.endsWith("!") ? { turnId: "a" } : {}),
    })),
  },
});
const ends = (status: string) => ({
  method: "turn/completed",
  params: { threadId: "t", turn: { id: "a", items: [], status } },
});

test("a stop before it was read", () => check([queue("s!", "q"), queue("s", "q"), ends("interrupted")], [0, 0, 1]));
test("a failure", () => check([queue("s!", "r!"), queue("s", "r"), ends("failed")], [0, 0, 2]));
test("a stop after it was read", () => check([queue("s!"), queue(), ends("interrupted")], [0, 0, 0]));
test("a turn that ends well begins the next one with it", () =>
  check([queue("s!"), queue("s"), ends("completed")], [0, 0, 0]));
test("what is deleted is not told", () => check([queue("s!"), queue("s"), queue(), ends("failed")], [0, 0, 0, 0]));
test("what waited before is not told", () => check([queue("q"), ends("interrupted")], [0, 0]));
