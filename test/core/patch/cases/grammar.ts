import { editCase, invalid, type PatchCase, patchOf, utf8 } from "./patchCase.ts";

const swap = { before: "one\ntwo\nthree\n", after: "one\nTWO\nthree\n" };
const swapHunk = ["@@", " one", "-two", "+TWO", " three"];
const swapPatch = patchOf("*** Update File: a.txt", ...swapHunk);

function accepted(name: string, patch: string): PatchCase {
  return { name, files: { "a.txt": utf8(swap.before) }, patch, expect: { files: { "a.txt": utf8(swap.after) } } };
}

function refused(name: string, patch: string): PatchCase {
  return { name, files: { "a.txt": utf8(swap.before) }, patch, expect: invalid };
}

/** What a patch may look like, and what it may not. */
export const grammarCases: readonly PatchCase[] = [
  accepted("plain update", swapPatch),
  accepted("no line end after the last line", swapPatch.trimEnd()),
  accepted("first hunk without its header", patchOf("*** Update File: a.txt", ...swapHunk.slice(1))),
  accepted("CRLF in the patch text", swapPatch.replaceAll("\n", "\r\n")),
  accepted("CRLF in some lines of the patch text", swapPatch.replace("TWO\n", "TWO\r\n")),
  accepted("empty lines round the patch", `\n\n${swapPatch}\n\n`),
  accepted(
    "spaces round the first and last line",
    `  *** Begin Patch  \n*** Update File: a.txt\n${swapHunk.join("\n")}\n *** End Patch\t`,
  ),
  accepted("spaces round the section header", patchOf("  *** Update File:   a.txt  ", ...swapHunk)),
  accepted("no space after the stars", patchOf("***Update File:a.txt", ...swapHunk)),
  accepted("space after a bare header", patchOf("*** Update File: a.txt", "@@ ", ...swapHunk.slice(1))),
  accepted("heredoc with quotes", `<<'EOF'\n${swapPatch}EOF\n`),
  accepted("heredoc with double quotes", `<<"PATCH"\n${swapPatch}PATCH`),
  accepted("heredoc with the command", `apply_patch <<EOF\n${swapPatch}EOF\n`),
  accepted("heredoc that is not closed", `<<'EOF'\n${swapPatch}`),
  accepted("line numbers in the header", patchOf("*** Update File: a.txt", "@@ -1,3 +1,3 @@", ...swapHunk.slice(1))),
  accepted(
    "line numbers and a context in the header",
    patchOf("*** Update File: a.txt", "@@ -2 +2 @@ one", "-two", "+TWO"),
  ),
  accepted("empty line before the end of the patch", patchOf("*** Update File: a.txt", ...swapHunk, "")),
  accepted("empty lines between header and hunk", patchOf("*** Update File: a.txt", "", "", ...swapHunk)),
  accepted("empty line before the first section", patchOf("", "*** Update File: a.txt", ...swapHunk)),
  accepted("empty line after End of File", patchOf("*** Update File: a.txt", ...swapHunk, "*** End of File", "")),
  accepted(
    "hunk with context only beside another",
    patchOf("*** Update File: a.txt", "@@", " one", "@@", "-two", "+TWO"),
  ),
  accepted("dot in the path", patchOf("*** Update File: ./a.txt", ...swapHunk)),

  refused("nothing", ""),
  refused("empty lines only", "\n \n"),
  refused("no sections", patchOf()),
  refused("no first line", swapPatch.replace("*** Begin Patch\n", "")),
  refused("no last line", swapPatch.replace("*** End Patch\n", "")),
  refused("cut in mid-hunk", swapPatch.slice(0, swapPatch.indexOf(" three"))),
  refused("text after the end", `${swapPatch}That should do it.\n`),
  refused("second patch after the end", swapPatch + swapPatch),
  refused("text before the beginning", `Here it is:\n${swapPatch}`),
  refused("first line twice", patchOf("*** Begin Patch", "*** Update File: a.txt", ...swapHunk)),
  refused("unknown section", patchOf("*** Rename File: a.txt")),
  refused("section without a path", patchOf("*** Delete File: ")),
  refused("update without hunks", patchOf("*** Update File: a.txt")),
  refused("update with an empty line only", patchOf("*** Update File: a.txt", "", "")),
  refused("header without lines", patchOf("*** Update File: a.txt", "@@ one")),
  refused(
    "header without lines before another section",
    patchOf("*** Update File: a.txt", "@@", "*** Add File: b.txt", "+b"),
  ),
  refused("header with End of File only", patchOf("*** Update File: a.txt", "@@", "*** End of File")),
  refused("context without its space", patchOf("*** Update File: a.txt", "@@", "one", "-two", "+TWO")),
  refused("context with a tab for its space", patchOf("*** Update File: a.txt", "@@", "\tone", "-two", "+TWO")),
  refused("file headers of a plain diff", patchOf("--- a.txt", "+++ a.txt", ...swapHunk)),
  refused("hunk lines after End of File", patchOf("*** Update File: a.txt", ...swapHunk, "*** End of File", "+more")),
  refused("hunk before any section", patchOf(...swapHunk)),
  refused("move after the hunks", patchOf("*** Update File: a.txt", ...swapHunk, "*** Move to: b.txt")),
  refused("move without an update", patchOf("*** Move to: b.txt")),
  refused("move after a delete", patchOf("*** Delete File: a.txt", "*** Move to: b.txt")),
  refused("lines under a delete", patchOf("*** Delete File: a.txt", "-one")),
  refused("new file with an unmarked line", patchOf("*** Add File: b.txt", "+one", "two")),
  refused("new file with an unmarked empty line", patchOf("*** Add File: b.txt", "+one", "", "+three")),
  refused("new file with a hunk header", patchOf("*** Add File: b.txt", "@@", "+one")),
  refused("patch that changes nothing", patchOf("*** Update File: a.txt", "@@", " one", "-two", "+two", " three")),
  refused("patch of context only", patchOf("*** Update File: a.txt", "@@", " one", " two")),
  refused("move to itself", patchOf("*** Update File: a.txt", "*** Move to: a.txt")),

  editCase("lines that look like markers", {
    before: "x\n*** End Patch\n@@ y\n",
    hunks: ["@@", " x", "-*** End Patch", "+*** End of File", "+*** Update File: z", " @@ y"],
    after: "x\n*** End of File\n*** Update File: z\n@@ y\n",
  }),
  editCase("context that looks like a section", {
    before: "*** Move to: b.txt\n*** Delete File: a.txt\nx\n",
    hunks: [" *** Move to: b.txt", " *** Delete File: a.txt", "-x", "+y"],
    after: "*** Move to: b.txt\n*** Delete File: a.txt\ny\n",
  }),
  editCase("lines that begin with hunk signs", {
    before: "+a\n-b\n c\n",
    hunks: ["@@", "-+a", "+-a", "--b", "++b", "  c"],
    after: "-a\n+b\n c\n",
  }),
  editCase("empty line for an empty context line", {
    before: "a\n\nb\n",
    hunks: ["@@", " a", "", "-b", "+c"],
    after: "a\n\nc\n",
  }),
  editCase("empty first line of a hunk without header", {
    before: "x\na\n\nx\n",
    hunks: ["", "-x", "+y"],
    after: "x\na\n\ny\n",
  }),
  editCase("several hunks, with empty lines between", {
    before: "a\nb\nc\nd\n",
    hunks: ["@@", "-a", "+A", "", "@@", "-c", "+C", ""],
    after: "A\nb\nC\nd\n",
  }),
];
