import assert from "node:assert/strict";
import { test } from "node:test";
import { ContextLog, messageItem } from "../../../src/core/prompt/contextLog.ts";

const head = '{"model":"m","input":[';
const bytes = (text: string) => Buffer.byteLength(text);
const picture = (data: string) =>
  JSON.stringify({
    type: "message",
    role: "user",
    content: [{ type: "input_image", image_url: `data:image/png;base64,${data}`, detail: "auto" }],
  });

/** The estimate for a log with these items; a number in their place is a count of the server's at that moment. */
function check(steps: readonly (string | number)[], expected: number): void {
  const log = new ContextLog(head);
  for (const step of steps) {
    if (typeof step === "string") log.append(step);
    else log.calibrate(step);
  }
  assert.equal(log.estimatedTokens, expected);
}

const hello = JSON.stringify(messageItem("user", "Grüezi."));
const quoted = JSON.stringify(messageItem("user", picture("A".repeat(4000))));

test("an empty log costs its head", () => check([], Math.ceil(bytes(head) / 4)));
test("four bytes a token", () => check([hello, hello], Math.ceil((bytes(head) + 2 * bytes(hello)) / 4)));
test("the server's count stands for all that was there", () => check([hello, 5000], 5000));
test("what comes later is added to it", () => check([hello, 5000, hello], 5000 + Math.ceil(bytes(hello) / 4)));
test("the newest count wins", () => check([5000, hello, 100], 100));
test("a picture costs the same at any size", () => {
  const around = picture("").length - "image/png;base64,".length;
  for (const size of [0, 1, 4_000_000]) check([0, picture("A".repeat(size))], Math.ceil(around / 4 + 1500));
});
test("each picture of an item", () => {
  const two = JSON.stringify({ content: [JSON.parse(picture("A")), JSON.parse(picture("B".repeat(999)))] });
  const log = new ContextLog(head);
  log.calibrate(0);
  log.append(two);
  assert.ok(log.estimatedTokens > 3000 && log.estimatedTokens < 3100, `${log.estimatedTokens}`);
});
test("the words of a picture in a text are text", () => check([0, quoted], Math.ceil(bytes(quoted) / 4)));
