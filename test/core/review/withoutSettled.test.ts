import assert from "node:assert/strict";
import { test } from "node:test";
import { afterAgent, afterOthers, type FileEntry, newEntry } from "../../../src/core/review/fileEntry.ts";
import { hunksIn } from "../../../src/core/review/reviewedFile.ts";
import { withoutSettled } from "../../../src/core/review/settledElsewhere.ts";
import { bytesOf } from "./storeStage.ts";

const five = "1\n2\n3\n4\n5\n";

/** The file after the agent has made it each of these texts. */
function edited(...texts: readonly string[]): FileEntry {
  const author = { threadId: "t", turnId: "1", itemId: "1" };
  return texts.reduce(
    (entry, text) => afterAgent(entry, { after: bytesOf(text), author }),
    newEntry("/a", bytesOf(five)),
  );
}

/** The lines of what is left under review. */
function check(name: string, [entry, was, now]: readonly [FileEntry, FileEntry, FileEntry], left: readonly string[]) {
  test(name, () => {
    const settled = withoutSettled(entry, { was: [was], now: [now] });
    assert.deepEqual(
      hunksIn(settled).map(({ region }) => region.current.join("")),
      left,
    );
  });
}

const first = edited("one\n2\n3\n4\n5\n");
const both = edited("one\n2\n3\n4\nfive\n");
const none = newEntry("/a", bytesOf(five));
check("what was there and is not there any more is settled", [both, first, none], ["five\n"]);
check("what is still there stays", [both, first, first], ["one\n", "five\n"]);
check(
  "also where the user's lines have moved it",
  [both, first, afterOthers(first, bytesOf("0\none\n2\n3\n4\n5\n"))],
  ["one\n", "five\n"],
);
check("what was not there before stays", [both, none, none], ["one\n", "five\n"]);
check("what has changed since stays", [edited("ONE\n2\n3\n4\n5\n"), first, none], ["ONE\n"]);
check(
  "what is there twice by now is not told apart, and stays",
  [edited("1\nx\n2\n3\nx\n4\n5\n"), edited("1\nx\n2\n3\n4\n5\n"), none],
  ["x\n", "x\n"],
);
