import { html, nothing, type TemplateResult } from "lit";
import type { Turn } from "../../src/protocol/threads.ts";
import type { Retry } from "../../src/protocol/threadView.ts";
import { type Action, act } from "../actions.ts";
import { flashCopied } from "../copied.ts";
import { icon, stopSquare } from "../icons.ts";
import { draftOf } from "../session/draft.ts";
import { t } from "../strings.ts";
import { clock, duration } from "../words/durations.ts";
import { failureOf, type Remedy } from "../words/failure.ts";

export interface EndOptions {
  /** The newest turn of the thread: only it can be continued or retried. */
  isLast: boolean;
  retry: { value: Retry; since: number } | undefined;
}

/** What stands below a turn's rows: that it waits to try again, failed, was stopped, or how long it took. */
export function turnEnd(from: Element, turn: Turn, { isLast, retry }: EndOptions): unknown {
  switch (turn.status) {
    case "inProgress":
      return retry ? retryNotice(from, retry.value, retry.since) : nothing;
    case "failed":
      return failedNotice(from, turn, { isLast });
    case "interrupted":
      return stoppedDivider(from, turn, { isLast });
    case "completed":
      return doneRow(from, turn);
  }
}

function retryNotice(from: Element, retry: Retry, since: number): TemplateResult {
  const until = since + retry.inMs;
  const form = (ms: number) => {
    const args = { attempt: retry.attempt, max: retry.maxAttempts, time: `${Math.ceil(ms / 1000)} s` };
    return ms > 0 ? t("retryIn", args) : t("retryNow", args);
  };
  return html`<section class="notice" data-testid="retry-notice">
    ${icon("clockface", "warn")}
    <div class="notice-text">
      <h2>${t("tryingAgain")}</h2>
      <p>${retry.message} <pw-elapsed .until=${until} .form=${form}></pw-elapsed></p>
      <div class="notice-buttons">
        <button class="button small secondary" data-testid="stop-retry" @click=${() => act(from, { kind: "stopTurn" })}>${t("stop")}</button>
      </div>
    </div>
  </section>`;
}

function failedNotice(from: Element, turn: Turn, { isLast }: { isLast: boolean }): TemplateResult {
  const { title, remedies } = failureOf(turn.error);
  const details = [turn.error?.message, turn.error?.additionalDetails, `turn ${turn.id}`].filter(Boolean).join("\n");
  return html`<section class="notice" data-testid="failed-notice">
    ${icon("error", "bad")}
    <div class="notice-text">
      <h2>${t(title)}</h2>
      <p>${turn.error?.message ?? ""}</p>
      <div class="notice-buttons">
        ${isLast ? remedies.map((remedy, index) => remedyButton(from, { turn, remedy, isFirst: index === 0 })) : nothing}
        <button class="button small secondary" data-testid="copy-details" @click=${() => act(from, { kind: "copy", text: details })}>
          ${t("copyDetails")}
        </button>
      </div>
    </div>
  </section>`;
}

const remedyWords = {
  retry: "retry",
  enterKey: "enterKey",
  openSettings: "openSettings",
  switchModel: "switchModel",
  newThread: "newThreadAction",
} as const;

function remedyButton(from: Element, at: { turn: Turn; remedy: Remedy; isFirst: boolean }): TemplateResult {
  const run = () => {
    if (at.remedy === "retry" && onlyCondenses(at.turn)) act(from, { kind: "condense" });
    else if (at.remedy === "retry") act(from, again(at.turn));
    else if (at.remedy === "switchModel") act(from, { kind: "pickModel" });
    else if (at.remedy === "openSettings") act(from, { kind: "openSettings", query: "patchwright" });
    else act(from, { kind: at.remedy });
  };
  return html`<button class="button small ${at.isFirst ? "primary" : "secondary"}" data-testid="remedy-${at.remedy}" @click=${run}>
    ${t(remedyWords[at.remedy])}
  </button>`;
}

/** A turn that did nothing yet is begun again in its own place; one that did something goes on. */
function again(turn: Turn): Action {
  const [message, ...others] = turn.items.filter(({ type }) => type !== "reasoning");
  if (message?.type !== "userMessage" || others.length > 0)
    return { kind: "send", draft: { text: t("continueText"), attachments: [] } };
  return { kind: "send", draft: draftOf(message.content), instead: turn.id };
}

/** A turn of its own for condensing the thread by hand. */
function onlyCondenses({ items }: Turn): boolean {
  return items.length > 0 && items.every(({ type }) => type === "contextCompaction");
}

function stoppedDivider(from: Element, turn: Turn, { isLast }: { isLast: boolean }): TemplateResult {
  const tookMs = tookMsOf(turn);
  const words = tookMs === undefined ? t("stoppedTurnShort") : t("stoppedTurn", { time: clock(tookMs) });
  const draft = { text: t("continueText"), attachments: [] };
  return html`<div class="divider" data-testid="stopped-divider">
    <span class="rule"></span>${stopSquare()}<span>${words}</span>
    ${
      isLast && !onlyCondenses(turn)
        ? html`<button class="link-button" data-testid="continue" @click=${() => act(from, { kind: "send", draft })}>${t("continue")}</button>`
        : nothing
    }
    <span class="rule"></span>
  </div>`;
}

function doneRow(from: Element, turn: Turn): unknown {
  const answer = turn.items.findLast((item) => item.type === "agentMessage");
  const tookMs = tookMsOf(turn);
  if (!answer && (tookMs === undefined || onlyCondenses(turn))) return nothing;
  const copy = (event: Event) => {
    act(from, { kind: "copy", text: answer?.text ?? "" });
    flashCopied(event.currentTarget as Element);
  };
  return html`<div class="turn-done" data-testid="turn-done">
    ${
      answer
        ? html`<button class="icon-button" title=${t("copyMessage")} aria-label=${t("copyMessage")} data-testid="copy-answer"
            @click=${copy}>${icon("copy")}</button>`
        : nothing
    }
    <span class="meta">${tookMs === undefined ? "" : duration(tookMs)}</span>
  </div>`;
}

function tookMsOf(turn: Turn): number | undefined {
  if (typeof turn.durationMs === "number") return turn.durationMs;
  return turn.completedAt && turn.startedAt ? (turn.completedAt - turn.startedAt) * 1000 : undefined;
}
