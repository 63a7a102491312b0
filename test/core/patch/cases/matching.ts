import { editCase, mismatch, type PatchCase } from "./patchCase.ts";

const methods =
  "class A:\n  def run():\n    go()\n\nclass B:\n  def run():\n    go()\n\nclass C:\n  def run():\n    go()\n";

const swaps = ["@@", "-old", "+new"];

function numbered(count: number, edited: Readonly<Record<number, string>> = {}): string {
  return Array.from({ length: count }, (_, at) => `${edited[at] ?? `line ${at}`}\n`).join("");
}

/** Where a hunk goes, and when it is refused. */
export const matchingCases: readonly PatchCase[] = [
  editCase("first of several identical lines", { before: "old\nx\nold\n", hunks: swaps, after: "new\nx\nold\n" }),
  editCase("one identical line after the other", {
    before: "old\nx\nold\nold\n",
    hunks: [...swaps, ...swaps],
    after: "new\nx\nnew\nold\n",
  }),
  editCase("header picks the second of identical blocks", {
    before: methods,
    hunks: ["@@ class B:", "   def run():", "-    go()", "+    stop()"],
    after: methods.replace(/(class B:\n.*\n) {4}go/, "$1    stop"),
  }),
  editCase("stacked headers", {
    before: methods,
    hunks: ["@@ class C:", "@@   def run():", "-    go()", "+    stop()"],
    after: methods.replace(/(class C:\n.*\n) {4}go/, "$1    stop"),
  }),
  editCase("stacked headers without indentation", {
    before: methods,
    hunks: ["@@ class B:", "@@ def run():", "-    go()", "+    stop()"],
    after: methods.replace(/(class B:\n.*\n) {4}go/, "$1    stop"),
  }),
  editCase("bare header between stacked ones", {
    before: methods,
    hunks: ["@@ class B:", "@@", "@@ def run():", "-    go()", "+    stop()"],
    after: methods.replace(/(class B:\n.*\n) {4}go/, "$1    stop"),
  }),
  editCase("same header for two hunks", {
    before: "class A\n a\n b\nend\n",
    hunks: ["@@ class A", "- a", "+ A", "@@ class A", "- b", "+ B"],
    after: "class A\n A\n B\nend\n",
  }),
  editCase("header that the hunk quotes again", {
    before: "x\ndef f():\n  a\n",
    hunks: ["@@ def f():", " def f():", "-  a", "+  b"],
    after: "x\ndef f():\n  b\n",
  }),
  editCase("header in the context of the hunk before", {
    before: "a\nf\nb\n",
    hunks: ["@@", "-a", "+A", " f", "@@ f", "-b", "+B"],
    after: "A\nf\nB\n",
  }),
  editCase("header further down before one in the context above", {
    before: "a\nf\nb\nf\nb\n",
    hunks: ["@@", "-a", "+A", " f", "@@ f", "-b", "+B"],
    after: "A\nf\nb\nf\nB\n",
  }),
  editCase("hunks that share context lines", {
    before: "a\nb\nc\nd\ne\n",
    hunks: ["@@", " a", "-b", "+B", " c", " d", "@@", " c", " d", "-e", "+E"],
    after: "a\nB\nc\nd\nE\n",
  }),
  editCase("hunks that touch", {
    before: "a\nb\n",
    hunks: ["@@", "-a", "+A", "@@", "-b", "+B"],
    after: "A\nB\n",
  }),
  editCase("several changes in one hunk", {
    before: "a\nb\nc\nd\n",
    hunks: ["@@", "-a", "+A", " b", "-c", " d", "+e"],
    after: "A\nb\nd\ne\n",
  }),
  editCase("added before removed", { before: "a\nb\n", hunks: ["@@", "+A", "-a", " b"], after: "A\nb\n" }),
  editCase("added lines among removed ones", {
    before: "a\nb\nc\n",
    hunks: ["@@", "-a", "+1", "-b", "+2", "-c", "+3"],
    after: "1\n2\n3\n",
  }),
  editCase("removed line that comes back", {
    before: "a\nb\nc\n",
    hunks: ["@@", "-a", "-b", "-c", "+a", "+x", "+c"],
    after: "a\nx\nc\n",
  }),

  editCase("addition after its header", { before: "a\nf\nb\n", hunks: ["@@ f", "+new"], after: "a\nf\nnew\nb\n" }),
  editCase("addition after its header, then an empty line", {
    before: "a\nf\nb\n\nc\n",
    hunks: ["@@ f", "+new", ""],
    after: "a\nf\nnew\nb\n\nc\n",
  }),
  editCase("addition without a header", { before: "a\nb\n", hunks: ["@@", "+c", "+d"], after: "a\nb\nc\nd\n" }),
  editCase("addition without a header before another hunk", {
    before: "a\nb\n",
    hunks: ["@@", "+c", "@@", "-a", "+A"],
    after: "A\nb\nc\n",
  }),
  editCase("addition with End of File", {
    before: "f\nb\n",
    hunks: ["@@ f", "+c", "*** End of File"],
    after: "f\nb\nc\n",
  }),
  editCase("two additions at the end", { before: "a\n", hunks: ["@@", "+b", "@@", "+c"], after: "a\nb\nc\n" }),
  editCase("addition at the top", { before: "a\nb\n", hunks: ["@@", "+0", " a"], after: "0\na\nb\n" }),
  editCase("two additions at one place", {
    before: "a\nb\n",
    hunks: ["@@", " a", "+1", "@@", "+2", " b"],
    after: "a\n1\n2\nb\n",
  }),
  editCase("addition under a header that lies behind", {
    before: "f\na\nb\n",
    hunks: ["@@", "-b", "+B", "@@ f", "+new"],
    after: mismatch,
  }),

  editCase("End of File takes the last of identical lines", {
    before: "old\nx\nold\n",
    hunks: [...swaps, "*** End of File"],
    after: "old\nx\nnew\n",
  }),
  editCase("End of File with lines that are not last", {
    before: "old\nx\n",
    hunks: [...swaps, "*** End of File"],
    after: "new\nx\n",
  }),
  editCase("End of File and a looser match at the end", {
    before: "old\nx\nold  \n",
    hunks: [...swaps, "*** End of File"],
    after: "old\nx\nnew\n",
  }),
  editCase("End of File with one line more than there is", {
    before: "a\nold\n",
    hunks: ["@@", "-old", "+new", "", "*** End of File"],
    after: "a\nnew\n",
  }),
  editCase("End of File and an empty line take the last of identical lines", {
    before: "old\nx\nold\n",
    hunks: [...swaps, "", "*** End of File"],
    after: "old\nx\nnew\n",
  }),
  editCase("End of File with lines that are changed already", {
    before: "x\nold\n",
    hunks: [...swaps, ...swaps, "*** End of File"],
    after: mismatch,
  }),
  editCase("empty last line that is not in the file", {
    before: "a\nold\nb\n",
    hunks: [...swaps, "", ""],
    after: "a\nnew\nb\n",
  }),
  editCase("empty last line that tells two places apart", {
    before: "old\nb\nold\n\n",
    hunks: [...swaps, ""],
    after: "old\nb\nnew\n\n",
  }),

  editCase("trailing whitespace ignored", {
    before: "a  \nold\t\n",
    hunks: ["@@", " a", "-old", "+new"],
    after: "a  \nnew\n",
  }),
  editCase("indentation ignored", {
    before: "\tif x:\n\t\told\n",
    hunks: ["@@", " if x:", "-  old", "+\t\tnew"],
    after: "\tif x:\n\t\tnew\n",
  }),
  editCase("dashes and quotes normalised", {
    before: "“a” — ‘b’ − c\nold\n",
    hunks: ["@@", ` "a" - 'b' - c`, "-old", "+new"],
    after: "“a” — ‘b’ − c\nnew\n",
  }),
  editCase("spaces normalised", {
    before: "a\u00a0b\u2009c\u3000d\nold\n",
    hunks: ["@@", " a b c d", "-old", "+new"],
    after: "a\u00a0b\u2009c\u3000d\nnew\n",
  }),
  editCase("punctuation of the patch normalised", {
    before: "say 'x' - now\nold\n",
    hunks: ["@@", " say ’x’ – now", "-old", "+new ’y’"],
    after: "say 'x' - now\nnew ’y’\n",
  }),
  editCase("punctuation of a header normalised", {
    before: "f(“a”)\nold\n",
    hunks: ['@@ f("a")', "-old", "+new"],
    after: "f(“a”)\nnew\n",
  }),
  editCase("exact match further down wins", {
    before: "old  \nx\nold\n",
    hunks: swaps,
    after: "old  \nx\nnew\n",
  }),
  editCase("trailing whitespace before indentation", {
    before: "  old\nold  \n",
    hunks: swaps,
    after: "  old\nnew\n",
  }),
  editCase("indentation before punctuation", {
    before: "'y'\n  ‘y’\n",
    hunks: ["@@", "-‘y’", "+z"],
    after: "'y'\nz\n",
  }),
  editCase("whitespace-only line for an empty one", {
    before: "a\n   \nold\n",
    hunks: ["@@", " a", " ", "-old", "+new"],
    after: "a\n   \nnew\n",
  }),
  editCase("change of whitespace only", { before: "a\n  b\n", hunks: ["@@", "-  b", "+    b"], after: "a\n    b\n" }),
  editCase("characters beyond the first plane", {
    before: "😀 a\nold\n",
    hunks: ["@@ 😀 a", "-old", "+𝒩ew 😀"],
    after: "😀 a\n𝒩ew 😀\n",
  }),
  editCase("right-to-left text", {
    before: "שלום\nold\n",
    hunks: ["@@", " שלום", "-old", "+عالم"],
    after: "שלום\nعالم\n",
  }),

  editCase("lines that are not there", { before: "a\nb\n", hunks: ["@@", "-c", "+d"], after: mismatch }),
  editCase("lines in another order", { before: "a\nb\n", hunks: ["@@", " b", "-a", "+c"], after: mismatch }),
  editCase("more lines than the file has", { before: "a\n", hunks: ["@@", " a", " b", "+c"], after: mismatch }),
  editCase("header that is not there", { before: "a\nold\n", hunks: ["@@ nowhere", "-old", "+new"], after: mismatch }),
  editCase("second of stacked headers is not there", {
    before: "a\nold\n",
    hunks: ["@@ a", "@@ b", "-old", "+new"],
    after: mismatch,
  }),
  editCase("lines only before their header", {
    before: "old\nf\nx\n",
    hunks: ["@@ f", "-old", "+new"],
    after: mismatch,
  }),
  editCase("hunks in the wrong order", {
    before: "a\nb\nc\n",
    hunks: ["@@", "-c", "+C", "@@", "-a", "+A"],
    after: mismatch,
  }),
  editCase("same hunk twice", { before: "old\nx\n", hunks: [...swaps, ...swaps], after: mismatch }),
  editCase("letters of another case", { before: "Old\n", hunks: swaps, after: mismatch }),
  editCase("last of three hunks fails", {
    before: "a\nb\nc\n",
    hunks: ["@@", "-a", "+A", "@@", "-b", "+B", "@@", "-x", "+X"],
    after: mismatch,
  }),
  editCase("lines of an empty file", { before: "", hunks: swaps, after: mismatch }),

  editCase("ten thousand lines, three hunks", {
    before: numbered(10_000),
    hunks: [
      "@@",
      "-line 0",
      "+first",
      "@@",
      " line 4999",
      "-line 5000",
      "+middle",
      "@@ line 9998",
      "-line 9999",
      "+last",
    ],
    after: numbered(10_000, { 0: "first", 5000: "middle", 9999: "last" }),
  }),
  editCase("ten thousand lines, no match", { before: numbered(10_000), hunks: swaps, after: mismatch }),
  editCase("ten thousand lines replaced", {
    before: numbered(10_000),
    hunks: [
      "@@",
      ...numbered(10_000)
        .trimEnd()
        .split("\n")
        .map((line) => `-${line}`),
      "+all",
    ],
    after: "all\n",
  }),
];
