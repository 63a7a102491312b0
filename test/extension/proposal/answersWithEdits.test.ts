import assert from "node:assert/strict";
import { test } from "node:test";
import { answersWithEdits } from "../../../src/extension/proposal/answersWithEdits.ts";
import type { EditedContent } from "../../../src/protocol/review.ts";
import { memoryTransports } from "../../../src/rpc/memory.ts";
import type { WireMessage } from "../../../src/rpc/transport.ts";

const edit: EditedContent = { path: "/ws/a", text: "mine\n" };
const question = { id: 7, method: "item/fileChange/requestApproval", params: { itemId: "item-1" } };

/** What the server gets when the panel sends this after the question. */
async function check(asked: WireMessage, answer: WireMessage, expected: WireMessage): Promise<void> {
  const [panel, far] = memoryTransports();
  const server = answersWithEdits(far, (itemId) => (itemId === "item-1" ? [edit] : []));
  const got = Promise.withResolvers<WireMessage>();
  server.onMessage(got.resolve);
  panel.onMessage(() => {});
  await server.send(asked);
  await panel.send(answer);
  assert.deepEqual(await got.promise, expected);
}

test("accepted, the edits go with it", () =>
  check(
    question,
    { id: 7, result: { decision: "accept" } },
    { id: 7, result: { decision: "accept", editedContent: [edit] } },
  ));
test("with hunks, too", () =>
  check(
    question,
    { id: 7, result: { decision: "acceptForSession", acceptedHunks: ["1"] } },
    { id: 7, result: { decision: "acceptForSession", acceptedHunks: ["1"], editedContent: [edit] } },
  ));
const own = { decision: "accept", editedContent: [{ path: "/ws/a", text: "other\n" }] };
test("what the answer says itself stays", () => check(question, { id: 7, result: own }, { id: 7, result: own }));
const decline = { id: 7, result: { decision: "decline", feedback: "No." } };
test("a decline has none", () => check(question, decline, decline));
const accept = { id: 7, result: { decision: "accept" } };
test("nor has an answer about something else", () =>
  check({ ...question, params: { itemId: "item-2" } }, accept, accept));
test("nor has one about a command", () =>
  check({ ...question, method: "item/commandExecution/requestApproval" }, accept, accept));
const request = { id: 7, method: "thread/read", params: {} };
test("a request with the same id is none", () => check(question, request, request));
test("an error stays one", () => check(question, { id: 7, error: { code: 1 } }, { id: 7, error: { code: 1 } }));
