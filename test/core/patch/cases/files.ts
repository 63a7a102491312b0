import { invalid, latin1, mismatch, type PatchCase, patchOf, utf8 } from "./patchCase.ts";

const files = { "a.txt": utf8("a\n"), "b.txt": utf8("b\n"), "c.txt": latin1("\xe9\r\n") };

function fileCase(name: string, patch: readonly string[], expect: PatchCase["expect"]): PatchCase {
  return { name, files, patch: patchOf(...patch), expect };
}

function result(after: Readonly<Record<string, string | null>>): PatchCase["expect"] {
  const entries = Object.entries(after).map(([path, text]) => [path, text === null ? null : utf8(text)]);
  return { files: Object.fromEntries(entries) };
}

const editA = ["*** Update File: a.txt", "@@", "-a", "+A"];
const editB = ["*** Update File: b.txt", "@@", "-b", "+B"];
const badB = ["*** Update File: b.txt", "@@", "-x", "+B"];

/** Adding, deleting and moving, and several files in one patch. */
export const fileCases: readonly PatchCase[] = [
  fileCase("add", ["*** Add File: n.txt", "+one", "+two"], result({ "n.txt": "one\ntwo\n" })),
  fileCase("add an empty file", ["*** Add File: n.txt"], result({ "n.txt": "" })),
  fileCase("add a file of one empty line", ["*** Add File: n.txt", "+"], result({ "n.txt": "\n" })),
  fileCase("add into new folders", ["*** Add File: x/y/n.txt", "+n"], result({ "x/y/n.txt": "n\n" })),
  fileCase(
    "add with spaces and accents in the path",
    ["*** Add File: my files/été 1.txt", "+n"],
    result({ "my files/été 1.txt": "n\n" }),
  ),
  fileCase(
    "add, then an empty line",
    ["*** Add File: n.txt", "+n", "", ...editA],
    result({ "n.txt": "n\n", "a.txt": "A\n" }),
  ),
  fileCase(
    "add keeps the signs of its lines",
    ["*** Add File: n.txt", "++n", "+-m", "+ @@"],
    result({ "n.txt": "+n\n-m\n @@\n" }),
  ),
  fileCase("add onto a file", ["*** Add File: a.txt", "+n"], { refusal: "alreadyExists" }),
  fileCase("delete", ["*** Delete File: a.txt"], result({ "a.txt": null })),
  fileCase("delete what is not there", ["*** Delete File: n.txt"], { refusal: "notFound" }),
  fileCase("update what is not there", ["*** Update File: n.txt", "@@", "-a", "+b"], { refusal: "notFound" }),
  fileCase("move", ["*** Update File: a.txt", "*** Move to: x/n.txt"], result({ "a.txt": null, "x/n.txt": "a\n" })),
  fileCase(
    "move with edit",
    ["*** Update File: a.txt", "*** Move to: n.txt", "@@", "-a", "+A"],
    result({ "a.txt": null, "n.txt": "A\n" }),
  ),
  fileCase(
    "move with an edit that changes nothing",
    ["*** Update File: a.txt", "*** Move to: n.txt", "@@", "-a", "+a"],
    result({ "a.txt": null, "n.txt": "a\n" }),
  ),
  fileCase(
    "move to itself with edit",
    ["*** Update File: a.txt", "*** Move to: a.txt", "@@", "-a", "+A"],
    result({ "a.txt": "A\n" }),
  ),
  fileCase("move onto a file", ["*** Update File: a.txt", "*** Move to: b.txt"], { refusal: "alreadyExists" }),
  fileCase("move what is not there", ["*** Update File: n.txt", "*** Move to: m.txt"], { refusal: "notFound" }),
  fileCase(
    "move with an edit that fails",
    ["*** Update File: a.txt", "*** Move to: n.txt", "@@", "-x", "+A"],
    mismatch,
  ),

  fileCase("two updates", [...editA, ...editB], result({ "a.txt": "A\n", "b.txt": "B\n" })),
  fileCase(
    "add, delete, update and move together",
    ["*** Add File: n.txt", "+n", "*** Delete File: b.txt", ...editA, "*** Update File: c.txt", "*** Move to: d.txt"],
    {
      files: {
        ...filesOf({ "n.txt": "n\n", "a.txt": "A\n" }),
        "b.txt": null,
        "c.txt": null,
        "d.txt": latin1("\xe9\r\n"),
      },
    },
  ),
  fileCase("second of two files fails", [...editA, ...badB], mismatch),
  fileCase("first of two files fails", [...badB, ...editA], mismatch),
  fileCase("add beside a failing update", ["*** Add File: n.txt", "+n", ...badB], mismatch),
  fileCase("delete beside a failing update", ["*** Delete File: a.txt", ...badB], mismatch),
  fileCase("update beside a missing file", [...editA, "*** Delete File: n.txt"], { refusal: "notFound" }),
  fileCase("update beside an add onto a file", [...editA, "*** Add File: b.txt", "+n"], { refusal: "alreadyExists" }),
  fileCase("update beside a character that does not fit", [...editA, "*** Update File: c.txt", "@@", "+😀"], {
    refusal: "unfaithful",
  }),
  fileCase(
    "update beside one that changes nothing",
    [...editA, "*** Update File: b.txt", "@@", " b"],
    result({ "a.txt": "A\n", "b.txt": "b\n" }),
  ),

  fileCase(
    "same file in two updates",
    [...editA, "*** Update File: a.txt", "@@", " A", "+more"],
    result({ "a.txt": "A\nmore\n" }),
  ),
  fileCase(
    "same file in two updates, the second fails",
    [...editA, "*** Update File: a.txt", "@@", "-a", "+b"],
    mismatch,
  ),
  fileCase("same file updated and changed back", [...editA, "*** Update File: a.txt", "@@", "-A", "+a"], invalid),
  fileCase(
    "same file under two spellings",
    [...editA, "*** Update File: ./x/../a.txt", "@@", " A", "+more"],
    result({ "a.txt": "A\nmore\n" }),
  ),
  fileCase(
    "delete then add replaces",
    ["*** Delete File: a.txt", "*** Add File: a.txt", "+new", "+text"],
    result({ "a.txt": "new\ntext\n" }),
  ),
  fileCase(
    "delete then add keeps encoding and line ends",
    ["*** Delete File: c.txt", "*** Add File: c.txt", "+\xe8", "+\xe9"],
    {
      files: { "c.txt": latin1("\xe8\r\n\xe9\r\n") },
    },
  ),
  fileCase(
    "delete then add of a character that does not fit",
    ["*** Delete File: c.txt", "*** Add File: c.txt", "+😀"],
    { refusal: "unfaithful" },
  ),
  fileCase("delete then add of the same text", ["*** Delete File: a.txt", "*** Add File: a.txt", "+a"], invalid),
  fileCase("add then delete", ["*** Add File: n.txt", "+n", "*** Delete File: n.txt"], invalid),
  fileCase("add twice", ["*** Add File: n.txt", "+n", "*** Add File: n.txt", "+m"], invalid),
  fileCase("delete twice", ["*** Delete File: a.txt", "*** Delete File: a.txt"], invalid),
  fileCase("update then delete", [...editA, "*** Delete File: a.txt"], invalid),
  fileCase("update then move", [...editA, "*** Update File: a.txt", "*** Move to: n.txt"], invalid),
  fileCase(
    "two moves to one place",
    ["*** Update File: a.txt", "*** Move to: n.txt", "*** Update File: b.txt", "*** Move to: n.txt"],
    invalid,
  ),
  fileCase(
    "move onto an added file",
    ["*** Add File: n.txt", "+n", "*** Update File: a.txt", "*** Move to: n.txt"],
    invalid,
  ),
  fileCase(
    "add where a move left",
    ["*** Update File: a.txt", "*** Move to: n.txt", "*** Add File: a.txt", "+n"],
    invalid,
  ),
  fileCase(
    "update of what a move brought",
    ["*** Update File: a.txt", "*** Move to: n.txt", "*** Update File: n.txt", "@@", "-a", "+b"],
    invalid,
  ),
];

function filesOf(after: Readonly<Record<string, string>>): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(after).map(([path, text]) => [path, utf8(text)]));
}
