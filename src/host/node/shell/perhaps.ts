import type { Node } from "web-tree-sitter";
import { literalOf } from "./words.ts";

type Argv = readonly string[];

const SHELLS = /^(?:ba|z|da|a|k|mk|pdk|fi|c|tc)?sh$/;
/** Programs that take a word of theirs for a command line, beside shells. */
const TAKERS = new Set("eval trap watch su script flock env parallel ssh".split(" "));
/** By which a shell takes the next word for one. */
const INLINE = /^[-+][A-Za-z]*c[A-Za-z]*$/;
/** What a text has that is more than a word. */
const MORE_THAN_A_WORD = /[\s;&|()]/;

/** All words of each command anywhere in the tree: one that is not a literal is its letters, without the quotes around it. */
export function looseCommandsIn(root: Node): Argv[] {
  return root
    .descendantsOfType("command")
    .map((command) => (command === null ? [] : [...wordsIn(command), ...wordsBehind(command)].map(looseWord)));
}

function wordsIn(command: Node): Node[] {
  return command.children.filter((node) => !isBeside(node));
}

/** The grammar takes the words behind a redirection for its own, all but the first of which are the command's, or those of the last one before it. */
function wordsBehind(command: Node): Node[] {
  let node = command;
  while (node.parent && /^(?:list|pipeline)$/.test(node.parent.type) && node.parent.lastChild?.equals(node))
    node = node.parent;
  const around = node.parent?.type === "redirected_statement" ? node.parent.children : [];
  return around
    .filter(({ type }) => type === "file_redirect")
    .flatMap((redirect) => redirect.childrenForFieldName("destination").slice(1));
}

function looseWord(node: Node): string {
  const word = node.type === "command_name" ? (node.firstChild ?? node) : node;
  return literalOf(word) ?? word.text.replaceAll("\\\n", "").replace(/^\$?(["'])(.*)\1$/s, "$2");
}

function isBeside({ type }: Node): boolean {
  return type === "variable_assignment" || type.endsWith("redirect");
}

/** The words of a command that one of its programs may take for a command line. */
export function handedTexts(argv: Argv): readonly string[] {
  const at = argv.findIndex((word) => SHELLS.test(nameOf(word)) || TAKERS.has(nameOf(word)));
  if (at < 0) return [];
  const isShell = SHELLS.test(nameOf(argv[at] ?? ""));
  return argv.filter(
    (word, index) =>
      index > at &&
      (MORE_THAN_A_WORD.test(word) || (isShell && !word.startsWith("-") && INLINE.test(argv[index - 1] ?? ""))),
  );
}

function nameOf(program: string): string {
  return program.slice(program.lastIndexOf("/") + 1);
}
