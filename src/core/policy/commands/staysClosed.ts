import { lookOf } from "./readers.ts";
import type { Outside } from "./traits.ts";
import { nameOf, traitsOf } from "./traitsOf.ts";

/**
 * Whether a command that begins as a rule says does only what may be allowed so outside the sandbox: the words behind have no option by which the
 * program would run another one, write any file, or work on another project. A program that is known to only look must do so.
 */
export function staysClosed(argv: readonly string[], prefix: readonly string[]): boolean {
  const [program = "", next = ""] = argv;
  const { outside } = traitsOf(program);
  const known = outside?.get(next) ?? outside?.get("*");
  if (!known) return !isReader(argv) || looksHere(argv);
  const words = argv.slice(ENDS_IN_OPTION.test(prefix.at(-1) ?? "") ? prefix.length - 1 : prefix.length);
  const behind = known.only ? words.flatMap(readWords) : words;
  if (known.name === "closing" && prefix.length < 3 && behind.some((word) => !word.startsWith("-"))) return false;
  return !behind.some((word) => known.opened.some((option) => isOption(word, option))) && hasOnly(behind, known.only);
}

/** What follows the words of such a rule may be the value of the last one, which the user has not seen. */
const ENDS_IN_OPTION = /(^|=)-[^=]*$/;

/** Where any setting is an option, what stands behind "=" is read as the next word, and is one of its own when the option takes no value. */
function readWords(word: string): string[] {
  const at = word.startsWith("-") ? word.indexOf("=") : -1;
  return at < 0 ? [word] : [word.slice(0, at), ...readWords(word.slice(at + 1))];
}

/** What stands behind "--" is for the script. */
function hasOnly(behind: readonly string[], only: Outside["only"]): boolean {
  const end = behind.indexOf("--");
  const own = end < 0 ? behind : behind.slice(0, end);
  return (
    only === undefined || own.every((word) => !word.startsWith("-") || only.has(bareName(word).replace(/^no-/, "")))
  );
}

function bareName(word: string): string {
  return (word.split("=")[0] ?? "").replace(/^-+/, "");
}

function isReader([program = "", next = ""]: readonly string[]): boolean {
  return lookOf([program, "."]) !== undefined || lookOf([program, next]) !== undefined;
}

/** What git is allowed to show of a repository is no leave to show other files, as it does of two that it compares. */
function looksHere(argv: readonly string[]): boolean {
  const look = lookOf(argv);
  return look !== undefined && (nameOf(argv[0] ?? "") !== "git" || !look.paths.some((path) => AWAY.test(path)));
}

const AWAY = /^[/~]|(^|\/)\.\.(\/|$)/;

/**
 * As widely as any program reads its options: long ones that are cut short, or have one dash or three, letters one behind the other, values in the
 * same word.
 */
function isOption(word: string, option: string): boolean {
  const [name = ""] = word.split("=");
  const bare = bareName(word);
  if (option === "=") return /^[^-=][^=]*=/.test(word);
  if (option === "/" || option === ":" || option === "#") return word.includes(option);
  if (option === ".") return /(^|@)\../.test(word);
  if (option === "://") return /^[a-z]+:\/\//i.test(word);
  if (option === "@") return word.startsWith("@");
  if (option.endsWith("!")) return name === option.slice(0, -1);
  if (option.startsWith("--")) {
    const isLong = name.startsWith("--") ? bare.length > 0 : name.startsWith("-") && bare.length > 1;
    return isLong && (option.startsWith(`--${bare}`) || bare.startsWith(`${option.slice(2)}.`));
  }
  if (option.length === 2) return /^-[^-]/.test(word) && word.includes(option.charAt(1));
  return name.replace(/^--/, "-") === option;
}
