import type { CommandLine } from "../../host/shellSyntax.ts";
import type { Rule } from "../../protocol/rules.ts";
import { type Looked, type LookingPlace, lookedAt } from "./commands/looking.ts";
import { staysClosed } from "./commands/staysClosed.ts";
import { nameOf, traitsOf } from "./commands/traitsOf.ts";
import { allowsHost, deniesHost, type HostPlace } from "./hosts.ts";
import type { Paths } from "./paths.ts";

/** Where a call happens, as far as rules care. */
export interface RulePlace {
  readonly paths: Paths;
  /** The folder of the thread. */
  readonly threadCwd: string;
}

/** The user's rules, as far as they can be read. */
export interface HeldRules {
  readonly rules: readonly Rule[];
  /** False while there is something beside them that cannot be read and may deny: what no rule denies must ask then. */
  readonly complete: boolean;
}

/** For the user, who is asked about everything then. */
export const RULES_UNKNOWN = "Not all of your saved rules can be read, and one of them may deny this.";

export type RuleVerdict =
  | {
      readonly kind: "allow";
      /** True when each command of the line is allowed with all the user's rights. What only looks never makes it so. */
      readonly unconfined: boolean;
      /** What those of them look at which no rule names: these are allowed only because they look, and only in the sandbox. */
      readonly looked: Looked | undefined;
    }
  | { readonly kind: "deny"; readonly rule: Rule }
  /** The line cannot be read, and there are rules here that deny: one of them may mean it. */
  | { readonly kind: "unreadable" }
  /** No rule denies it, as far as the rules can be read: one that cannot be may. */
  | { readonly kind: "unknown" }
  /** No rule decides: what holds without rules holds. */
  | { readonly kind: "none" };

const none: RuleVerdict = { kind: "none" };

/**
 * What the rules say of a command line. A rule denies the whole line as soon as it forbids one of its commands, also one within a text that is
 * not plain. The line is allowed when it is plain, and for each of its commands there is a rule, or it only looks. A text that is not plain is never
 * allowed, nor one that cannot be read: `line` is undefined then.
 */
export function judgeByRules(
  { rules, complete }: HeldRules,
  line: CommandLine | undefined,
  place: RulePlace & LookingPlace,
): RuleVerdict {
  const denying = rules.filter((rule) => rule.subject.kind === "command" && isDenying(rule, place));
  if (line === undefined && complete) return denying.length > 0 ? { kind: "unreadable" } : none;
  if (line === undefined) return { kind: "unknown" };
  const meant = [...line.commands, ...(line.perhaps ?? [])];
  const [denied] = denying.filter((rule) => meant.some((argv) => forbids(rule, argv)));
  if (denied) return { kind: "deny", rule: denied };
  if (!complete) return { kind: "unknown" };
  if (!line.plain || line.commands.length === 0) return none;
  const allowing = rules.filter((rule) => isAllowing(rule, place));
  const found = line.commands.map((argv) => allowing.filter((rule) => covers(rule, argv)));
  const unconfined = line.commands.every((argv, index) => found[index]?.some((rule) => liftsSandbox(rule, argv)));
  if (unconfined) return { kind: "allow", unconfined, looked: undefined };
  const rest = line.commands.filter((_, index) => found[index]?.length === 0);
  if (rest.length === line.commands.length) return none;
  if (rest.length === 0) return { kind: "allow", unconfined, looked: undefined };
  const looked = lookedAt({ plain: true, commands: rest }, place);
  return looked ? { kind: "allow", unconfined, looked } : none;
}

/** What the rules say of a connection. */
export function judgeHostByRules(
  { rules, complete }: HeldRules,
  target: HostPlace,
  place: RulePlace,
): "allow" | "deny" | "unknown" | "none" {
  const means = { allow: allowsHost, deny: deniesHost };
  const held = rules.filter(
    ({ subject, workspace, decision }) =>
      subject.kind === "host" && isHere(workspace, place.threadCwd, place) && means[decision](subject.host, target),
  );
  if (held.some(({ decision }) => decision === "deny")) return "deny";
  if (!complete) return "unknown";
  return held.length > 0 ? "allow" : "none";
}

/** The hosts that rules deny here. */
export function deniedHosts(rules: readonly Rule[], place: RulePlace): readonly string[] {
  return rules.flatMap(({ subject, decision, workspace }) =>
    subject.kind === "host" && decision === "deny" && isHere(workspace, place.threadCwd, place) ? [subject.host] : [],
  );
}

function isAllowing({ decision, workspace }: Rule, place: RulePlace & LookingPlace): boolean {
  const { threadCwd, cwd } = place;
  return decision === "allow" && [threadCwd, cwd].every((folder) => isHere(workspace, folder, place));
}

function isDenying({ decision, workspace }: Rule, place: RulePlace & LookingPlace): boolean {
  const { threadCwd, cwd } = place;
  return decision === "deny" && [threadCwd, cwd].some((folder) => isHere(workspace, folder, place));
}

function isHere(workspace: string | undefined, folder: string, { paths }: RulePlace): boolean {
  return workspace === undefined || paths.isInside(workspace, folder);
}

/** Word for word: a program that is named by a path is another one. */
function covers({ subject }: Rule, argv: readonly string[]): boolean {
  return subject.kind === "command" && beginsWith(argv, subject.prefix);
}

/** In the sandbox, words that follow do no more than any command there. Outside of it they must not open what the rule closed. */
function liftsSandbox({ subject, unconfined }: Rule, argv: readonly string[]): boolean {
  return unconfined === true && subject.kind === "command" && staysClosed(argv, subject.prefix);
}

/** As widely as it can be meant: however the program is named, whatever options stand among the words, and whatever runs it. */
function forbids({ subject }: Pick<Rule, "subject">, argv: readonly string[]): boolean {
  if (subject.kind !== "command") return false;
  if (beginsWith(argv, subject.prefix) || mayMean(argv, subject.prefix)) return true;
  const { runs, runsBehind } = traitsOf(plainName(argv[0] ?? ""));
  return argv.some((word, index) => {
    const rest = argv.slice(index + 1);
    return (
      (runs === "command" && mayMean(rest, subject.prefix)) || (runsBehind?.test(word) && forbids({ subject }, rest))
    );
  });
}

/** Words in their order, with nothing between them but options and the values that these may have. */
function mayMean([program = "", ...words]: readonly string[], [first = "", ...rest]: readonly string[]): boolean {
  if (program !== first && plainName(program) !== first.toLowerCase()) return false;
  let places = new Set([0]);
  for (const expected of rest) {
    const next = new Set<number>();
    for (const at of places) {
      const word = words[at] ?? "";
      if (at < words.length && word === expected) next.add(at + 1);
      if (OPTION.test(word)) places.add(at + 1);
      if (OPTION.test(word) && !WITHOUT_VALUE.test(word)) places.add(at + 2);
    }
    places = next;
  }
  return places.size > 0;
}

const OPTION = /^[-+]/;
/** Options that have no value, or have it in the same word. */
const WITHOUT_VALUE = /^(--no-|--?[^=]*=|\+)/;

/** Whatever path names it; some file systems take capital letters for small ones. */
function plainName(program: string): string {
  return nameOf(program)
    .toLowerCase()
    .replace(/\.exe$/, "");
}

function beginsWith(argv: readonly string[], prefix: readonly string[]): boolean {
  return prefix.length > 0 && prefix.every((word, index) => argv[index] === word);
}
