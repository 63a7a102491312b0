import { html } from "lit";
import type { CommandApprovalAnswer } from "../../src/protocol/approvals.ts";
import { withPort } from "../../src/protocol/hostNames.ts";
import { answerTo } from "../session/answers.ts";
import { shownText } from "../shownText.ts";
import { type Key, parts, t } from "../strings.ts";
import { type CommandAsked, exactText, offers, withCode } from "./commandAsked.ts";
import { askedWords, type Fact, type MoreChoice, type Question } from "./question.ts";

type Context = NonNullable<CommandAsked["approval"]["params"]["networkApprovalContext"]>;

/** A name whose letters may be taken for those of another one. */
const FOREIGN = /[^\x20-\x7e]|(^|\.)xn--/;

/** A command that runs in the sandbox wants to reach a host. */
export function networkQuestion(asked: CommandAsked, context: Context): Question {
  const { approval, command } = asked;
  const { host } = context;
  const place = placeOf(context);
  const warnings = [...(approval.params.warnings ?? []), ...(FOREIGN.test(host) ? [t("warnHost")] : [])];
  return {
    title: parts("connectTo").map((words, at) =>
      at % 2 === 0 ? words : html`<span class="mono">${shownText(place)}</span>`,
    ),
    name: t("connectTo", { host: place }),
    // The title says it; what a command is for is not known here.
    reason: undefined,
    warnings,
    body: exactText(command, t("exactCommand")),
    facts: facts(context),
    words: { ...askedWords, allow: "allowOnce" },
    more: warnings.length > 0 ? [] : moreChoices(asked, ruledHost(asked, place)),
    canStop: offers(approval, "cancel"),
  };
}

/** With its port, where that is not the protocol's own: another port is another server. */
export function placeOf({ host, port }: Context): string {
  return port === undefined ? host : withPort(host, port);
}

/** As a rule would name it, which the agent proposes. */
function ruledHost({ approval: { params } }: CommandAsked, place: string): string {
  return params.proposedNetworkPolicyAmendments?.[0]?.host ?? place;
}

/** What is usual goes without saying. */
function facts({ host, protocol, port }: Context): Fact[] {
  return [
    [t("host"), html`<span class="mono">${shownText(host)}</span>`],
    ...(port === undefined ? [] : [[t("port"), String(port)] as const]),
    ...(protocol === "http" ? [[t("protocol"), t("protocolHttp")] as const] : []),
  ];
}

function moreChoices({ approval }: CommandAsked, host: string): MoreChoice[] {
  const always = (action: "allow" | "deny", scope: "workspace" | "user", key: Key): MoreChoice => {
    const answer: CommandApprovalAnswer = {
      decision: { applyNetworkPolicyAmendment: { network_policy_amendment: { host, action } } },
      ruleScope: scope,
    };
    return { label: withCode(key, host), answer, denies: action === "deny", testId: `${action}-host-${scope}` };
  };
  return [
    {
      label: t("allowSession"),
      hint: t("allowSessionHost"),
      answer: answerTo(approval, { kind: "allow", scope: "session" }),
      testId: "allow-session",
    },
    always("allow", "workspace", "alwaysHostHere"),
    always("allow", "user", "alwaysHostEverywhere"),
    always("deny", "workspace", "neverHostHere"),
    always("deny", "user", "neverHostEverywhere"),
  ];
}
