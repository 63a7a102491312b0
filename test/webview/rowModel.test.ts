import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { ThreadItem } from "../../src/protocol/items.ts";
import type { Turn } from "../../src/protocol/threads.ts";
import type { PendingApproval } from "../../src/protocol/threadView.ts";
import { newestEditId, rowsOf, sameRow } from "../../webview-ui/rows/model.ts";
import * as make from "./page/items.ts";

beforeEach(() => make.resetIds());

/** A row is written as its kind and what it depends on. */
function check(turn: Turn, expected: string[], approvals: PendingApproval[] = []) {
  const rows = rowsOf(turn, { approvals, newestEditId: newestEditId([turn]) });
  const written = rows.map((row) => {
    switch (row.kind) {
      case "exploration":
        return `exploration of ${row.items.length}${row.live ? ", live" : ""}`;
      case "command":
        return `command ${row.state}${row.movedOn ? ", moved on" : ""}`;
      case "fileChange":
        return `fileChange ${row.state}${row.newest ? ", newest" : ""}`;
      default:
        return "live" in row && row.live ? `${row.kind}, live` : row.kind;
    }
  });
  assert.deepEqual(written, expected);
}

const ended = (...items: ThreadItem[]) => make.turn("t", items);
const runs = (...items: ThreadItem[]) => make.turn("t", items, make.running);

function asks(item: ThreadItem): PendingApproval {
  const params = { threadId: "x", turnId: "t", itemId: item.id, startedAtMs: 0 };
  return { requestId: item.id, method: "item/commandExecution/requestApproval", params };
}

test("neighbouring exploration is one row", () =>
  check(ended(make.user("a"), make.read("b"), make.search("c"), make.say("d"), make.read("e")), [
    "userMessage",
    "exploration of 2",
    "agentMessage",
    "exploration of 1",
  ]));

test("exploration is live while its last call runs", () =>
  check(runs(make.read("a"), make.tool("read_file", { path: "b" }, "inProgress")), ["exploration of 2, live"]));

test("a tool of its own kind is a row of its own", () => check(ended(make.tool("teleport", {})), ["tool"]));

test("thinking without words leaves no row once it is done", () => {
  const empty: ThreadItem = {
    type: "reasoning",
    id: "r",
    summary: [""],
    content: [],
    startedAtMs: 1,
    completedAtMs: 2,
  };
  check(ended(make.read("a"), empty, make.read("b")), ["exploration of 2"]);
  check(runs(make.read("a"), { ...empty, completedAtMs: null }), ["exploration of 1", "reasoning, live"]);
});

test("the plan stands where it first appeared, and parts exploration", () => {
  const first = make.read("a");
  const plan = make.plan(first.id, ["x", "inProgress"]);
  check(make.turn("t", [first, make.read("b")], { ...make.running, plan: plan as NonNullable<typeof plan> }), [
    "exploration of 1",
    "plan, live",
    "exploration of 1",
  ]);
});

test("a plan before everything", () => {
  const plan = make.plan(null, ["x", "completed"]);
  check(make.turn("t", [make.user("a")], { plan: plan as NonNullable<typeof plan> }), ["plan", "userMessage"]);
});

test("a command folds when the agent took a later step", () => {
  check(ended(make.command("a", ""), make.say("b")), ["command passed, moved on", "agentMessage"]);
  check(ended(make.command("a", "")), ["command passed"]);
});

test("a command beside it is no later step", () =>
  check(ended(make.command("a", "", { completedAtMs: make.NOW_MS }), make.command("b", "")), [
    "command passed",
    "command passed",
  ]));

test("how commands end", () =>
  check(
    ended(
      make.command("a", "", { exitCode: 1, status: "failed" }),
      make.command("b", "", { exitCode: null, status: "failed" }),
      make.command("c", "", { exitCode: null, status: "declined" }),
      make.runningCommand("d", ""),
    ),
    ["command failed, moved on", "command stopped, moved on", "command denied, moved on", "command stopped"],
  ));

test("the item that is asked about is shown as its question, those behind it wait", () => {
  const first = make.runningCommand("a", "");
  const second = make.runningCommand("b", "");
  const third = make.edit([], "inProgress");
  check(
    runs(first, second, third),
    ["approval", "command waiting", "fileChange waiting, newest"],
    [asks(first), asks(second), asks(third)],
  );
});

test("a question about an item that is not there is still asked", () =>
  check(runs(make.user("a")), ["userMessage", "approval"], [asks({ ...make.user("b"), id: "elsewhere" })]));

test("only the newest edit of the thread is the newest", () =>
  check(ended(make.edit([]), make.edit([], "declined"), make.edit([], "failed")), [
    "fileChange applied",
    "fileChange rejected",
    "fileChange failed, newest",
  ]));

test("a row is the same as long as its items are the same objects", () => {
  const turn = runs(make.read("a"), make.read("b"));
  const around = { approvals: [], newestEditId: undefined };
  const [before] = rowsOf(turn, around);
  assert.equal(sameRow(before, rowsOf(turn, around)[0]), true);
  turn.items[1] = { ...(turn.items[1] as ThreadItem) };
  assert.equal(sameRow(before, rowsOf(turn, around)[0]), false);
});

const compaction = (completedAtMs: number | null): ThreadItem => ({
  type: "contextCompaction",
  id: "c",
  completedAtMs,
});
test("a condensed thread", () => check(ended(compaction(1)), ["compaction"]));
test("one that is being condensed", () => check(runs(compaction(null)), ["compaction, live"]));

/** What each message of the user opens. */
function checkOpens(isFirst: boolean, expected: (string | undefined)[]) {
  const rows = rowsOf(ended(make.user("a"), make.say("b"), make.user("c")), {
    approvals: [],
    newestEditId: undefined,
    isFirst,
  });
  assert.deepEqual(
    rows.flatMap((row) => (row.kind === "userMessage" ? [row.opens] : [])),
    expected,
  );
}

test("a turn begins with its first message, and a later one steered it", () => checkOpens(false, ["turn", undefined]));
test("the thread begins with the first one of all", () => checkOpens(true, ["thread", undefined]));
