/**
 * What a program may be given and still only look. Everything else is unknown, and so are long names that are cut short.
 *
 * `flags` are names apart by blanks. Bare, such as "-l --all", they take nothing; with ":" ("-n: --lines:") a value that counts as a path, in case it
 * is one; with "%" a value that is text whatever it looks like; with "?" one only in the same word ("--color=always", "-U5"); and "-#" is a number.
 */
export interface Grammar {
  readonly flags: string;
  /** "pattern": a text, then paths; no text when one of `patternFlags` was given. */
  readonly operands: "none" | "words" | "paths" | "pattern";
  readonly patternFlags?: readonly string[] | undefined;
  readonly maxOperands?: number | undefined;
  /**
   * How a program of its own kind reads words of one letter: "bundled", where letters may stand behind each other but what follows one that takes a
   * value is more letters; "apart", where what follows the first letter is passed over. A number is a value in the same word for both.
   */
  readonly letters?: "bundled" | "apart" | undefined;
  /** Behind an operand there are only operands for it, such as a file to write, even when they look like flags. */
  readonly flagsFirst?: true | undefined;
}

export interface Parsed {
  /** Names of the flags, each as the grammar has it. */
  readonly flags: readonly string[];
  readonly operands: readonly string[];
  /** Whatever may name a file. */
  readonly paths: readonly string[];
  /** Values of "%" and "?" flags. */
  readonly texts: readonly { readonly flag: string; readonly value: string }[];
}

type Kind = "" | ":" | "%" | "?";

/** The arguments by the grammar; undefined when there is one that it does not know. */
export function parseArguments(args: readonly string[], grammar: Grammar): Parsed | undefined {
  const reader = new ArgumentReader(args, grammar);
  if (!reader.read()) return undefined;
  const { flags, operands, values, texts } = reader;
  if (operands.length > (grammar.maxOperands ?? (grammar.operands === "none" ? 0 : Infinity))) return undefined;
  return { flags, operands, texts, paths: [...values, ...pathOperands(grammar, operands, flags)] };
}

function pathOperands(
  { operands: kind, patternFlags = [] }: Grammar,
  operands: readonly string[],
  flags: readonly string[],
): readonly string[] {
  if (kind === "words" || kind === "none") return [];
  const hasPattern = kind === "pattern" && !patternFlags.some((flag) => flags.includes(flag));
  return hasPattern ? operands.slice(1) : operands;
}

function kindsOf(flags: string): ReadonlyMap<string, Kind> {
  const names = flags.split(/\s+/).filter((name) => name !== "");
  return new Map(
    names.map((name) => {
      const kind = /[:%?]$/.exec(name)?.[0] ?? "";
      return [kind === "" ? name : name.slice(0, -1), kind as Kind];
    }),
  );
}

/** Reads arguments as getopt does where flags and operands may stand in any order; what that order makes of a text in other programs counts, too. */
class ArgumentReader {
  readonly flags: string[] = [];
  readonly operands: string[] = [];
  readonly values: string[] = [];
  readonly texts: { flag: string; value: string }[] = [];
  readonly #grammar: Grammar;
  readonly #kinds: ReadonlyMap<string, Kind>;
  readonly #rest: string[];

  constructor(args: readonly string[], grammar: Grammar) {
    this.#rest = [...args];
    this.#grammar = grammar;
    this.#kinds = kindsOf(grammar.flags);
  }

  /** False when an argument is unknown. */
  read(): boolean {
    for (let arg = this.#rest.shift(); arg !== undefined; arg = this.#rest.shift()) {
      if (arg === "-" || !arg.startsWith("-")) {
        this.operands.push(arg);
      } else if (this.#grammar.flagsFirst && this.operands.length > 0) {
        return false;
      } else if (arg === "--") {
        this.operands.push(...this.#rest.splice(0));
      } else if (!(arg.startsWith("--") ? this.#long(arg) : this.#short(arg))) {
        return false;
      }
    }
    return true;
  }

  #long(arg: string): boolean {
    const [, name = "", value] = /^([^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
    const kind = this.#kinds.get(name);
    this.flags.push(name);
    if (kind === undefined || (kind === "" && value !== undefined)) return false;
    return kind === "" || this.#value(kind, value);
  }

  #short(arg: string): boolean {
    if (/^-\d+$/.test(arg) && this.#kinds.has("-#")) return true;
    if (arg.length > 2 && this.#kinds.get(arg) === "") return this.flags.push(arg) > 0;
    const { letters } = this.#grammar;
    if (letters === "apart" && !/^-.\d*$/s.test(arg)) return false;
    for (let at = 1; at < arg.length; at++) {
      const name = `-${arg[at]}`;
      const kind = this.#kinds.get(name);
      this.flags.push(name);
      if (kind === undefined) return false;
      const attached = arg.slice(at + 1) || undefined;
      if (kind !== "" && letters && !/^\d*$/.test(attached ?? "")) return false;
      if (kind !== "") return this.#value(kind, attached);
    }
    return true;
  }

  /** A value that could be a flag makes the arguments unknown, unless it is a number: programs do not agree on what takes one. */
  #value(kind: Exclude<Kind, "">, attached: string | undefined): boolean {
    const flag = this.flags.at(-1) ?? "";
    if (kind === "?") {
      if (attached !== undefined) this.texts.push({ flag, value: attached });
      return true;
    }
    const value = attached ?? this.#rest.shift();
    if (value === undefined || (attached === undefined && /^-(?!\d+$)/.test(value))) return false;
    if (kind === "%") this.texts.push({ flag, value });
    // Where nothing behind an operand is a flag, the text is a file.
    if (kind === ":" || (attached === undefined && this.operands.length > 0)) this.values.push(value);
    return true;
  }
}
