import { editCase, type PatchCase } from "./patchCase.ts";

/** Line ends, and the missing final one. */
export const endCases: readonly PatchCase[] = [
  editCase("append after a last line without end", { before: "a\nb", hunks: ["@@", " b", "+c"], after: "a\nb\nc" }),
  editCase("append two after a last line without end", {
    before: "a\nb",
    hunks: ["@@", "+c", "+d"],
    after: "a\nb\nc\nd",
  }),
  editCase("append after a last CRLF line without end", {
    before: "a\r\nb",
    hunks: ["@@", "+c"],
    after: "a\r\nb\r\nc",
  }),
  editCase("append to a mixed file takes the line above", {
    before: "a\r\nb\nc",
    hunks: ["@@", "+d", "+e"],
    after: "a\r\nb\nc\nd\ne",
  }),
  editCase("append to a single line without end", { before: "a", hunks: ["@@", " a", "+b"], after: "a\nb" }),
  editCase("append to a single CRLF line", { before: "a\r\n", hunks: ["@@", "+b"], after: "a\r\nb\r\n" }),
  editCase("put before a single line without end", { before: "a", hunks: ["@@", "+0", " a"], after: "0\na" }),
  editCase("put before a first CRLF line", { before: "a\r\nb\n", hunks: ["@@", "+0", " a"], after: "0\r\na\r\nb\n" }),
  editCase("replace a last line without end", { before: "a\nb", hunks: ["@@", "-b", "+c"], after: "a\nc" }),
  editCase("replace a last line without end by two", {
    before: "a\r\nb",
    hunks: ["@@", "-b", "+c", "+d"],
    after: "a\r\nc\r\nd",
  }),
  editCase("replace a single line without end", { before: "a", hunks: ["@@", "-a", "+b"], after: "b" }),
  editCase("replace a single line without end by two", { before: "a", hunks: ["@@", "-a", "+b", "+c"], after: "b\nc" }),
  editCase("replace the last two lines by one", { before: "a\nb\nc", hunks: ["@@", "-b", "-c", "+d"], after: "a\nd" }),
  editCase("change elsewhere keeps the missing end", {
    before: "a\nb\nc",
    hunks: ["@@", "-a", "+A"],
    after: "A\nb\nc",
  }),
  editCase("remove a last line without end", { before: "a\nb", hunks: ["@@", " a", "-b"], after: "a\n" }),
  editCase("remove a last line without end and add above", {
    before: "a\nb\nc",
    hunks: ["@@", " a", "+x", " b", "-c"],
    after: "a\nx\nb\n",
  }),
  editCase("remove a last line with end", { before: "a\nb\n", hunks: ["@@", "-b"], after: "a\n" }),
  editCase("empty line appended is the final newline", { before: "a\nb", hunks: ["@@", " b", "+"], after: "a\nb\n" }),
  editCase("empty line appended after a final newline", {
    before: "a\nb\n",
    hunks: ["@@", " b", "+"],
    after: "a\nb\n\n",
  }),
  editCase("last line kept while lines go in before it", {
    before: "a\nb",
    hunks: ["@@", " a", "+x", " b"],
    after: "a\nx\nb",
  }),
  editCase("last line comes back before a new one", {
    before: "a\nb",
    hunks: ["@@", "-b", "+b", "+c"],
    after: "a\nb\nc",
  }),
  editCase("remove everything", { before: "a\nb\n", hunks: ["@@", "-a", "-b"], after: "" }),
  editCase("remove everything without final end", { before: "a", hunks: ["@@", "-a"], after: "" }),
  editCase("first line of an empty file", { before: "", hunks: ["@@", "+a"], after: "a\n" }),
  editCase("first lines of an empty file, End of File", {
    before: "",
    hunks: ["@@", "+a", "+b", "*** End of File"],
    after: "a\nb\n",
  }),
  editCase("file of one empty line", { before: "\n", hunks: ["@@", " ", "+a"], after: "\na\n" }),
  editCase("CRLF file of one empty line replaced", { before: "\r\n", hunks: ["@@", "-", "+a"], after: "a\r\n" }),
  editCase("each new line takes the end of its removed one", {
    before: "a\r\nb\nc\r\nd\n",
    hunks: ["@@", "-a", "-b", "-c", "+1", "+2", "+3"],
    after: "1\r\n2\n3\r\nd\n",
  }),
  editCase("further new lines take the last removed end", {
    before: "a\nb\r\nc\n",
    hunks: ["@@", "-a", "-b", "+1", "+2", "+3", "+4"],
    after: "1\n2\r\n3\r\n4\r\nc\n",
  }),
  editCase("inserted line takes the end above", {
    before: "a\r\nb\nc\n",
    hunks: ["@@", " a", "+x", " b", "+y"],
    after: "a\r\nx\r\nb\ny\nc\n",
  }),
  editCase("lone carriage return is text", {
    before: "a\rb\nc\r\rd\n",
    hunks: ["@@", " a\rb", "-c\r\rd", "+x\ry"],
    after: "a\rb\nx\ry\n",
  }),
  editCase("carriage return before CRLF is text", {
    before: "a\r\r\nb\n",
    hunks: ["@@", " a", "-b", "+c"],
    after: "a\r\r\nc\n",
  }),
  editCase("other separators are text", {
    before: "a\u2028b\u0085c\fd\nx\n",
    hunks: ["@@", " a\u2028b\u0085c\fd", "-x", "+y\u2029z"],
    after: "a\u2028b\u0085c\fd\ny\u2029z\n",
  }),
];
