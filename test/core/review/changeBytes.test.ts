import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Encoding, encodeText } from "../../../src/core/patch/encoding.ts";
import { pathOf, type StoreStage, storeStage } from "./storeStage.ts";

interface Format {
  readonly encoding: Encoding;
  readonly mark: string;
}

const formats: readonly Format[] = [
  { encoding: "utf-8", mark: "" },
  { encoding: "utf-8", mark: "\ufeff" },
  { encoding: "latin1", mark: "" },
  { encoding: "utf-16le", mark: "\ufeff" },
  { encoding: "utf-16be", mark: "\ufeff" },
];

const line = fc.constantFrom("a\n", "b\r\n", "é\n", "d\r\n", "e\n", "\n", "f\n", "g\n");
const lines = fc.array(line, { maxLength: 10 });
const end = fc.constantFrom("", "", "end", "ü");
/** Each step puts lines in the place of others. */
const splice = fc.record({ at: fc.nat(10), removed: fc.nat(3), added: fc.array(line, { maxLength: 3 }), end });
const step = fc.oneof(
  fc.record({ kind: fc.constant("agent" as const), splice }),
  fc.record({ kind: fc.constant("user" as const), splice }),
  fc.record({ kind: fc.constantFrom("keep" as const, "undo" as const), pick: fc.nat(5) }),
  fc.record({ kind: fc.constantFrom("reload" as const, "crash" as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
interface Splice {
  readonly at: number;
  readonly removed: number;
  readonly added: readonly string[];
  readonly end: string;
}

const format = fc.constantFrom(...formats);

function encoded(text: string, { encoding, mark }: Format): Uint8Array {
  return encodeText(mark + text, encoding, "a");
}

function spliced(text: string, { at, removed, added, end: last }: Splice): string {
  const whole = text.split(/(?<=\n)/);
  return [...whole.slice(0, at), ...added, ...whole.slice(at + removed)].join("") + last;
}

/** One session with a file: texts as they were made, and the stage that stands in the end. */
async function played(
  base: string,
  steps: readonly Step[],
  made: Format,
): Promise<{ stage: StoreStage; text: string }> {
  let stage = storeStage({ a: encoded(base, made) });
  let text = base;
  let user = 0;
  for (const one of steps) {
    switch (one.kind) {
      case "agent":
        text = spliced(text, one.splice);
        await stage.agent("a", encoded(text, made));
        break;
      case "user":
        text = spliced(text, { ...one.splice, added: [`user ${user++}\n`], end: "" });
        stage.put("a", encoded(text, made));
        await stage.list();
        break;
      case "keep":
      case "undo":
        text = await settled(stage, { ...one, made });
        break;
      case "reload":
        stage = await stage.reload();
        break;
      case "crash":
        stage = stage.crash();
        break;
      default:
        one satisfies never;
    }
    assert.deepEqual(stage.host.files.bytes(pathOf("a")), encoded(text, made), one.kind);
  }
  return { stage, text };
}

interface Settling {
  readonly kind: "keep" | "undo";
  readonly pick: number;
  readonly made: Format;
}

/**
 * The text after one hunk is kept or undone: keeping leaves every byte. Undoing leaves every line of the user's, in the file or in another hunk, which
 * has it back when it is undone, too: behind a byte order mark a first line is another line, and so the agent may have moved one there.
 */
async function settled(stage: StoreStage, { kind, pick, made }: Settling): Promise<string> {
  const before = stage.host.files.bytes(pathOf("a"))!;
  const users = linesOfUser(textOf(before, made));
  const hunks = await hunksOf(stage);
  const hunk = hunks[pick % Math.max(1, hunks.length)];
  if (hunk) {
    const selection = { path: pathOf("a"), hunkIds: [hunk.id] };
    const { skipped } = await (kind === "keep" ? stage.store.accept(selection) : stage.store.reject(selection));
    assert.deepEqual(
      skipped.filter(({ reason }) => reason !== "edited"),
      [],
    );
    if (kind === "keep") assert.deepEqual(stage.host.files.bytes(pathOf("a")), before);
    const left = await hunksOf(stage);
    if (skipped.length === 0) assert.ok(!left.some(({ id }) => id === hunk.id && hunks.length === 1));
  }
  const text = textOf(stage.host.files.bytes(pathOf("a"))!, made);
  const undoable = (await hunksOf(stage)).flatMap(({ oldLines }) => oldLines);
  for (const user of users) assert.ok(text.includes(user) || undoable.includes(user), `${user} is there still`);
  return text;
}

async function hunksOf(stage: StoreStage) {
  return (await stage.files())[0]?.hunks ?? [];
}

function textOf(bytes: Uint8Array, { encoding, mark }: Format): string {
  const buffer = Buffer.from(bytes);
  if (encoding === "utf-16be") buffer.swap16();
  const name = encoding === "utf-8" ? "utf8" : encoding === "latin1" ? "latin1" : "utf16le";
  return buffer.toString(name).slice(mark.length);
}

function linesOfUser(text: string): string[] {
  return text.match(/user \d+/g) ?? [];
}

/** The agent takes the lines away that stood above the user's, in a file with a byte order mark, and a hunk of that is undone. */
const movedUp = (how: Format): [string, Step[], Format] => {
  const change = (at: number, removed: number, added: "a\n"[]) => ({ at, removed, added, end: "" as const });
  return [
    "a\na\na\n",
    [
      { kind: "user", splice: change(3, 0, []) },
      { kind: "agent", splice: change(4, 0, ["a\n"]) },
      { kind: "agent", splice: change(0, 3, []) },
      { kind: "undo", pick: 0 },
    ],
    how,
  ];
};
const examples = formats.map(movedUp);

const base = fc.tuple(lines, end).map(([some, last]) => some.join("") + last);
const steps = fc.array(step, { maxLength: 12 });
const isAgents = (one: Step) => one.kind === "agent" || one.kind === "reload" || one.kind === "crash";

test("no keeping, undoing or restarting changes a byte that it need not, nor loses a line of the user's", () =>
  fc.assert(
    fc.asyncProperty(base, steps, format, async (text, made, how) => void (await played(text, made, how))),
    { numRuns: 300, examples },
  ));

test("undoing all that only the agent did gives back every byte", () =>
  fc.assert(
    fc.asyncProperty(base, steps, format, async (text, made, how) => {
      const { stage } = await played(text, made.filter(isAgents), how);
      await stage.list();
      assert.deepEqual(await stage.store.reject({}), { skipped: [] });
      assert.deepEqual(stage.host.files.bytes(pathOf("a")), encoded(text, how));
      assert.deepEqual(await stage.list(), []);
    }),
    { numRuns: 300, examples },
  ));

test("keeping all leaves nothing to review, and every byte as it is", () =>
  fc.assert(
    fc.asyncProperty(base, steps, format, async (text, made, how) => {
      const { stage, text: last } = await played(text, made, how);
      await stage.store.accept({});
      assert.deepEqual(stage.host.files.bytes(pathOf("a")), encoded(last, how));
      assert.deepEqual(await stage.list(), []);
      assert.deepEqual(await (await stage.reload()).list(), []);
    }),
    { numRuns: 300, examples },
  ));

test("undoing all, edited hunks too, makes the file its baseline", () =>
  fc.assert(
    fc.asyncProperty(base, steps, format, async (text, made, how) => {
      const { stage } = await played(text, made, how);
      const { baseline } = await stage.store.read({ path: pathOf("a") });
      assert.deepEqual((await stage.store.reject({ includeEdited: true })).skipped, []);
      const bytes = stage.host.files.bytes(pathOf("a"))!;
      if (baseline !== null) assert.equal(textOf(bytes, how), baseline);
      assert.deepEqual(await stage.list(), []);
    }),
    { numRuns: 300, examples },
  ));
