import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { currentLines, type FileReview, reviewOf } from "../../../src/core/review/fileReview.ts";
import { hunksOf } from "../../../src/core/review/hunks.ts";
import { linesOf } from "../../../src/core/review/lineChanges.ts";
import { editedByAgent, editedByOthers, withKept, withUndone } from "../../../src/core/review/reviewEdits.ts";

const author = { threadId: "t", turnId: "1", itemId: "a" };

/** `who>text` for each step; the hunks that are left are shown as `old line, count of old>new line, count of new`. */
function check(baseline: string, steps: readonly (readonly ["agent" | "user", string])[], expected: string): void {
  let review = reviewOf(linesOf(baseline));
  for (const [who, text] of steps) review = edited(review, who, text);
  assert.equal(textOf(review), steps.at(-1)?.[1] ?? baseline);
  assert.equal(shown(review), expected);
}

function edited(review: FileReview, who: "agent" | "user", text: string): FileReview {
  return who === "agent" ? editedByAgent(review, linesOf(text), author) : editedByOthers(review, linesOf(text));
}

function textOf(review: FileReview): string {
  return currentLines(review).join("");
}

function shown(review: FileReview): string {
  const hunks = hunksOf(review).map(
    ({ hunk }) => `${hunk.oldStart},${hunk.oldCount}>${hunk.newStart},${hunk.newCount}${hunk.edited ? " edited" : ""}`,
  );
  return [`baseline ${JSON.stringify(review.baseline.join(""))}`, ...hunks].join("; ");
}

test("an edit of the agent is under review", () =>
  check("a\nb\nc\n", [["agent", "a\nB\nc\n"]], 'baseline "a\\nb\\nc\\n"; 2,1>2,1'));
test("two edits apart are two hunks", () =>
  check("a\nb\nc\n", [["agent", "A\nb\nC\n"]], 'baseline "a\\nb\\nc\\n"; 1,1>1,1; 3,1>3,1'));
test("an edit beside another joins it", () =>
  check(
    "a\nb\nc\n",
    [
      ["agent", "A\nb\nc\n"],
      ["agent", "A\nB\nc\n"],
    ],
    'baseline "a\\nb\\nc\\n"; 1,2>1,2',
  ));
test("an edit of the user apart becomes baseline", () =>
  check(
    "a\nb\nc\n",
    [
      ["agent", "A\nb\nc\n"],
      ["user", "A\nb\nX\nc\n"],
    ],
    'baseline "a\\nb\\nX\\nc\\n"; 1,1>1,1',
  ));
test("a line that the user adds right below a hunk is the user's", () =>
  check(
    "a\nb\n",
    [
      ["agent", "A\nb\n"],
      ["user", "A\nX\nb\n"],
    ],
    'baseline "a\\nX\\nb\\n"; 1,1>1,1',
  ));
test("what is typed above a hunk and into it before anybody looks is told apart", () =>
  check(
    "one\ntwo\nthree\n",
    [
      ["agent", "one\nTWO\nthree\n"],
      ["user", "zone\nTWO\nthree\n"],
      ["user", "zero\none\nTWO mine\nthree\n"],
    ],
    'baseline "zero\\none\\ntwo\\nthree\\n"; 3,1>3,1 edited',
  ));
test("and so is what is typed below it", () =>
  check(
    "one\ntwo\nthree\n",
    [
      ["agent", "ONE\ntwo\nthree\n"],
      ["user", "my ONE\ntwo and\na half\nthree\n"],
    ],
    'baseline "one\\ntwo and\\na half\\nthree\\n"; 1,1>1,1 edited',
  ));
test("a line that the user adds right above a hunk is the user's", () =>
  check(
    "a\nb\n",
    [
      ["agent", "a\nB\n"],
      ["user", "a\nX\nB\n"],
    ],
    'baseline "a\\nX\\nb\\n"; 3,1>3,1',
  ));
test("an edit of the user inside marks the hunk", () =>
  check(
    "a\n",
    [
      ["agent", "A\nB\nC\n"],
      ["user", "A\nX\nC\n"],
    ],
    'baseline "a\\n"; 1,1>1,3 edited',
  ));
test("what the user takes back by hand is under review no more", () =>
  check(
    "a\nb\n",
    [
      ["agent", "A\nb\n"],
      ["user", "a\nb\n"],
    ],
    'baseline "a\\nb\\n"',
  ));
