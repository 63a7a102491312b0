import { bytesOf, joined, latin1, type PatchCase, patchOf, utf8, utf8Mark, utf16le, utf16leMark } from "./patchCase.ts";

/** One way to store a text: every combination of these is tried with every kind of change. */
interface Style {
  readonly name: string;
  readonly mark: Uint8Array;
  readonly encode: (text: string) => Uint8Array;
  readonly endOf: (line: number) => string;
  readonly finalNewline: boolean;
}

type Action = (style: Style) => Pick<PatchCase, "patch" | "expect">;

const encodings = [
  { name: "UTF-8", encode: utf8, mark: utf8Mark },
  { name: "UTF-16LE", encode: utf16le, mark: utf16leMark },
  { name: "latin1", encode: latin1, mark: utf8Mark },
];

const lineEnds = [
  { name: "LF", endOf: () => "\n" },
  { name: "CRLF", endOf: () => "\r\n" },
  { name: "mixed", endOf: (line: number) => (line % 3 === 1 ? "\r\n" : "\n") },
];

const PATH = "docs/notes.txt";
const TARGET = "docs/moved/notes.txt";

const before = ["alpha", "béta", "gamma", "délta", "epsilon", "zeta", "êta", "theta"];

const hunks = [
  ["@@", " alpha", "-béta", "+BÊTA", " gamma", "-délta", " epsilon"],
  ["@@ zeta", "+neuf ü", " êta", "-theta", "+thêta"],
].flat();

/** The new text by hand: each line with the number of the line whose end it has, its own where it is kept. */
const after: readonly (readonly [text: string, endOfLine: number])[] = [
  ["alpha", 0],
  ["BÊTA", 1],
  ["gamma", 2],
  ["epsilon", 4],
  ["zeta", 5],
  ["neuf ü", 5],
  ["êta", 6],
  ["thêta", 7],
];

const actions: Readonly<Record<string, Action>> = {
  update: (style) => ({
    patch: patchOf(`*** Update File: ${PATH}`, ...hunks),
    expect: { files: { [PATH]: stored(style, after) } },
  }),
  add: (style) => ({
    patch: patchOf("*** Add File: docs/new.txt", "+première", "+", "+dernière"),
    expect: { files: { "docs/new.txt": utf8("première\n\ndernière\n"), [PATH]: original(style) } },
  }),
  delete: () => ({
    patch: patchOf(`*** Delete File: ${PATH}`),
    expect: { files: { [PATH]: null } },
  }),
  move: (style) => ({
    patch: patchOf(`*** Update File: ${PATH}`, `*** Move to: ${TARGET}`),
    expect: { files: { [PATH]: null, [TARGET]: original(style) } },
  }),
  "move with edit": (style) => ({
    patch: patchOf(`*** Update File: ${PATH}`, `*** Move to: ${TARGET}`, ...hunks),
    expect: { files: { [PATH]: null, [TARGET]: stored(style, after) } },
  }),
};

/** Every combination of encoding, byte order mark, line ends, final newline and change. */
export const styleCases: readonly PatchCase[] = allStyles().flatMap((style) =>
  Object.entries(actions).map(([action, act]) => ({
    name: `${action}, ${style.name}`,
    files: { [PATH]: original(style) },
    ...act(style),
  })),
);

function allStyles(): readonly Style[] {
  return encodings.flatMap(({ name: encoding, encode, mark }) =>
    ["BOM", "no BOM"].flatMap((markName) =>
      lineEnds.flatMap(({ name: ends, endOf }) =>
        ["final newline", "no final newline"].map((final) => ({
          name: [encoding, markName, ends, final].join(", "),
          encode,
          mark: markName === "BOM" ? mark : bytesOf(),
          endOf,
          finalNewline: final === "final newline",
        })),
      ),
    ),
  );
}

function original(style: Style): Uint8Array {
  return stored(
    style,
    before.map((text, line) => [text, line]),
  );
}

function stored(style: Style, lines: typeof after): Uint8Array {
  const parts = lines.map(([text, line]) => {
    const ends = style.finalNewline || line < before.length - 1;
    return style.encode(ends ? text + style.endOf(line) : text);
  });
  return joined(style.mark, ...parts);
}
