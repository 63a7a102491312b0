import { html, type TemplateResult } from "lit";
import type { Checkpoint } from "../../src/protocol/review.ts";
import { act } from "../actions.ts";
import { icon } from "../icons.ts";
import { t } from "../strings.ts";
import { when } from "../words/when.ts";

/** Where files or thread were taken back, with nothing since: that can be undone. */
export function restoreMark(from: Element, { id, createdAt, hasFiles }: Checkpoint): TemplateResult {
  const atMs = createdAt * 1000;
  const restored = { checkpointId: id, files: hasFiles, thread: true };
  return html`<div class="divider" data-testid="restore-mark">
    <span class="rule"></span>${icon("history")}<span title=${new Date(atMs).toLocaleString()}>${t("restoredAt", { time: when(atMs, Date.now()) })}</span>
    <button class="link-button" aria-label=${t("undoRestoring")} data-testid="undo-restore"
      @click=${() => act(from, { kind: "undoRestore", text: "", restored })}>${t("undo")}</button>
    <span class="rule"></span>
  </div>`;
}
