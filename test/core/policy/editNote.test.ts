import assert from "node:assert/strict";
import { test } from "node:test";
import type { PathClass } from "../../../src/core/policy/classifyPath.ts";
import { editNote } from "../../../src/core/policy/editNote.ts";

const plain = { place: "inside", known: true, throughLink: false, protected: false, hardLinked: false } as const;

function placeAt(path: string, more: Partial<PathClass> = {}): PathClass {
  return { ...plain, path, realPath: path, entryPath: path, ...more };
}

function check(written: readonly PathClass[], note: string | undefined) {
  assert.equal(editNote(written), note);
}

test("nothing is said of what is made at once", () => check([placeAt("/w/a.ts")], undefined));
test("nor of what lies outside", () => check([placeAt("/b.ts", { place: "outside" })], undefined));
test("nor of a path that leads nobody knows where", () =>
  check([placeAt("/w/a", { place: "outside", known: false, protected: true })], undefined));
test("protected files by name, each once", () =>
  check(
    [placeAt("/w/AGENTS.md", { protected: true }), placeAt("C:\\w\\tasks.json", { protected: true })],
    "Protected, since programs or agents obey what it says: AGENTS.md, tasks.json.",
  ));
test("a file with other names", () =>
  check(
    [placeAt("/w/a", { hardLinked: true }), placeAt("/w/b")],
    "Has other names, which may lie outside of the workspace: a.",
  ));
test("a protected one with other names is called protected", () =>
  check(
    [placeAt("/w/.env", { protected: true, hardLinked: true })],
    "Protected, since programs or agents obey what it says: .env.",
  ));
