import assert from "node:assert/strict";
import { test } from "node:test";
import { answerEditorRequest, type EditorActions, isForShell } from "../../src/extension/editorShell.ts";
import { AgentError } from "../../src/protocol/errors.ts";
import type { WireMessage } from "../../src/rpc/transport.ts";

/** Actions that answer with what they were asked; opening a file fails. */
const actions = new Proxy({} as EditorActions, {
  get: (_target, method) => async (params: unknown) => {
    if (method === "editor/openFile") throw new AgentError("notFound", "There is no such file.");
    return { method, params };
  },
});

async function check(message: WireMessage, expected: WireMessage | undefined): Promise<void> {
  assert.deepEqual(await answerEditorRequest(actions, message), expected);
}

test("a request", () =>
  check(
    { id: 1, method: "editor/copy", params: { text: "a", extra: 1 } },
    { id: 1, result: { method: "editor/copy", params: { text: "a" } } },
  ));
test("without params", () =>
  check({ id: "x", method: "editor/state" }, { id: "x", result: { method: "editor/state", params: {} } }));
test("wrong params", () =>
  check(
    { id: 1, method: "editor/openFile", params: { path: "a", line: 0 } },
    {
      id: 1,
      error: {
        code: -32602,
        message: "Invalid params at line: Too small: expected number to be >=1",
        data: undefined,
      },
    },
  ));
test("an unknown method", () =>
  check(
    { id: 1, method: "editor/runAnything" },
    { id: 1, error: { code: -32601, message: "Unknown method: editor/runAnything", data: undefined } },
  ));
test("a name that every object has", () =>
  check(
    { id: 1, method: "constructor" },
    { id: 1, error: { code: -32601, message: "Unknown method: constructor", data: undefined } },
  ));
test("an action that fails", () =>
  check(
    { id: 1, method: "editor/openFile", params: { path: "a" } },
    { id: 1, error: { code: -32603, message: "There is no such file.", data: { code: "notFound" } } },
  ));
test("a notification gets no answer", () => check({ method: "editor/state" }, undefined));

test("only editor methods are the shell's", () => {
  const methods = ["editor/state", "editorial", "thread/start", undefined, 3];
  assert.deepEqual(
    methods.map((method) => isForShell({ method })),
    [true, false, false, false, false],
  );
});
