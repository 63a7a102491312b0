import { homedir } from "node:os";
import process from "node:process";
import { parseArgs } from "node:util";
import { pathsOf } from "../core/policy/paths.ts";
import { whyRefused } from "../core/policy/whyRefused.ts";
import { noSuchRule, RuleStore } from "../core/store/rules.ts";
import { operatingSystem } from "../host/node/platform.ts";
import { createNodeStorage } from "../host/node/storage.ts";
import { AgentError } from "../protocol/errors.ts";
import type { Rule } from "../protocol/rules.ts";
import { sanitizeLine } from "../protocol/sanitizeForDisplay.ts";
import { jsonLine } from "./jsonLine.ts";
import { say } from "./log.ts";
import { usageErrors } from "./options.ts";
import { print } from "./outcome.ts";
import { homeOf } from "./settings.ts";
import { UsageError } from "./usageError.ts";

export const rulesUsage = `Usage: patchwright rules [--json]
       patchwright rules remove ID...

What you settled for good: commands and hosts that are always allowed or always denied. Rules are made where you are asked, and in the editor by "Patchwright: Show Rules".
Without a port, allowing a host is for ports 80 and 443, and denying it for all. Denying one does not hold for commands whose whole network is on, or that run outside the sandbox.

  --json       one JSON object a line, for programs

It exits with 1 when not all rules can be read.`;

/** Lists rules on standard output, or removes some; resolves with the exit code. */
export async function runRules(args: readonly string[]): Promise<number> {
  const { json, help, words } = optionsOf(args);
  if (help) return print(rulesUsage);
  const tell = sayOnce();
  const rules = storeOf(homeOf(process.env, homedir()), tell);
  const [action, ...ids] = words;
  if (action === undefined) {
    const { rules: listed, complete } = await rules.held();
    const none = complete ? "No rules are saved." : "";
    print(json ? listed.map(jsonLine).join("") : describeRules(listed) || none);
    return complete ? 0 : 1;
  }
  if (action !== "remove") throw new UsageError(`There is no "rules ${action}".`);
  if (ids.length === 0) throw new UsageError("Name the rule to remove by its id.");
  return remove(rules, ids, tell);
}

async function remove(rules: RuleStore, ids: readonly string[], tell: (message: string) => void): Promise<number> {
  let exitCode = 0;
  for (const id of ids) {
    try {
      if (await rules.delete(id)) continue;
      tell(noSuchRule(sanitizeLine(id)).message);
    } catch (error) {
      if (!(error instanceof AgentError)) throw error;
      tell(error.message);
    }
    exitCode = 1;
  }
  return exitCode;
}

/** Says each thing once: what is wrong with the file is a warning as soon as it is read, and why nothing is removed. */
function sayOnce(): (message: string) => void {
  const said = new Set<string>();
  return (message) => {
    if (!said.has(message)) say(message);
    said.add(message);
  };
}

function optionsOf(args: readonly string[]) {
  const flag = { type: "boolean", default: false } as const;
  const options = { json: flag, help: { ...flag, short: "h" } } as const;
  const { values, positionals } = usageErrors(() => parseArgs({ args: [...args], options, allowPositionals: true }));
  return { ...values, words: positionals };
}

/** The same rules that every window and every run has. */
export function storeOf(home: string, onWarning = say): RuleStore {
  const paths = pathsOf({ os: operatingSystem(process.platform) });
  return new RuleStore({
    storage: createNodeStorage(home),
    newId: () => {
      throw new Error("Rules are made where the user is asked.");
    },
    now: Date.now,
    whyRefused: (rule) => whyRefused(rule, paths),
    onChange: () => {},
    onWarning,
  });
}

/** One line a rule: its id, what it says, and where. */
export function describeRules(rules: readonly Rule[]): string {
  return rules.map((rule) => sanitizeLine(`${rule.id}  ${sentenceOf(rule)}`)).join("\n");
}

function sentenceOf({ subject, decision, unconfined, workspace }: Rule): string {
  const what =
    subject.kind === "command"
      ? `commands that begin with: ${subject.prefix.map(quoted).join(" ")}`
      : `host: ${subject.host}`;
  const rights = unconfined ? ", outside the sandbox" : "";
  return `${decision} ${what}${rights}  (${workspace ?? "everywhere"})`;
}

function quoted(word: string): string {
  return /^[\w@%+:,./=^-]+$/.test(word) ? word : JSON.stringify(word);
}
