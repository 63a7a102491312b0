import assert from "node:assert/strict";
import { test } from "node:test";
import type { ExplorationItem } from "../../webview-ui/rows/model.ts";
import { doing, lookOf, summary } from "../../webview-ui/words/exploration.ts";

function call(tool: string, args: unknown, output?: string): ExplorationItem {
  const contentItems = output === undefined ? null : [{ type: "inputText" as const, text: output }];
  return { type: "dynamicToolCall", id: "x", tool, arguments: args, status: "completed", contentItems };
}

function check(items: ExplorationItem[], expected: string) {
  assert.equal(summary(items), expected);
}

const read = (path: string) => call("read_file", { path });
const search = (pattern: string) => call("search_text", { pattern });

test("one file", () => check([read("a")], "Read 1 file"));
test("the same file twice is one file", () => check([read("a"), read("a"), read("b")], "Read 2 files"));
test("files and patterns", () =>
  check([read("a"), search("x"), read("b"), search("y")], "Read 2 files, searched 2 patterns"));
test("in the order in which they came", () => check([search("x"), read("a")], "Searched 1 pattern, read 1 file"));
test("everything else", () =>
  check(
    [
      call("list_files", {}),
      call("read_diagnostics", {}),
      call("find_symbol", { name: "f" }),
      { type: "imageView", id: "i", path: "/a/b.png" },
    ],
    "Listed 1 folder, checked the problems, looked up 1 symbol, viewed 1 picture",
  ));
test("arguments that are none", () => check([call("read_file", "what"), call("read_file", null)], "Read 1 file"));

test("what is being done names the file or the pattern", () => {
  assert.equal(doing(read("src/deep/backoff.ts")), "Reading backoff.ts");
  assert.equal(doing(search("a/b")), "Searching a/b");
});

function note(item: ExplorationItem, expected: string) {
  assert.equal(lookOf(item).note, expected);
}

test("the lines that were read", () => note(call("read_file", { path: "a", offset: 60, limit: 61 }), "60–120"));
test("from a line on", () => note(call("read_file", { path: "a", offset: 60 }), "60–"));
test("the whole file", () => note(read("a"), ""));
test("what a search found", () =>
  note(call("search_text", { pattern: "x" }, "a.ts:1: x\na.ts:9: x\nb.ts:3: x"), "3 matches in 2 files"));
test("a search that found nothing", () => note(call("search_text", { pattern: "x" }, "No matches."), "No matches"));
test("a search that runs, in a folder", () => note(call("search_text", { pattern: "x", path: "src" }), "src"));
