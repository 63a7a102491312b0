import assert from "node:assert/strict";
import { test } from "node:test";
import type { RestoredFile } from "../../src/protocol/review.ts";
import { bytes } from "../../webview-ui/words/bytes.ts";
import { type RestoreWhat, restoredWords } from "../../webview-ui/words/restoring.ts";

const file = (outcome: RestoredFile["outcome"]): RestoredFile => ({ path: "/f", kind: "update", outcome });

function check(what: RestoreWhat, outcomes: RestoredFile["outcome"][], expected: string) {
  assert.equal(restoredWords(what, outcomes.map(file)), expected);
}

test("one file", () => check("files", ["restored"], "Restored 1 file to before that message."));
test("files", () => check("files", ["restored", "merged"], "Restored 2 files to before that message."));
test("files and thread", () =>
  check("both", ["restored", "merged"], "Restored 2 files and the thread to before that message."));
test("the thread", () => check("thread", [], "Took the thread back to before that message."));
test("no file", () => check("files", [], "No file had to be changed."));
test("the thread, and no file", () =>
  check("both", [], "Took the thread back to before that message. No file had to be changed."));
test("files that were left", () =>
  check(
    "both",
    ["restored", "conflict", "failed"],
    "Restored 1 file and the thread to before that message. f, f were left as they are.",
  ));
test("only files that were left", () =>
  check("both", ["conflict"], "Took the thread back to before that message. f was left as it is."));

function checkBytes(count: number, expected: string) {
  assert.equal(bytes(count), expected);
}

test("nothing", () => checkBytes(0, "0 bytes"));
test("under a kilobyte", () => checkBytes(1023, "1023 bytes"));
test("a kilobyte", () => checkBytes(1024, "1 KB"));
test("with a decimal", () => checkBytes(1.5 * 2 ** 20, "1.5 MB"));
test("without one from ten on", () => checkBytes(12.3 * 2 ** 20, "12 MB"));
test("a gigabyte", () => checkBytes(2 ** 30, "1 GB"));
