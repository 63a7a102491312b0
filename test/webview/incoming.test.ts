import assert from "node:assert/strict";
import { test } from "node:test";
import { incoming } from "../../webview-ui/shell/incoming.ts";

function check(data: unknown, expected: "taken" | "dropped") {
  assert.equal(incoming(data, "p1") ? "taken" : "dropped", expected);
}

const page = "p1";
test("an answer", () => check({ page, id: 1, result: {} }, "taken"));
test("an answer that is an error", () => check({ page, id: 1, error: { code: 1, message: "No." } }, "taken"));
test("what is told", () => check({ page, method: "item/started", params: {}, emittedAtMs: 1 }, "taken"));
test("what the shell tells", () => check({ page, method: "editor/focus", params: {} }, "taken"));
test("a question", () => check({ page, id: 1, method: "item/fileChange/requestApproval", params: {} }, "taken"));

test("of no page", () => check({ method: "item/started", params: {} }, "dropped"));
test("of another loading of the page", () => check({ page: "p0", method: "item/started", params: {} }, "dropped"));
test("a text", () => check("item/started", "dropped"));
test("a list", () => check([{ page, method: "item/started" }], "dropped"));
test("something else that is told", () => check({ page, method: "item/exploded", params: {} }, "dropped"));
test("a name that every object has", () => check({ page, method: "constructor", params: {} }, "dropped"));
test("a question that is none", () => check({ page, id: 1, method: "item/started", params: {} }, "dropped"));
test("a question without an id", () => check({ page, method: "item/fileChange/requestApproval" }, "dropped"));
test("params that are none", () => check({ page, method: "item/started", params: [1] }, "dropped"));
test("an answer without one", () => check({ page, id: 1 }, "dropped"));
test("an answer to nobody", () => check({ page, id: {}, result: {} }, "dropped"));