test("and is again when it is made again", () =>
  check(
    "a\nb\n",
    [
      ["agent", "A\nb\n"],
      ["user", "a\nb\n"],
      ["user", "A\nb\n"],
    ],
    'baseline "a\\nb\\n"; 1,1>1,1',
  ));
test("lines that the agent added come back to review, too", () =>
  check(
    "a\nb\n",
    [
      ["agent", "a\nx\nb\n"],
      ["user", "a\nb\n"],
      ["user", "a\nx\nb\n"],
    ],
    'baseline "a\\nb\\n"; 2,0>2,1',
  ));
test("a line that the agent deleted is under review no more when it is put back", () =>
  check(
    "a\nb\nc\nd\n",
    [
      ["agent", "A\nb\nd\n"],
      ["user", "a\nb\nc\nd\n"],
    ],
    'baseline "a\\nb\\nc\\nd\\n"',
  ));
test("nor is a block among like lines", () =>
  check(
    "a\n\nb\n\nc\n",
    [
      ["agent", "a\n\nc\n"],
      ["user", "a\n\nb\n\nc\n"],
    ],
    'baseline "a\\n\\nb\\n\\nc\\n"',
  ));
test("and is again when it is taken away again", () =>
  check(
    "a\nb\nc\n",
    [
      ["agent", "a\nc\n"],
      ["user", "a\nb\nc\n"],
      ["user", "a\nc\n"],
    ],
    'baseline "a\\nb\\nc\\n"; 2,1>2,0',
  ));
test("others in their place are the user's", () =>
  check(
    "a\nb\n",
    [
      ["agent", "a\nx\nb\n"],
      ["user", "a\nb\n"],
      ["user", "a\ny\nb\n"],
    ],
    'baseline "a\\ny\\nb\\n"',
  ));
/** The hunks after an edit of the agent, one of the user, undoing everything, and taking the undoing back. */
function checkBack([baseline, agent, user]: readonly [string, string, string], expected: string): void {
  const changed = edited(edited(reviewOf(linesOf(baseline)), "agent", agent), "user", user);
  const undone = withUndone(changed, new Set(changed.regions));
  assert.equal(shown(edited(undone, "user", user)), expected);
}

test("a hunk that the user changed further comes back to review", () =>
  checkBack(["a\nb\nc\n", "a\nB\nc\n", "a\nB mine\nc\n"], 'baseline "a\\nb\\nc\\n"; 2,1>2,1 edited'));
test("so do added lines that the user changed further", () =>
  checkBack(["a\nc\n", "a\nB\nc\n", "a\nB mine\nc\n"], 'baseline "a\\nc\\n"; 2,0>2,1 edited'));
test("an edit within a hunk that is undone leaves no mark", () =>
  check(
    "a\n",
    [
      ["agent", "A\nB\n"],
      ["user", "A\nX\n"],
      ["user", "A\nB\n"],
    ],
    'baseline "a\\n"; 1,1>1,2',
  ));
test("a line after the last one without an end is not glued to it", () =>
  check(
    "a\nb",
    [
      ["agent", "a\nB\n"],
      ["user", "a\nB\nc\n"],
    ],
    'baseline "a\\nb"; 2,1>2,2 edited',
  ));
test("an agent's edit over the user's keeps the mark", () =>
  check(
    "a\n",
    [
      ["agent", "A\nB\nC\n"],
      ["user", "A\nX\nC\n"],
      ["agent", "A\nX\nD\n"],
    ],
    'baseline "a\\n"; 1,1>1,3 edited',
  ));

const line = fc.constantFrom("a\n", "b\n", "c\r\n", "d\r", "e\n", "f\n", "g\n");
const text = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom("", "", "end"))
  .map(([lines, end]) => lines.join("") + end);
/** Texts that are mostly like the one before. */
const steps = fc.array(
  fc.record({
    who: fc.constantFrom("agent" as const, "user" as const),
    at: fc.nat(12),
    removed: fc.nat(3),
    added: text,
  }),
  { maxLength: 8 },
);
type Steps = typeof steps extends fc.Arbitrary<infer T> ? T : never;

function played(baseline: string, made: Steps): FileReview {
  return made.reduce(
    (review, { who, at, removed, added }) => {
      const lines = currentLines(review);
      const next = [...lines.slice(0, at), ...linesOf(added), ...lines.slice(at + removed)].join("");
      const after = edited(review, who, next);
      assert.equal(textOf(after), next, "the text is as it was made");
      return after;
    },
    reviewOf(linesOf(baseline)),
  );
}

