import { html, type TemplateResult } from "lit";
import type { ThreadView } from "../../src/protocol/threadView.ts";
import { act } from "../actions.ts";
import { icon } from "../icons.ts";
import type { OpenThread } from "../session/openThread.ts";
import { t } from "../strings.ts";

/** The last turn that a fork has from the thread that it is a copy of; undefined when it has none, or is no fork. */
export function lastCopiedTurn({ thread, turns }: ThreadView): string | undefined {
  if (!thread.forkedFromId) return undefined;
  return turns.findLast(({ startedAt }) => (startedAt ?? 0) <= thread.createdAt)?.id;
}

/** Where a fork left the thread that it is a copy of. */
export function forkMark(from: Element, origin: OpenThread["origin"]): TemplateResult {
  const title = origin?.title;
  const open = () => origin && act(from, { kind: "openThread", threadId: origin.threadId });
  return html`<div class="divider fork-mark" data-testid="fork-mark">
    <span class="rule"></span>${icon("repo-forked")}
    ${
      title === undefined
        ? html`<span>${t("forkedFromGone")}</span>`
        : html`<span class="fork-words">${t("forkedFrom")}</span>
          <button class="link-button ellipsis" title=${title} data-testid="fork-origin" @click=${open}>${title}</button>`
    }
    <span class="rule"></span>
  </div>`;
}
