import { html, type TemplateResult } from "lit";
import type { CommandApprovalAnswer, CommandRights } from "../../src/protocol/approvals.ts";
import { icon } from "../icons.ts";
import { answerTo } from "../session/answers.ts";
import { shownText } from "../shownText.ts";
import { t } from "../strings.ts";
import { argvText } from "../words/argv.ts";
import { isOutside, relativePath } from "../words/paths.ts";
import { mayWrite, networkWords, sandboxName } from "../words/rights.ts";
import { allWarnings } from "../words/warnings.ts";
import { type CommandAsked, exactText, offers, withCode } from "./commandAsked.ts";
import { networkQuestion } from "./networkQuestion.ts";
import { askedWords, type Fact, type MoreChoice, type Question } from "./question.ts";
import type { RowContext } from "./row.ts";

/** A server that does not say what a command may do has no sandbox. */
const allRights: CommandRights = { confined: false, writableRoots: [], network: "on" };

/** A command is to run, or to reach a host, or something is to be typed into one that runs. */
export function commandQuestion(asked: CommandAsked): Question {
  const { approval, command } = asked;
  if (approval.params.networkApprovalContext) return networkQuestion(asked, approval.params.networkApprovalContext);
  const warnings = allWarnings(command, approval.params.warnings);
  const title = titleOf(asked, { closely: warnings.length > 0 });
  return {
    title,
    name: title,
    reason: approval.params.reason ?? undefined,
    warnings,
    body: exactText(command, t("exactCommand")),
    facts: approval.params.kind === "writeStdin" ? [] : commandFacts(asked),
    words: askedWords,
    more: warnings.length > 0 ? [] : moreChoices(asked),
    canStop: offers(approval, "cancel"),
  };
}

function titleOf({ approval, context }: CommandAsked, { closely }: { closely: boolean }): string {
  const { kind, rights = allRights } = approval.params;
  if (kind === "writeStdin") return t("typeThis");
  if (leavesSandbox(rights, context)) return t(closely ? "runThisOutsideClosely" : "runThisOutside");
  return t(closely ? "runThisClosely" : "runThis");
}

/** True when the command alone is to run without the sandbox that others have. */
export function leavesSandbox(rights: CommandRights, context: Pick<RowContext, "sandbox" | "settings">): boolean {
  const hasSandbox = (context.sandbox()?.kind ?? "none") !== "none";
  return hasSandbox && !rights.confined && context.settings().sandboxPolicy.type !== "dangerFullAccess";
}

function commandFacts({ approval, cwd, context }: CommandAsked): Fact[] {
  const { rights = allRights } = approval.params;
  const where = relativePath(cwd, context.roots());
  const shown = where === "." ? context.workspaceName() || cwd : where;
  const workspace = { roots: context.roots(), name: context.workspaceName() };
  return [
    [t("where"), html`<span class="mono" title=${cwd}>${shownText(shown)}</span>`],
    [t("mayWrite"), mayWrite(rights, workspace)],
    [t("network"), networkWords(rights.confined ? rights.network : "on")],
    [t("sandbox"), sandboxFact(rights, context)],
  ];
}

function sandboxFact(rights: CommandRights, context: RowContext): TemplateResult {
  const state = context.sandbox();
  if (rights.confined) {
    return html`<span class="sandbox-fact">${icon("shield")}${t("confinedBy", { name: sandboxName(state) })}</span>`;
  }
  const hasSandbox = (state?.kind ?? "none") !== "none";
  const words = !hasSandbox ? "noSandboxRights" : leavesSandbox(rights, context) ? "offForCommand" : "offFull";
  return html`<span class="sandbox-fact">${icon("workspace-unknown", "warn")}${t(words)}</span>`;
}

function moreChoices(asked: CommandAsked): MoreChoice[] {
  const { approval, cwd, context } = asked;
  if (!offers(approval, "acceptForSession")) return [];
  const session: MoreChoice = {
    label: t("allowSession"),
    hint: t("allowSessionHint"),
    answer: answerTo(approval, { kind: "allow", scope: "session" }),
    testId: "allow-session",
  };
  const prefix = approval.params.proposedExecpolicyAmendment;
  if (!prefix || prefix.length === 0 || isOutside(cwd, context.roots())) return [session];
  return [session, ...alwaysChoices(prefix, approval.params.rights ?? allRights, context)];
}

function alwaysChoices(prefix: string[], rights: CommandRights, context: RowContext): MoreChoice[] {
  const hint = t(leavesSandbox(rights, context) ? "alwaysUnconfined" : "alwaysConfined");
  const choice = (
    ruleScope: CommandApprovalAnswer["ruleScope"],
    key: "alwaysHere" | "alwaysEverywhere",
  ): MoreChoice => ({
    label: withCode(key, argvText(prefix)),
    hint,
    answer: {
      decision: { acceptWithExecpolicyAmendment: { execpolicy_amendment: prefix } },
      ...(ruleScope ? { ruleScope } : {}),
    },
    testId: `always-${ruleScope}`,
  });
  return [choice("workspace", "alwaysHere"), choice("user", "alwaysEverywhere")];
}
