import type { Rule } from "../../src/protocol/rules.ts";
import { t } from "../strings.ts";
import { argvText } from "./argv.ts";
import { when } from "./when.ts";

/** What a rule covers, to the letter. */
export function ruleText({ subject }: Pick<Rule, "subject">): string {
  return subject.kind === "command" ? argvText(subject.prefix) : subject.host;
}

/** What a rule does: "Allowed · in the sandbox · since 12 Mar". */
export function ruleNote({ subject, decision, unconfined, createdAt }: Rule, now: number): string {
  const what = t(decision === "allow" ? "ruleAllowed" : "ruleDenied");
  const where = t(unconfined ? "ruleUnconfined" : "ruleConfined");
  const how = decision === "allow" ? [where] : [];
  const connections = t(decision === "allow" ? "ruleHost" : "ruleHostDenied");
  return [what, ...(subject.kind === "host" ? [connections] : how), when(createdAt * 1000, now)].join(" · ");
}
