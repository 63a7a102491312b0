import assert from "node:assert/strict";
import { test } from "node:test";
import { type ExecEvent, ExecEvents } from "../../src/cli/execEvents.ts";
import { newTurn } from "../../src/core/turnFrame.ts";
import type { TokenCounts } from "../../src/protocol/threads.ts";

const threadId = "t";
const turn = { ...newTurn("u", 0), status: "completed" as const };

function counts(inputTokens: number, outputTokens: number): TokenCounts {
  const totalTokens = inputTokens + outputTokens;
  return { inputTokens, cachedInputTokens: 0, outputTokens, reasoningOutputTokens: 0, totalTokens };
}

/** What is told of tokens before the turn and in it, each as all of the thread and what the newest request had. */
function check(before: readonly TokenCounts[], told: readonly (readonly [TokenCounts, TokenCounts])[], input: number) {
  const events: ExecEvent[] = [];
  const exec = new ExecEvents((event) => events.push(event));
  const tell = (total: TokenCounts, last: TokenCounts) =>
    exec.hear({
      method: "thread/tokenUsage/updated",
      params: { threadId, turnId: turn.id, tokenUsage: { total, last, modelContextWindow: 1000 } },
    });
  for (const total of before) tell(total, total);
  exec.hear({ method: "turn/started", params: { threadId, turn } });
  for (const [total, last] of told) tell(total, last);
  exec.turnEnded(turn);
  const end = events.at(-1);
  assert.equal(end?.type === "turn.completed" && end.usage.input_tokens, input);
}
test("all requests of the turn", () =>
  check(
    [],
    [
      [counts(10, 1), counts(10, 1)],
      [counts(30, 2), counts(20, 1)],
    ],
    30,
  ));
test("not what the thread had before", () => check([counts(100, 10)], [[counts(130, 11), counts(30, 1)]], 30));
test("what condensing the context cost, and not what is left of it", () =>
  check(
    [],
    [
      [counts(900, 1), counts(900, 1)],
      [counts(1850, 51), counts(70, 0)],
    ],
    1850,
  ));
