import {
  bytesOf,
  joined,
  latin1,
  type PatchCase,
  patchOf,
  unfaithful,
  utf8,
  utf8Mark,
  utf16be,
  utf16beMark,
  utf16le,
  utf16leMark,
} from "./patchCase.ts";

const swap = ["@@", "-old", "+new"];

function storedCase(
  name: string,
  edit: {
    readonly before: Uint8Array;
    readonly hunks: readonly string[];
    readonly after: Uint8Array | typeof unfaithful;
  },
): PatchCase {
  return {
    name,
    files: { "a.txt": edit.before },
    patch: patchOf("*** Update File: a.txt", ...edit.hunks),
    expect: edit.after instanceof Uint8Array ? { files: { "a.txt": edit.after } } : edit.after,
  };
}

/** How bytes are understood, and what they cannot hold. */
export const encodingCases: readonly PatchCase[] = [
  storedCase("UTF-16BE with its mark", {
    before: joined(utf16beMark, utf16be("é😀\r\nold\r\n")),
    hunks: [" é😀", "-old", "+ñew 😀"],
    after: joined(utf16beMark, utf16be("é😀\r\nñew 😀\r\n")),
  }),
  storedCase("UTF-16LE takes an emoji", {
    before: joined(utf16leMark, utf16le("a\nold")),
    hunks: ["@@", "-old", "+😀"],
    after: joined(utf16leMark, utf16le("a\n😀")),
  }),
  storedCase("UTF-16LE without a mark, mostly Chinese", {
    before: utf16le("一二三。\n上\nold\n"),
    hunks: ["@@", " 上", "-old", "+一"],
    after: utf16le("一二三。\n上\n一\n"),
  }),
  storedCase("UTF-16LE mark and nothing else", {
    before: utf16leMark,
    hunks: ["@@", "+é"],
    after: joined(utf16leMark, utf16le("é\n")),
  }),
  storedCase("UTF-16LE half of a pair stays", {
    before: joined(utf16leMark, utf16le("\ud800 x\nold\n")),
    hunks: swap,
    after: joined(utf16leMark, utf16le("\ud800 x\nnew\n")),
  }),
  storedCase("UTF-8 mark and nothing else", {
    before: utf8Mark,
    hunks: ["@@", "+a"],
    after: joined(utf8Mark, utf8("a\n")),
  }),
  storedCase("first line after a mark", {
    before: joined(utf8Mark, utf8("old\nb\n")),
    hunks: swap,
    after: joined(utf8Mark, utf8("new\nb\n")),
  }),
  storedCase("mark repeated in the patch", {
    before: joined(utf8Mark, utf8("old\nb\n")),
    hunks: ["@@", "-\ufeffold", "+\ufeffnew", " b"],
    after: joined(utf8Mark, utf8("new\nb\n")),
  }),
  storedCase("line put before the first after a mark", {
    before: joined(utf8Mark, utf8("a\n")),
    hunks: ["@@", "+0", " a"],
    after: joined(utf8Mark, utf8("0\na\n")),
  }),
  storedCase("everything after a mark removed", {
    before: joined(utf8Mark, utf8("a\n")),
    hunks: ["@@", "-a"],
    after: utf8Mark,
  }),
  storedCase("mark inside the text", {
    before: utf8("a\n\ufeffb\nold\n"),
    hunks: swap,
    after: utf8("a\n\ufeffb\nnew\n"),
  }),
  storedCase("composed and decomposed letters stay", {
    before: utf8("e\u0301 \u00e9\nold\n"),
    hunks: ["@@", " e\u0301 \u00e9", "-old", "+o\u0308"],
    after: utf8("e\u0301 \u00e9\no\u0308\n"),
  }),
  storedCase("all bytes of latin1", {
    before: joined(allLatin1Bytes(), latin1("\nold\n")),
    hunks: ["@@", "-old", "+n\u00ebw"],
    after: joined(allLatin1Bytes(), latin1("\nn\u00ebw\n")),
  }),
  storedCase("UTF-8 with one stray byte is kept byte by byte", {
    before: joined(utf8("é\n"), bytesOf(0xff), utf8("\nold\n")),
    hunks: swap,
    after: joined(utf8("é\n"), bytesOf(0xff), utf8("\nnew\n")),
  }),
  storedCase("overlong UTF-8 is kept byte by byte", {
    before: joined(bytesOf(0xc0, 0xaf), utf8("\nold\n")),
    hunks: swap,
    after: joined(bytesOf(0xc0, 0xaf), utf8("\nnew\n")),
  }),

  storedCase("emoji into latin1", { before: latin1("é\nold\n"), hunks: ["@@", "-old", "+😀"], after: unfaithful }),
  storedCase("euro sign into latin1", { before: latin1("é\nold\n"), hunks: ["@@", "-old", "+€"], after: unfaithful }),
  storedCase("half of a pair into UTF-8", {
    before: utf8("old\n"),
    hunks: ["@@", "-old", "+\ud83d"],
    after: unfaithful,
  }),
  storedCase("NUL into UTF-8", { before: utf8("old\n"), hunks: ["@@", "-old", "+a\0b"], after: unfaithful }),
  storedCase("binary file", { before: bytesOf(0x89, 0x50, 0, 0, 0x0a, 0xff, 0), hunks: swap, after: unfaithful }),
  storedCase("text with one NUL", { before: utf8("a\0b\nold\n"), hunks: swap, after: unfaithful }),
  storedCase("NUL after a UTF-8 mark", { before: joined(utf8Mark, utf8("\0\nold\n")), hunks: swap, after: unfaithful }),
  storedCase("UTF-16BE without a mark", { before: utf16be("ab\nold\n"), hunks: swap, after: unfaithful }),
  storedCase("UTF-16LE with half a character", {
    before: joined(utf16leMark, utf16le("old\n"), bytesOf(0x61)),
    hunks: swap,
    after: unfaithful,
  }),
  storedCase("UTF-32LE", { before: bytesOf(0xff, 0xfe, 0, 0, 0x61, 0, 0, 0), hunks: swap, after: unfaithful }),
  storedCase("numbers that are no UTF-16 text", {
    before: bytesOf(1, 0, 2, 0, 65, 0, 10, 0),
    hunks: swap,
    after: unfaithful,
  }),

  {
    name: "binary file deleted",
    files: { "a.bin": bytesOf(0, 1, 2, 255) },
    patch: patchOf("*** Delete File: a.bin"),
    expect: { files: { "a.bin": null } },
  },
  {
    name: "binary file moved",
    files: { "a.bin": bytesOf(0, 1, 2, 255) },
    patch: patchOf("*** Update File: a.bin", "*** Move to: b.bin"),
    expect: { files: { "a.bin": null, "b.bin": bytesOf(0, 1, 2, 255) } },
  },
  {
    name: "half of a pair into a new file",
    files: {},
    patch: patchOf("*** Add File: a.txt", "+\ud83d"),
    expect: unfaithful,
  },
];

/** Every byte but NUL and the line feed. */
function allLatin1Bytes(): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte !== 0 && byte !== 0x0a);
}
