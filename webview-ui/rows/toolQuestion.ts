import { html, nothing, type TemplateResult } from "lit";
import type { PendingApproval } from "../../src/protocol/threadView.ts";
import { answerTo } from "../session/answers.ts";
import { shownText } from "../shownText.ts";
import { parts, t } from "../strings.ts";
import { size } from "../words/bytes.ts";
import { hiddenCount } from "../words/hidden.ts";
import { relativePath } from "../words/paths.ts";
import { exactText } from "./commandAsked.ts";
import { askedWords, type Fact, type Question } from "./question.ts";
import type { RowContext } from "./row.ts";

type ToolApproval = Extract<PendingApproval, { method: "mcpServer/elicitation/request" }>;
type ReadApproval = Extract<PendingApproval, { method: "item/permissions/requestApproval" }>;

/** What a program says of its tool proves nothing, and is not shown at length. */
const MOST_DESCRIPTION = 300;

/** A tool that another program brings is to be called. */
export function toolQuestion(approval: ToolApproval): Question {
  const { serverName: server, _meta: meta, reason } = approval.params;
  const text = JSON.stringify(meta.tool_params, null, 2) ?? "";
  const names = { server, tool: meta.tool_name };
  return {
    title: parts("runTool").map((words, at) => (at % 2 === 0 ? words : named(at === 1 ? server : meta.tool_name))),
    name: t("runTool", names),
    reason: reason ?? undefined,
    warnings: hiddenWarnings(`${server}${meta.tool_name}${text}`),
    body: exactText(text, t("exactArguments")),
    facts: toolFacts(approval),
    words: askedWords,
    more: [
      {
        label: t("allowSession"),
        hint: t("allowSessionTool"),
        answer: answerTo(approval, { kind: "allow", scope: "session" }),
        testId: "allow-session",
      },
    ],
    canStop: true,
  };
}

function toolFacts({ params: { serverName, _meta: meta } }: ToolApproval): Fact[] {
  const description = meta.tool_description.trim().slice(0, MOST_DESCRIPTION);
  return [
    ...(description ? [[t("description"), html`“${shownText(description)}”`] as const] : []),
    [t("sandbox"), t("toolRights", { server: serverName })],
  ];
}

/** A file that may hold keys is to be read. */
export function readQuestion(approval: ReadApproval, context: RowContext): Question {
  const paths = approval.params.permissions.fileSystem.read;
  const title = t("readThis", { count: paths.length });
  return {
    title,
    name: title,
    reason: approval.params.reason ?? undefined,
    warnings: hiddenWarnings(paths.join("")),
    body: exactText(
      paths.map((path) => relativePath(path, context.roots())).join("\n"),
      t("readThis", { count: paths.length }),
    ),
    facts: [[t("sandbox"), t("readRights")]],
    words: askedWords,
    more: [
      {
        label: t("allowSession"),
        hint: t("allowSessionFile"),
        answer: answerTo(approval, { kind: "allow", scope: "session" }),
        testId: "allow-session",
      },
    ],
    canStop: true,
  };
}

function hiddenWarnings(text: string): string[] {
  const count = hiddenCount(text);
  return count > 0 ? [t("warnHidden", { count, size: size(count) })] : [];
}

function named(name: string): TemplateResult | typeof nothing {
  return name ? html`<span class="mono">${shownText(name)}</span>` : nothing;
}
