import fc from "fast-check";
import {
  bytesOf,
  joined,
  latin1,
  utf8,
  utf8Mark,
  utf16be,
  utf16beMark,
  utf16le,
  utf16leMark,
} from "../cases/patchCase.ts";

/** A line of a random file and what happens to it. */
export interface EditedLine {
  readonly text: string;
  readonly end: "\n" | "\r\n" | "";
  readonly kept: boolean;
  /** New lines that go in before it. */
  readonly addedBefore: readonly string[];
}

/** A random file with a random edit of it. Its lines are all different, and no new line equals one of them. */
export interface RandomEdit {
  readonly encode: (text: string) => Uint8Array;
  readonly mark: Uint8Array;
  readonly lines: readonly EditedLine[];
  readonly addedAtEnd: readonly string[];
}

/** Lines that a file keeps or gets, with their ends. */
type StoredLine = Pick<EditedLine, "text" | "end">;

/** A run of changes between two kept lines: lines [start, end) go, the added ones come. */
export interface Block {
  readonly start: number;
  readonly end: number;
  /** As patch lines, in order. */
  readonly patch: readonly string[];
  readonly added: readonly string[];
}

/** `first` makes the bytes recognisable where neither a mark nor the format does. */
const storages = [
  { encode: utf8, mark: bytesOf(), first: undefined },
  { encode: utf8, mark: utf8Mark, first: undefined },
  { encode: utf16le, mark: utf16leMark, first: undefined },
  { encode: utf16be, mark: utf16beMark, first: undefined },
  { encode: utf16le, mark: bytesOf(), first: "UTF-16 without a mark" },
  { encode: latin1, mark: bytesOf(), first: "\xe9t\xe9" },
  { encode: latin1, mark: utf8Mark, first: "\xe9t\xe9" },
];

const words = fc.string({ unit: fc.constantFrom(" ", "\t", "a", "{", "}", "\xe9", "@", "*", "+", "-"), maxLength: 6 });

const editedLine = fc.record({
  word: words,
  end: fc.constantFrom("\n" as const, "\r\n" as const),
  kept: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  added: fc.oneof(
    { weight: 5, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: fc.array(words, { maxLength: 3 }) },
  ),
});

export const randomEdit: fc.Arbitrary<RandomEdit> = fc
  .record({
    storage: fc.constantFrom(...storages),
    lines: fc.array(editedLine, { maxLength: 24 }),
    addedAtEnd: fc.array(words, { maxLength: 2 }),
    finalNewline: fc.boolean(),
  })
  .map(({ storage, lines, addedAtEnd, finalNewline }) => {
    const first =
      storage.first === undefined
        ? []
        : [{ word: storage.first, end: "\n" as const, kept: true, added: [] as string[] }];
    const all = [...first, ...lines];
    return {
      encode: storage.encode,
      mark: storage.mark,
      lines: all.map(({ word, end, kept, added }, at) => ({
        text: `${word}${at}:${word}`,
        end: at === all.length - 1 && !finalNewline ? ("" as const) : end,
        kept,
        addedBefore: added.map((text) => `new ${text}`),
      })),
      addedAtEnd: addedAtEnd.map((text) => `new ${text}`),
    };
  })
  .filter((edit) => blocksOf(edit).length > 0);

export function blocksOf({ lines, addedAtEnd }: RandomEdit): readonly Block[] {
  const blocks: { start: number; end: number; patch: string[]; added: string[] }[] = [];
  const block = (at: number) => {
    const last = blocks.at(-1);
    if (last?.end === at) return last;
    const next = { start: at, end: at, patch: [], added: [] };
    blocks.push(next);
    return next;
  };
  for (const [at, line] of [...lines, undefined].entries()) {
    const added = line === undefined ? addedAtEnd : line.addedBefore;
    if (added.length > 0) {
      block(at).added.push(...added);
      block(at).patch.push(...added.map((text) => `+${text}`));
    }
    if (line === undefined || line.kept) continue;
    block(at).patch.push(`-${line.text}`);
    block(at).end = at + 1;
  }
  return blocks;
}

export function bytesBefore({ encode, mark, lines }: RandomEdit): Uint8Array {
  return joined(mark, encode(textOf(lines)));
}

/** The bytes that the edit must give, worked out line by line from the rules for line ends. */
export function bytesAfter(edit: RandomEdit): Uint8Array {
  return joined(edit.mark, edit.encode(textAfter(edit)));
}

export function textAfter(edit: RandomEdit): string {
  const { lines } = edit;
  const result: StoredLine[] = [];
  let from = 0;
  for (const { start, end, added } of blocksOf(edit)) {
    result.push(...lines.slice(from, start));
    const removed = lines.slice(start, end);
    const model = removed.length > 0 ? removed : [lines[start - 1] ?? lines[start] ?? { end: "\n" as const }];
    for (const [nth, text] of added.entries()) result.push({ text, end: (model[nth] ?? model.at(-1)!).end });
    from = end;
  }
  result.push(...lines.slice(from));
  const unended = lines.at(-1)?.end === "";
  const ended = result.map((line, at) => ({
    ...line,
    isLast: at === result.length - 1,
    isNew: line.text.startsWith("new "),
  }));
  let above: StoredLine["end"] = "\n";
  return ended
    .map(({ text, end, isLast, isNew }) => {
      above = end || above;
      return isLast && unended && (isNew || end === "") ? text : text + above;
    })
    .join("");
}

export function textOf(lines: readonly StoredLine[]): string {
  return lines.map(({ text, end }) => text + end).join("");
}
