import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { rebuildThread } from "../../../src/core/store/rebuild.ts";
import { type JournalRecord, parseJournal } from "../../../src/core/store/records.ts";

const turnId = fc.constantFrom("t1", "t2");
const words = fc.oneof(
  fc.string(),
  fc.constantFrom('{"type":"name","name":"x"}', '"}', "\n", "é🙂", "\\", '{"type":"'),
);

/** Records with all that may confuse a reader in their texts. Each is told apart by its number. */
const records = fc
  .array(
    fc.oneof(
      words.map((name) => ({ type: "name", name })),
      fc.record({ type: fc.constant("diff"), turnId, diff: words }),
      fc.record({ type: fc.constant("turn"), turnId, startedAt: fc.nat() }),
      words.map((text) => ({ type: "input", item: { type: "message", content: [{ text, deep: { text: [text] } }] } })),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((all) => all as JournalRecord[]);

const garbage = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom("\0\0\0\0", '{"type":"', '{"type":"name","name":"', "}{", '"', "\n", "\r\n", "\\", "[[[")
    .map((text) => Buffer.from(text)),
);

const lineOf = (record: JournalRecord) => Buffer.from(`${JSON.stringify(record)}\n`);

/** All of these records are read, in order; others may stand between them. */
function checkKept(text: Buffer, kept: readonly JournalRecord[]): void {
  const read = parseJournal(text.toString("utf8")).map((record) => JSON.stringify(record));
  let at = -1;
  for (const record of kept) {
    const found = read.indexOf(JSON.stringify(parseJournal(lineOf(record).toString())[0]), at + 1);
    assert.ok(found > at, `${JSON.stringify(record)} is not read from ${JSON.stringify(text.toString("utf8"))}`);
    at = found;
  }
  const rebuilt = rebuildThread(parseJournal(text.toString("utf8")), { id: "i", path: "p", version: "0" });
  assert.ok(rebuilt === undefined || rebuilt.view.thread.id === "i");
}

/** 1000 random journals, the same ones every time. */
function check<T>(name: string, values: fc.Arbitrary<T>, holds: (value: T) => void): void {
  test(name, () => fc.assert(fc.property(values, holds), { seed: 1, numRuns: 1000 }));
}

check(
  "what stands before a cut is read, wherever it falls, and so is what comes after it",
  fc.tuple(records, fc.nat(), records),
  ([all, at, later]) => {
    const lines = all.map(lineOf);
    const whole = Buffer.concat(lines);
    const cut = at % (whole.length + 1);
    const before = all.filter((_, index) => Buffer.concat(lines.slice(0, index + 1)).length <= cut);
    checkKept(whole.subarray(0, cut), before);
    checkKept(Buffer.concat([whole.subarray(0, cut), ...later.map(lineOf)]), [...before, ...later]);
  },
);

check(
  "garbage costs no line but the one that it falls into",
  fc.tuple(records, fc.nat(), garbage),
  ([all, at, bytes]) => {
    const lines = all.map(lineOf);
    const whole = Buffer.concat(lines);
    const place = at % (whole.length + 1);
    let length = 0;
    const kept = all.filter((_, index) => {
      const start = length;
      length += lines[index]!.length;
      // At the end of a line, before its line feed, the line is whole.
      return place <= start || place >= length - 1;
    });
    checkKept(Buffer.concat([whole.subarray(0, place), bytes, whole.subarray(place)]), kept);
  },
);

check("lines that are glued together are read, and so are those after a first one that is lost", records, (all) => {
  checkKept(Buffer.from(all.map((record) => JSON.stringify(record)).join("")), all);
  const [first, ...rest] = all.map(lineOf);
  checkKept(Buffer.concat([first!.subarray(5), ...rest]), all.slice(1));
});
