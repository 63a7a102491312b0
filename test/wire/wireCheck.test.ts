import assert from "node:assert/strict";
import { test } from "node:test";
import type { TranscriptLine } from "../support/transcript.ts";
import { wireProblems } from "./wireCheck.ts";

function check(lines: TranscriptLine[], expected: string[]) {
  assert.deepEqual(wireProblems(lines), expected);
}

const fromServer = (message: TranscriptLine["message"]): TranscriptLine => ({ from: "server", message });
const fromClient = (message: TranscriptLine["message"]): TranscriptLine => ({ from: "client", message });

test("a right conversation has no problems", () =>
  check(
    [
      fromClient({ id: 1, method: "turn/interrupt", params: { threadId: "a", turnId: "b" } }),
      fromServer({ id: 1, result: {} }),
    ],
    [],
  ));
test("a wrong shape is found", () =>
  check(
    [
      fromClient({ id: 1, method: "turn/interrupt", params: { threadId: 1, turnId: "b" } }),
      fromServer({ id: 1, result: {} }),
    ],
    ["line 1 turn/interrupt params/threadId must be string"],
  ));
test("a missing emittedAtMs is found", () =>
  check(
    [fromServer({ method: "thread/deleted", params: { threadId: "a" } })],
    ["line 1 thread/deleted: emittedAtMs is missing."],
  ));
test("an unknown notification is found", () =>
  check(
    [fromServer({ method: "thread/lost", params: {}, emittedAtMs: 1 })],
    ["line 1 thread/lost: the protocol has no such notification."],
  ));
test("a jsonrpc member is found", () =>
  check([fromClient({ jsonrpc: "2.0", method: "initialized" })], ["line 1: it carries a jsonrpc member."]));
test("an open request is found", () =>
  check(
    [fromClient({ id: 7, method: "model/list", params: {} })],
    ["The client's request 7 model/list was never answered."],
  ));
test("an answer to nothing is found", () =>
  check([fromServer({ id: 7, result: {} })], ["line 1: it answers a request that was never sent."]));