test("keeping all makes the text the baseline, undoing all makes the baseline the text", () =>
  fc.assert(
    fc.property(text, steps, (baseline, made) => {
      const review = played(baseline, made);
      const all = new Set(review.regions);
      const kept = withKept(review, all);
      assert.equal(kept.baseline.join(""), textOf(review));
      assert.equal(hunksOf(kept).length, 0);
      const undone = withUndone(review, all);
      assert.equal(textOf(undone), review.baseline.join(""));
      assert.equal(hunksOf(undone).length, 0);
    }),
    { numRuns: 500 },
  ));

test("without an edit of the user, undoing all gives back every byte", () =>
  fc.assert(
    fc.property(text, steps, (baseline, made) => {
      const review = played(
        baseline,
        made.map((step) => ({ ...step, who: "agent" as const })),
      );
      assert.equal(review.baseline.join(""), linesOf(baseline).join(""));
    }),
    { numRuns: 300 },
  ));

test("any order of keeping and undoing gives the same text and baseline", () =>
  fc.assert(
    fc.property(
      text,
      steps,
      fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
      fc.infiniteStream(fc.nat()),
      (baseline, made, keeps, picks) => {
        const review = played(baseline, made);
        const start = hunksOf(review);
        const decisions = new Map(start.map(({ hunk }, at) => [hunk.id, keeps[at % 20]!]));
        const decide = (one: FileReview, ids: readonly string[]) =>
          ids.reduce((state, id) => {
            const found = hunksOf(state).find(({ hunk }) => hunk.id === id);
            assert.ok(found, "the ids of other hunks stay");
            return (decisions.get(id) ? withKept : withUndone)(state, new Set([found.region]));
          }, one);
        const unique = [...decisions.keys()].filter(
          (id) => !id.includes("-") && ![...decisions.keys()].some((other) => other.startsWith(`${id}-`)),
        );
        const other = [...unique]
          .map((id) => ({ id, rank: picks.next().value as number }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ id }) => id);
        const one = decide(review, unique);
        const two = decide(review, other);
        assert.equal(textOf(one), textOf(two));
        assert.equal(one.baseline.join(""), two.baseline.join(""));
      },
    ),
    { numRuns: 300 },
  ));

test("a line of the user's survives undoing everything", () =>
  fc.assert(
    fc.property(text, steps, fc.nat(12), (baseline, made, at) => {
      const review = played(baseline, made);
      const lines = currentLines(review);
      const inside = hunksOf(review).some(
        ({ hunk: { newStart, newCount } }) => at >= newStart && at < newStart - 1 + newCount,
      );
      const isWhole = lines.every((one) => /[\r\n]$/.test(one)) && review.baseline.every((one) => /[\r\n]$/.test(one));
      if (inside || !isWhole || at > lines.length) return;
      const mine = editedByOthers(review, [...lines.slice(0, at), "MINE\n", ...lines.slice(at)]);
      const safe = new Set(
        hunksOf(mine)
          .filter(({ hunk }) => !hunk.edited)
          .map(({ region }) => region),
      );
      assert.ok(currentLines(withUndone(mine, safe)).includes("MINE\n"));
    }),
    { numRuns: 500 },
  ));

test("it does not matter when anybody looks at what the user types", () =>
  fc.assert(
    fc.property(
      fc.nat(5),
      fc.array(fc.record({ row: fc.nat(5), typed: fc.constantFrom("word ", "mine\n") }), { maxLength: 5 }),
      (changed, typing) => {
        const lines = ["the first\n", "a second\n", "third in a row\n", "number four\n", "fifth of six\n", "last\n"];
        const shout = lines.map((one, at) => (at === changed ? one.toUpperCase() : one));
        const proposed = editedByAgent(reviewOf(lines), shout, author);
        let review = proposed;
        for (const { row, typed } of typing) {
          const at = shout[row]!.lastIndexOf("\n", shout[row]!.length - 2) + 1;
          const column = typed.endsWith("\n") ? at : at + 2;
          shout[row] = `${shout[row]!.slice(0, column)}${typed}${shout[row]!.slice(column)}`;
          review = editedByOthers(review, linesOf(shout.join("")));
        }
        assert.equal(shown(editedByOthers(proposed, currentLines(review))), shown(review));
      },
    ),
    { numRuns: 1000 },
  ));
