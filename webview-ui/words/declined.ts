import type { Decliner } from "../../src/protocol/items.ts";
import { type Key, parts, t } from "../strings.ts";
import { argvText } from "./argv.ts";

const sentences: Record<Exclude<Decliner["kind"], "user" | "stop">, Key> = {
  noAnswer: "declinedNoAnswer",
  rule: "declinedRule",
  rulesUnread: "declinedRulesUnread",
  commandUnread: "declinedCommandUnread",
  approvalPolicy: "declinedPolicy",
  restrictedMode: "declinedRestricted",
};

/** Why what the user did not decline themselves was not done: words, and at odd places the rule that says so. Undefined when they did. */
export function whyDeclined(by: Decliner | undefined): string[] | undefined {
  if (!by || by.kind === "user" || by.kind === "stop") return undefined;
  const rule = by.kind === "rule" ? argvText(by.prefix) : "";
  return parts(sentences[by.kind]).map((part, at) => (at % 2 === 0 ? part : rule));
}

/** What the user said with their own no; empty for any other one. */
export function saidWith(by: Decliner | undefined): string {
  return by?.kind === "user" ? (by.feedback?.trim() ?? "") : "";
}

/** The user's own no at the right of a command's row. */
export function declinedMeta(by: Decliner | undefined): string {
  if (by?.kind === "stop") return t("stoppedByYou");
  return t(by?.kind === "user" ? "deniedByYou" : "denied");
}

/** The same of an edit. */
export function rejectedMeta(by: Decliner | undefined): string {
  if (by?.kind === "stop") return t("rejectedByStop");
  return t(by?.kind === "user" ? "rejectedByYou" : "rejected");
}
