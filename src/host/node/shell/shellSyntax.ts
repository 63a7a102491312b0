import type { CommandLine, ShellSyntax } from "../../shellSyntax.ts";
import { loadGrammar, type Parse } from "./grammar.ts";
import { handedTexts, looseCommandsIn } from "./perhaps.ts";
import { commandsIn, MAX_COMMANDS } from "./plainCommands.ts";

/** Shells whose plain commands bash's grammar reads as they do. */
const NAMES = new Set(["bash", "sh", "dash", "ash", "ksh", "zsh"]);
/** Where these are when a path says where: a file of the same name elsewhere is another program. */
const FOLDERS = new Set(["", "/bin/", "/usr/bin/", "/usr/local/bin/"]);
/** By which a shell takes a command line as its one argument. */
const INLINE = new Set(["-c", "-lc", "-cl"]);
/** How many texts within a text are looked into for what it may be forbidden for, those within these among them. */
const MAX_HANDED = 20;
/** In UTF-16 code units. */
const MAX_LENGTH = 64 * 1024;

export interface ShellSyntaxOptions {
  /** The user's own shell, which counts wherever it is. */
  readonly shell: string;
}

/** Reads command lines with bash's grammar, which is loaded for the first one. */
export function createShellSyntax({ shell: own }: ShellSyntaxOptions): ShellSyntax {
  let loading: Promise<Parse> | undefined;
  return {
    async commandsOf(text, shell) {
      if (!isKnown(shell, own) || text.length > MAX_LENGTH || text.includes("\0")) return undefined;
      try {
        loading ??= loadGrammar();
        return read(text, await loading);
      } catch {
        // Without a grammar nothing is known of any command, so that all of them ask.
        return undefined;
      }
    },
  };
}

function isKnown(shell: string, own: string): boolean {
  const name = nameOf(shell);
  return NAMES.has(name) && (shell === own || FOLDERS.has(shell.slice(0, -name.length)));
}

function nameOf(program: string): string {
  return program.slice(program.lastIndexOf("/") + 1);
}

type Argv = readonly string[];

interface Read extends CommandLine {
  readonly loose: readonly Argv[];
}

/** Commands that are handed to a shell as its argument stand in the place of that shell; what is nested deeper stays an argument. */
function read(text: string, parse: Parse): CommandLine | undefined {
  const outer = readOnce(text, parse);
  if (outer === undefined) return undefined;
  const commands: Argv[] = [];
  let { plain } = outer;
  for (const argv of outer.commands) {
    const inner = innerOf(argv);
    const nested = inner === undefined ? undefined : readOnce(inner, parse);
    if (inner !== undefined && !nested?.plain) plain = false;
    if (!nested?.plain) commands.push(argv);
    commands.push(...(nested?.commands ?? []));
  }
  const known = new Set(commands.map((argv) => JSON.stringify(argv)));
  // A word may go on in the next line.
  const joined = text.replaceAll("\\\n", "");
  const loose = joined === text ? outer.loose : [...outer.loose, ...(readOnce(joined, parse)?.loose ?? [])];
  const perhaps = looselyIn(loose, parse).filter((argv) => !known.has(JSON.stringify(argv)));
  return { plain: plain && commands.length <= MAX_COMMANDS, commands, ...(perhaps.length > 0 ? { perhaps } : {}) };
}

function innerOf([program = "", flag = "", text, ...rest]: Argv): string | undefined {
  return isKnown(program, "") && INLINE.has(flag) && rest.length === 0 ? text : undefined;
}

/** The commands, and those in the texts that they hand on, however deep. */
function looselyIn(commands: readonly Argv[], parse: Parse): Argv[] {
  const found = [...commands];
  const texts = found.flatMap(handedTexts);
  for (let at = 0; at < texts.length && at < MAX_HANDED; at++) {
    const loose = readOnce(texts[at] ?? "", parse)?.loose ?? [];
    found.push(...loose);
    texts.push(...loose.flatMap(handedTexts));
  }
  return found;
}

function readOnce(text: string, parse: Parse): Read | undefined {
  const tree = parse(text);
  try {
    return tree && { ...commandsIn(tree.rootNode, text), loose: looseCommandsIn(tree.rootNode) };
  } finally {
    tree?.delete();
  }
}
