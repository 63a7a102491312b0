import assert from "node:assert/strict";
import { test } from "node:test";
import { labelText, noticeText } from "../../src/extension/shownWords.ts";

const check = (actual: string, expected: string) => assert.equal(actual, expected);

test("a notification in plain words", () => check(noticeText("It failed (again)."), "It failed (again)."));
test("a name that would be a link there", () =>
  check(
    noticeText("There is no file [Fix](command:workbench.action.quit)."),
    "There is no file [Fix] (command:workbench.action.quit).",
  ));
test("one that hides", () => check(noticeText("a\u202eb\x1b[31m"), "a\\u{202E}b"));
test("a name that would be a picture in a list", () =>
  check(labelText("$(check) safe\n.ts"), "$ (check) safe\\u{A}.ts"));
