import assert from "node:assert/strict";
import { test } from "node:test";
import { keyProblem } from "../../src/core/model/keyProblem.ts";
import { chooseProvider } from "../../src/extension/provider.ts";
import { english } from "../support/english.ts";

function check(baseUrl: string | undefined, OPENAI_BASE_URL: string | undefined, expected: string): void {
  const { name, baseUrl: address } = chooseProvider(
    { baseUrl, environment: { OPENAI_BASE_URL }, apiKey: "k" },
    english,
  );
  assert.equal(`${name} ${address}`, expected);
}

test("OpenAI when nothing is said", () => check(undefined, undefined, "openai https://api.openai.com/v1"));
test("the environment", () => check(undefined, "http://127.0.0.1:8080/v1", "127.0.0.1 http://127.0.0.1:8080/v1"));
test("the setting wins", () => check("https://a.example/v1/", "https://b.example", "a.example https://a.example/v1"));
test("a blank variable counts as none", () => check(undefined, " ", "openai https://api.openai.com/v1"));

function checkRefused(baseUrl: string): void {
  assert.throws(() => chooseProvider({ baseUrl, environment: {}, apiKey: "k" }, english), { code: "badRequest" });
}

test("no scheme", () => checkRefused("api.openai.com/v1"));
test("another scheme", () => checkRefused("file:///etc/passwd"));

function checkKey(text: string, fine: boolean): void {
  assert.equal(keyProblem(text) === undefined, fine);
}

test("a key", () => checkKey("sk-abc_DEF-123", true));
test("a key with space around it", () => checkKey(" sk-abc\n", true));
test("nothing", () => checkKey("  ", false));
test("a long token", () => checkKey("k".repeat(16 * 1024), true));
test("what is too long for one", () => checkKey("k".repeat(16 * 1024 + 1), false));
test("two words", () => checkKey("sk abc", false));
test("a character that no header takes", () => checkKey("sk-é", false));
