import { html, nothing, type TemplateResult } from "lit";
import type { QueuedSubmission } from "../../src/protocol/queue.ts";
import type { Turn } from "../../src/protocol/threads.ts";
import { runningTurn, type ThreadView } from "../../src/protocol/threadView.ts";
import { act } from "../actions.ts";
import { chip } from "../chip.ts";
import { icon } from "../icons.ts";
import { draftOf } from "../session/draft.ts";
import { type Key, t } from "../strings.ts";

/** The messages that steer the running turn, until the agent has read them: then they are items of the turn. */
export function steeringOf(view: ThreadView): QueuedSubmission[] {
  const turn = runningTurn(view);
  if (!turn) return [];
  return view.queue.filter(({ id, turnId }) => turnId === turn.id && !turn.items.some((item) => item.id === id));
}

/** What the agent has to end before it reads them. */
export function steeringWords(turn: Turn | undefined, { asks }: { asks: boolean }): Key {
  if (asks) return "steeringAnswer";
  const runs = turn?.items.some((item) => item.type === "commandExecution" && item.status === "inProgress");
  return runs ? "steeringCommand" : "steeringStep";
}

/** One such message, at the end of the thread. */
export function steeringCard(from: Element, { id, input }: QueuedSubmission, words: Key): TemplateResult {
  const { text, attachments } = draftOf(input);
  const buttonTo = (kind: "editWaiting" | "deleteWaiting", label: string, glyph: string) =>
    html`<button class="icon-button" title=${label} aria-label=${label} data-testid="steering-${glyph}"
      @click=${() => act(from, { kind, id })}>${icon(glyph)}</button>`;
  return html`<article class="steering" aria-label="${t("steering")} ${t(words)}" data-testid="steering">
    <div class="steering-head">
      ${icon("redo")}
      <span class="ellipsis"><span class="wide-only">${t("steering")} </span><span class="steering-when">${t(words)}</span></span>
      <span class="grow"></span>
      ${buttonTo("editWaiting", t("editItem"), "edit")}${buttonTo("deleteWaiting", t("takeBack"), "close")}
    </div>
    ${text ? html`<div class="user-text">${text}</div>` : nothing}
    ${attachments.length > 0 ? html`<div class="chips">${attachments.map((each) => chip(each))}</div>` : nothing}
  </article>`;
}
