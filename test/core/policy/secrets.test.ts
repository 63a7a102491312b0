import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Secrets } from "../../../src/core/policy/secrets.ts";

const key = "sk-proj-A1b2C3d4E5f6";

/** What a stream of these pieces gives, the end included. */
function streamed(pieces: readonly string[], secrets: Secrets): string {
  const stream = secrets.stream();
  return pieces.map((piece) => stream.push(piece)).join("") + stream.end();
}

/** The text in pieces is cut as it is in one, wherever it is torn apart. */
function checkTorn(text: string, expected: string, values: readonly string[] = [key]): void {
  const secrets = new Secrets(values);
  assert.equal(secrets.text(text), expected);
  assert.equal(streamed([...text], secrets), expected, "one character at a time");
  for (let one = 0; one <= text.length; one++) {
    assert.equal(streamed([text.slice(0, one), text.slice(one)], secrets), expected, `torn at ${one}`);
  }
}

test("cuts a secret that comes in pieces", () => checkTorn(`a ${key} b`, "a [redacted] b"));
test("cuts it at the end", () => checkTorn(`a ${key}`, "a [redacted]"));
test("cuts two in a row", () => checkTorn(`${key}${key}`, "[redacted][redacted]"));
test("gives back what only begins like one", () => checkTorn("sk-proj-A1b2, sk-", "sk-proj-A1b2, sk-"));
test("cuts one that begins within what looked like one", () =>
  checkTorn(`sk-prosk-proj-${key}`, "sk-prosk-proj-[redacted]"));
test("cuts it in base64", () => {
  const base64 = btoa(`:${key}:`);
  const cut = new Secrets([key]).text(base64);
  assert.match(cut, /^.{1,2}\[redacted\].{1,4}$/);
  checkTorn(base64, cut);
});
test("cuts the longer of two that begin alike", () =>
  checkTorn("secret-1 secret-12345", "[redacted] [redacted]", ["secret-1", "secret-12345"]));
test("cuts the rest of one that ends as another begins", () =>
  checkTorn("abcdefgh-ijklmnop", "[redacted]lmnop", ["abcdefgh-ijk", "-ijklmnop"]));

test("in pieces or whole, the same is cut of random texts", () => {
  const values = ["aabaabab", "abaaabab", "babababa", "aabaabababab"];
  const pieces = fc.array(fc.oneof(fc.constantFrom(...values, "a", "b", "ab", "aabaab"), fc.string({ maxLength: 3 })));
  const property = fc.property(pieces, (all) => {
    const secrets = new Secrets(values);
    assert.equal(streamed(all, secrets), secrets.text(all.join("")));
  });
  fc.assert(property, { seed: 1, numRuns: 2000 });
});

test("cuts strings and names anywhere in a value, and leaves the rest as it is", () => {
  const secrets = new Secrets([key]);
  const bytes = new Uint8Array([1]);
  const value = { a: [`<${key}>`, { b: 1, [key]: null }], c: { d: "d" }, bytes };
  const cut = secrets.value(value);
  assert.deepEqual(cut, { a: ["<[redacted]>", { b: 1, "[redacted]": null }], c: { d: "d" }, bytes });
  assert.equal(cut.c, value.c);
  assert.equal(secrets.value(value.c), value.c);
});

test("an old key stays secret when a new one comes", () => {
  const secrets = new Secrets([key]);
  secrets.add("another-key-12345", undefined, "", "short");
  assert.equal(secrets.text(`${key} another-key-12345 short`), "[redacted] [redacted] short");
});

test("knows whether it ever cut anything", () => {
  const secrets = new Secrets([key]);
  secrets.text("nothing");
  assert.equal(secrets.hasCut, false);
  secrets.text(key);
  assert.equal(secrets.hasCut, true);
});

test("cuts a secret that the end of a text cuts off", () => {
  const secrets = new Secrets([key]);
  assert.equal(secrets.cutText("key=sk-proj-A1b"), "key=[redacted]");
  assert.equal(secrets.cutText("key=sk-p"), "key=sk-p");
});
