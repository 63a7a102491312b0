import { html, type TemplateResult } from "lit";
import type { PendingApproval } from "../../src/protocol/threadView.ts";
import { shownText } from "../shownText.ts";
import { parts } from "../strings.ts";
import type { RowContext } from "./row.ts";

export type CommandApproval = Extract<PendingApproval, { method: "item/commandExecution/requestApproval" }>;

/** What a question about a command is made of, beside the question. */
export interface CommandAsked {
  approval: CommandApproval;
  /** The command, as the question has it, else as its item has it. */
  command: string;
  cwd: string;
  context: RowContext;
}

/** A text that is shown to the last character before it can be allowed. */
export function exactText(text: string, label: string): TemplateResult {
  return html`<pw-exact class="command-block" role="group" aria-label=${label} .text=${text} data-testid="approval-command"></pw-exact>`;
}

/** A text with a code in it that keeps its exact characters: `before {name} after`. */
export function withCode(key: Parameters<typeof parts>[0], code: string): TemplateResult {
  return html`<span>${parts(key).map((words, at) => (at % 2 === 0 ? words : html`<code>${shownText(code)}</code>`))}</span>`;
}

export function offers(
  { params }: CommandApproval | Extract<PendingApproval, { method: "item/fileChange/requestApproval" }>,
  decision: "acceptForSession" | "cancel",
): boolean {
  return params.availableDecisions?.includes(decision) ?? true;
}
