import assert from "node:assert/strict";
import { test } from "node:test";
import { type ObservedRequest, violation } from "./requests.ts";

const resource = "https://vscode-remote+127-002e0-002e0-002e1-003a80.vscode-resource.vscode-cdn.net/dist/webview.js";

function check(
  url: string,
  how: ObservedRequest["outcome"] | "answeredByServiceWorker",
  expected: "right" | "wrong",
): void {
  const fromServiceWorker = how === "answeredByServiceWorker";
  const outcome = fromServiceWorker ? "answered" : (how as ObservedRequest["outcome"]);
  const sentence = violation({ url, outcome, fromServiceWorker });
  assert.equal(sentence === undefined ? "right" : "wrong", expected);
  if (sentence !== undefined) assert.ok(sentence.startsWith(url));
}

test("this machine may be asked", () => check("http://127.0.0.1:8080/", "answered", "right"));
test("this machine may fail", () => check("http://127.0.0.1:8080/missing", "failed", "right"));
test("this machine's sockets are its own", () => check("ws://127.0.0.1:8080/", "answered", "right"));
test("what is not asked of a host is no request", () => check("data:text/plain,a", "answered", "right"));
test("a blob neither", () => check("blob:http://127.0.0.1:8080/1-2", "answered", "right"));
test("the service worker answers for the extension", () => check(resource, "answeredByServiceWorker", "right"));
test("a reload may cancel its answer", () => check(resource, "cancelled", "right"));

test("the network must not answer for it", () => check(resource, "answered", "wrong"));
test("its failure is one", () => check(resource, "failed", "wrong"));
test("so is silence", () => check(resource, "open", "wrong"));
test("another host must not answer", () => check("https://example.com/", "answered", "wrong"));
test("nor by a service worker", () => check("https://example.com/", "answeredByServiceWorker", "wrong"));
test("nor fail", () => check("https://example.com/", "failed", "wrong"));
test("nor be asked and left", () => check("https://example.com/", "cancelled", "wrong"));
test("nor take a socket", () => check("wss://example.com/", "answered", "wrong"));
test("a name that only begins like ours is another", () => check("http://127.0.0.1.example.com/", "answered", "wrong"));
test("a name that only ends like ours is another", () =>
  check("https://evilvscode-resource.vscode-cdn.net/", "answeredByServiceWorker", "wrong"));
test("localhost is another name", () => check("http://localhost:8080/", "answered", "wrong"));
