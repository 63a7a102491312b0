import type { Node } from "web-tree-sitter";

/** Letters that stand for themselves outside quotes in every POSIX shell, and any printable one behind a backslash. */
const UNQUOTED = /^(?:[A-Za-z0-9_@%+:,./=^~-]|\\[ -~])+$/;
/** What some shell expands all the same: a home folder, or the path of a program. */
const EXPANDED = /^[~=]|[:=]~/;
/** Control characters, and letters that are not to be seen; "\n" and "\t" are told apart by quotes. */
const UNSEEN = /[^\P{C}\n\t]/u;
/** "!" may stand for an earlier command in a terminal. */
const SPECIAL_IN_QUOTES = /(?<!\\)(?:\\\\)*[$`]|!|\\\n/;

/** The argument that a word of the tree stands for; undefined when that depends on more than its letters. */
export function literalOf(node: Node): string | undefined {
  switch (node.type) {
    case "word":
    case "number":
      return unquoted(node.text);
    case "raw_string":
      return UNSEEN.test(node.text) ? undefined : node.text.slice(1, -1);
    case "string":
      return inDoubleQuotes(node);
    case "concatenation":
      return joined(node);
    default:
      return undefined;
  }
}

function unquoted(text: string): string | undefined {
  if (!UNQUOTED.test(text) || EXPANDED.test(text)) return undefined;
  return text.replace(/\\(.)/g, "$1");
}

function inDoubleQuotes(node: Node): string | undefined {
  const content = node.text.slice(1, -1);
  if (!node.children.every(({ type }) => type === '"' || type === "string_content")) return undefined;
  if (UNSEEN.test(content) || SPECIAL_IN_QUOTES.test(content)) return undefined;
  return content.replace(/\\([$`"\\])/g, "$1");
}

/** Words without anything between them, such as --format="%h". */
function joined(node: Node): string | undefined {
  let text = "";
  let end = node.startIndex;
  for (const part of node.children) {
    const word = literalOf(part);
    if (word === undefined || part.startIndex !== end) return undefined;
    text += word;
    end = part.endIndex;
  }
  return end === node.endIndex ? text : undefined;
}
