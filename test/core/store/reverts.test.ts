import assert from "node:assert/strict";
import { test } from "node:test";
import { forkedRecords } from "../../../src/core/store/fork.ts";
import type { JournalRecord } from "../../../src/core/store/records.ts";
import { revertsToUndo, withoutReverted } from "../../../src/core/store/reverts.ts";

/** A journal in short: "a" is a turn, "-a" takes back to before it, "<" takes that back, "=a" notes what became of its files. */
function journal(text: string): JournalRecord[] {
  return text.split(" ").map((word): JournalRecord => {
    if (word === "<") return { type: "revertUndone" };
    if (word.startsWith("-")) return { type: "revert", beforeTurnId: word.slice(1) };
    if (word.startsWith("=")) return filesOf(word.slice(1));
    return { type: "turn", turnId: word, startedAt: 0 };
  });
}

function filesOf(turnId: string): JournalRecord {
  const checkpoint = { id: turnId, kind: "turn", turnId, createdAt: 0 } as const;
  return { type: "checkpointFiles", checkpoint, before: "1", after: "2", changedFiles: 1 };
}

function shown(records: readonly JournalRecord[]): string {
  const words = records.flatMap((record) => {
    if (record.type === "turn") return [record.turnId];
    return record.type === "checkpointFiles" ? [`=${record.checkpoint.id}`] : [];
  });
  return words.join(" ");
}

const checkRead = (text: string, expected: string) => assert.equal(shown(withoutReverted(journal(text))), expected);
const checkUndo = (text: string, last: string | null, expected: number | undefined) =>
  assert.equal(revertsToUndo(journal(text), last), expected);

test("a revert takes turns back", () => checkRead("a b c -b", "a"));
test("taken back, it leaves them", () => checkRead("a b c -b <", "a b c"));
test("only the last one is taken back", () => checkRead("a b c -c -b <", "a b"));
test("and then the one before", () => checkRead("a b c -c -b < <", "a b c"));
test("one that was made again stands", () => checkRead("a b c -b < -c", "a b"));
test("without a revert there is nothing to take back", () => checkRead("a b <", "a b"));
test("what became of the files stays", () => checkRead("a =a b =b -a", "=a =b"));

test("none needs to be taken back", () => checkUndo("a b", "b", 0));
test("the last one", () => checkUndo("a b c -b", "c", 1));
test("two of them", () => checkUndo("a b c -c -b", "c", 2));
test("the last of two", () => checkUndo("a b c -c -b", "b", 1));
test("one that leaves nothing", () => checkUndo("a -a", "a", 1));
test("to an empty thread there is nothing to undo", () => checkUndo("a -a", null, 0));
test("not past a turn that came since", () => checkUndo("a b -b c", "b", undefined));
test("not to what never was", () => checkUndo("a b -b", "x", undefined));

function checkCopy(text: string, lastTurnId: string, expected: string) {
  const first = { type: "thread", version: 1, id: "1", cwd: "/", createdAt: 0, source: "vscode" } as const;
  const copied = forkedRecords([first, ...journal(text)], { id: "2", now: 0, until: { lastTurnId } });
  assert.equal(shown(copied), expected);
}

test("a copy has what became of the files in its turns", () => checkCopy("a =a b =b", "a", "a =a"));
test("also when that was noted in the next one", () => checkCopy("a =a b =a =b", "a", "a =a =a"));
