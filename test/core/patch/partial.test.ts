import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeText } from "../../../src/core/patch/encoding.ts";
import { partialInput, planPartial } from "../../../src/core/patch/partial.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const files: Readonly<Record<string, Uint8Array>> = { a: encode("1\n2\n3\n"), large: encode("x\n".repeat(1_000_000)) };

/** What is shown of a patch that has come so far: each file's text, or nothing. */
async function check(patch: string, expected: Readonly<Record<string, string>> | undefined): Promise<void> {
  const planned = await planPartial(patch, { resolve: (path) => path, read: async (path) => files[path] });
  const texts = planned?.map(({ path, edit }) => [path, edit.kind === "delete" ? "" : decodeText(edit.after)?.text]);
  assert.deepEqual(texts && Object.fromEntries(texts), expected);
}

const begin = "*** Begin Patch\n";
const update = `${begin}*** Update File: a\n@@\n`;
test("nothing", () => check("", undefined));
test("the first line", () => check(begin, undefined));
test("a path that is not whole", () => check(`${begin}*** Update File: a`, undefined));
test("a hunk without a line", () => check(update, undefined));
test("lines that stay", () => check(`${update} 1\n`, undefined));
test("a line that goes", () => check(`${update} 1\n-2\n`, { a: "1\n3\n" }));
test("half of the line that comes for it", () => check(`${update} 1\n-2\n+tw`, { a: "1\n3\n" }));
test("all of it", () => check(`${update} 1\n-2\n+two\n`, { a: "1\ntwo\n3\n" }));
test("a patch that is whole", () => check(`${update} 1\n-2\n+two\n*** End Patch\n`, { a: "1\ntwo\n3\n" }));
test("a new file that grows", () => check(`${begin}*** Add File: b\n+x\n+y\n+z`, { b: "x\ny\n" }));
test("a second file", () => check(`${update}-2\n*** Delete File: a\n`, undefined));
test("lines that are not there", () => check(`${update}-4\n`, undefined));
test("a large file", () => check(`${begin}*** Update File: large\n@@\n-x\n`, undefined));

function checkInput(json: string, expected: string): void {
  assert.equal(partialInput(json), expected);
}
test("JSON before its text", () => checkInput('{"inp', ""));
test("JSON in its text", () => checkInput('{"input": "a\\nb', "a\nb"));
test("JSON in the middle of an escape", () => checkInput('{"input":"a\\u00', "a"));
test("JSON after its text", () => checkInput('{"input":"a\\"\\u00e9"}', 'a"é'));
