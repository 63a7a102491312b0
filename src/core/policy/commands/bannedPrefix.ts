import { lookOf } from "./readers.ts";
import type { Traits } from "./traits.ts";
import { nameOf, traitsOf } from "./traitsOf.ts";

/** With a third word these next words mean something. */
const WITH_A_THIRD = new Set("run tool exec compose submodule".split(" "));

const MAX_WORDS = 20;
const MAX_WORD_LENGTH = 1000;

/** Where a rule lets commands run. In the sandbox they can do no more than any other command there. */
export type RuleReach = "inside" | "outside";

/** Why no rule may allow all commands that begin so, in a sentence for the user; undefined when one may. */
export function whyBanned(prefix: readonly string[], reach: RuleReach): string | undefined {
  const problem = whyMalformed(prefix);
  if (problem !== undefined) return problem;
  const [program = "", next = "", ...rest] = prefix;
  const traits = traitsOf(program);
  const shown = `"${prefix.join(" ")}"`;
  if (traits.runs) return `${shown} cannot be allowed always: what follows "${nameOf(program)}" may be any command.`;
  if (isTooWide(traits, next, rest))
    return `${shown} cannot be allowed always, since it may begin any command. Name more of its words.`;
  return reach === "outside" ? whyKeptInside(prefix, traits) : undefined;
}

/** Why a prefix is none, for rules of either kind. */
export function whyMalformed(prefix: readonly string[]): string | undefined {
  if (prefix.length === 0 || prefix[0] === "") return "A rule for commands needs at least the name of a program.";
  if (prefix.length > MAX_WORDS) return `A rule may name at most ${MAX_WORDS} words of a command.`;
  if (prefix.some((word) => word.length > MAX_WORD_LENGTH || /\p{C}/u.test(word)))
    return `The words of a rule may have at most ${MAX_WORD_LENGTH} characters, none of them invisible.`;
  return undefined;
}

function isTooWide({ code, wide, contains }: Traits, next: string, rest: readonly string[]): boolean {
  if (code) return code.test(next) ? !rest[0] || rest[0].startsWith("-") : next === "" || next.startsWith("-");
  if (!wide) return false;
  if (next === "" || next.startsWith("-")) return true;
  if (!wide.has(next)) return false;
  return !WITH_A_THIRD.has(next) || contains === true || !rest[0] || rest[0].startsWith("-");
}

/** Outside the sandbox, what follows must not write any file or run any program either. */
function whyKeptInside(prefix: readonly string[], { harms, outside }: Traits): string | undefined {
  const [program = "", next = "", name = ""] = prefix;
  const start = `"${prefix.join(" ")}" cannot be allowed always outside the sandbox`;
  if (harms) return `${start}: what follows may name any file. Allow such a command each time.`;
  if (!outside) return undefined;
  const known = outside.get(next) ?? outside.get("*");
  if (!known) {
    if (lookOf(prefix) !== undefined) return undefined;
    return `${start}: what follows may run any program, or write any file. Allow such a command each time.`;
  }
  if (!known.name || (known.name === "closing" && name === "")) return undefined;
  if (!/^\w[\w.:@-]*$/.test(name))
    return `${start}, since the next word may be anything. Name it too, such as "${nameOf(program)} ${next} ${EXAMPLES[next] ?? "build"}".`;
  return undefined;
}

const EXAMPLES: Readonly<Record<string, string>> = {
  push: "origin",
  pr: "create",
  issue: "list",
  mr: "create",
  exec: "rspec",
};
