import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { pageMessage, panelMethods } from "../../src/extension/pageMessage.ts";
import { requests } from "../../src/protocol/methods.ts";

function check(value: unknown, expected: "taken" | "dropped") {
  assert.equal(pageMessage(value) ? "taken" : "dropped", expected);
}

const page = "p1";
test("a request", () => check({ page, id: 1, method: "turn/start", params: { threadId: "t" } }, "taken"));
test("a request of the shell", () => check({ page, id: 1, method: "editor/state", params: {} }, "taken"));
test("a request without params", () => check({ page, id: "a", method: "model/list" }, "taken"));
test("a notification", () => check({ page, method: "initialized" }, "taken"));
test("that it is still there", () => check({ page, method: "editor/here" }, "taken"));
test("an answer", () => check({ page, id: 1, result: { decision: "accept" } }, "taken"));
test("an answer that is an error", () => check({ page, id: 1, error: { code: 1, message: "No." } }, "taken"));

test("a text", () => check("turn/start", "dropped"));
test("nothing", () => check(null, "dropped"));
test("a list", () => check([{ page, id: 1, method: "turn/start" }], "dropped"));
test("of no page", () => check({ id: 1, method: "turn/start" }, "dropped"));
test("of a page that is none", () => check({ page: { toString: "x" }, id: 1, method: "turn/start" }, "dropped"));
test("an unknown request", () => check({ page, id: 1, method: "turn/own" }, "dropped"));
test("a request of the server that is not the panel's", () =>
  check({ page, id: 1, method: "account/login/start", params: { type: "apiKey", apiKey: "k" } }, "dropped"));
test("an unknown request of the shell", () => check({ page, id: 1, method: "editor/runCommand" }, "dropped"));
test("a name that every object has", () => check({ page, id: 1, method: "constructor" }, "dropped"));
test("an unknown notification", () => check({ page, method: "turn/start", params: {} }, "dropped"));
test("a notification of the server's", () => check({ page, method: "item/completed", params: {} }, "dropped"));
test("an id that is none", () => check({ page, id: {}, method: "turn/start" }, "dropped"));
test("params that are none", () => check({ page, id: 1, method: "turn/start", params: "x" }, "dropped"));
test("more than a message has", () => check({ page, id: 1, method: "turn/start", params: {}, more: "x" }, "dropped"));
test("neither result nor error", () => check({ page, id: 1 }, "dropped"));
test("both result and error", () => check({ page, id: 1, result: {}, error: {} }, "dropped"));
test("a prototype", () =>
  check({ page, id: 1, method: "turn/start", params: JSON.parse('{"a": {"__proto__": {"polluted": 1}}}') }, "dropped"));
test("a picture", () => check({ page, id: 1, method: "turn/start", params: { a: "x".repeat(2 ** 24) } }, "taken"));
test("too much in one text", () =>
  check({ page, id: 1, method: "turn/start", params: { a: "x".repeat(2 ** 25 + 1) } }, "dropped"));
test("too much in many", () =>
  check({ page, id: 1, method: "turn/start", params: { a: Array.from({ length: 2 ** 22 + 1 }, () => 1) } }, "dropped"));

test("nested too deep", () => {
  let nested: unknown = 1;
  for (let depth = 0; depth < 40; depth++) nested = { nested };
  check({ page, id: 1, method: "turn/start", params: nested }, "dropped");
});

test("nothing is polluted by what is dropped", () => {
  pageMessage(JSON.parse('{"page": "p", "__proto__": {"polluted": 1}, "id": 1, "method": "turn/start"}'));
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});

test("what the panel may ask is what it asks", async () => {
  const folder = path.resolve(import.meta.dirname, "../../webview-ui");
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".ts"));
  const texts = await Promise.all(files.map((name) => readFile(path.join(folder, name), "utf8")));
  const named = texts.flatMap((text) => [...text.matchAll(/"([a-z]+(?:\/[A-Za-z]+)*)"/g)].map(([, name = ""]) => name));
  // These are put together from a word and what is done.
  const made = ["thread/archive", "thread/unarchive", "thread/delete"];
  const asked = new Set(
    [...named, ...made].filter((name) => Object.hasOwn(requests, name) || name.startsWith("rule/")),
  );
  asked.delete("rule/updated");
  assert.deepEqual([...panelMethods].sort(), [...asked].sort());
});
