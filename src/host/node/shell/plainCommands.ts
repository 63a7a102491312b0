import type { Node } from "web-tree-sitter";
import type { CommandLine } from "../../shellSyntax.ts";
import { literalOf } from "./words.ts";

type Argv = readonly string[];

/** Nodes that only hold commands, and what may stand between these. */
const GROUPS = new Set(["program", "list", "pipeline", "redirected_statement"]);
const OPERATORS = new Set(["&&", "||", ";", "|", "\n"]);
/** Redirections that make no file. */
const HARMLESS = /^(?:[12]?>>?[ \t]*\/dev\/null|<[ \t]*\/dev\/null|2>&1|1?>&2)$/;
/** Words of some shell's grammar that this one takes for programs. */
const RESERVED = new Set(["time", "coproc", "repeat", "foreach", "end", "nocorrect", "noglob", "-"]);
/** How many commands a line may have and still be plain. */
export const MAX_COMMANDS = 50;

/** The commands of a tree, in their order. */
export function commandsIn(root: Node, text: string): CommandLine {
  const commands: Argv[] = [];
  const plain = !root.hasError && isBlank(text.slice(0, root.startIndex)) && collect(root, text, commands);
  if (plain && isBlank(text.slice(root.endIndex)) && commands.length > 0 && commands.length <= MAX_COMMANDS)
    return { plain: true, commands };
  return { plain: false, commands: beginnings(root) };
}

/** Adds the commands below a group; false when there is anything else. What the grammar passed over must be blank. */
function collect(group: Node, text: string, commands: Argv[]): boolean {
  let end = group.startIndex;
  let separated = true;
  for (const node of group.children) {
    const gap = text.slice(end, node.startIndex);
    if (!isBlank(gap)) return false;
    if (gap.includes("\n")) separated = true;
    end = node.endIndex;
    if (OPERATORS.has(node.type)) separated = true;
    else if (node.type === "file_redirect" && HARMLESS.test(node.text)) continue;
    else {
      if (!separated) return false;
      separated = false;
      if (!collectOne(node, text, commands)) return false;
    }
  }
  return isBlank(text.slice(end, group.endIndex));
}

function collectOne(node: Node, text: string, commands: Argv[]): boolean {
  if (GROUPS.has(node.type)) return collect(node, text, commands);
  if (node.type !== "command") return false;
  const argv = argvOf(node, text);
  if (argv === undefined) return false;
  commands.push(argv);
  return true;
}

/** The words of a command, each of which must be a literal with a blank before it. */
function argvOf(command: Node, text: string): Argv | undefined {
  const words = command.children.map(wordOf);
  const argv: string[] = [];
  let end = command.startIndex;
  for (const [index, word] of words.entries()) {
    const literal = word && literalOf(word);
    if (!word || literal === undefined) return undefined;
    const gap = text.slice(end, word.startIndex);
    if (index === 0 ? gap !== "" : !/^[ \t]+$/.test(gap)) return undefined;
    argv.push(literal);
    end = word.endIndex;
  }
  const [program] = argv;
  const isProgram = program !== undefined && program !== "" && !program.includes("=") && !RESERVED.has(program);
  return isProgram && end === command.endIndex ? argv : undefined;
}

/** The name of a command is wrapped in a node of its own. */
function wordOf(node: Node): Node | undefined {
  if (node.type !== "command_name") return node;
  return node.childCount === 1 ? (node.firstChild ?? undefined) : undefined;
}

/** The plain words that each command anywhere in the tree begins with. */
function beginnings(root: Node): Argv[] {
  return root.descendantsOfType("command").flatMap((command) => {
    const argv: string[] = [];
    for (const node of command?.children ?? []) {
      if (argv.length === 0 && (node.type === "variable_assignment" || node.type.endsWith("redirect"))) continue;
      const word = wordOf(node);
      const literal = word && literalOf(word);
      if (literal === undefined) break;
      argv.push(literal);
    }
    return argv.length > 0 ? [argv] : [];
  });
}

function isBlank(text: string): boolean {
  return /^[ \t\n]*$/.test(text);
}
