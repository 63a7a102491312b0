import { html, nothing, type TemplateResult } from "lit";
import type { Checkpoint, RestoredFile } from "../../src/protocol/review.ts";
import { button } from "../controls.ts";
import { fileIcon, icon, spinner } from "../icons.ts";
import { kindLetter } from "../review/letter.ts";
import { type Key, t } from "../strings.ts";
import { pathParts } from "../words/paths.ts";
import type { RestoreWhat } from "../words/restoring.ts";

/** What the popover shows. */
export interface RestoreState {
  phase: "reading" | "ready" | "restoring";
  what: RestoreWhat;
  /** Undefined when nothing was kept for the message. */
  checkpoint?: Checkpoint | undefined;
  /** What would become of the files. */
  files: readonly RestoredFile[];
  /** The files in which the user's own changes may go. */
  overwrite: ReadonlySet<string>;
  /** How much disk space checkpoints take. */
  disk: string;
  failed: string;
}

export interface RestoreHandlers {
  roots: readonly string[];
  choose(what: RestoreWhat): void;
  /** Lets the user's changes in a file go, or keeps them after all. */
  overwrite(path: string): void;
  cancel(): void;
  restore(): void;
}

/** What is listed; of more files only the number is told. */
const MOST_FILES = 100;

/** The popover in which the user chooses what to take back, and sees what that does. */
export function restoreView(state: RestoreState, on: RestoreHandlers): TemplateResult {
  const { phase, failed, disk } = state;
  return html`<div class="popover-text restore" data-menu-foot data-testid="restore-popover">
    <h2>${t("restoreTitle")}</h2>
    <div class="restore-body">${phase === "reading" ? atWork("restoreReading") : body(state, on)}</div>
    ${failed ? html`<p class="restore-failed" role="alert" data-testid="restore-failed">${icon("error", "bad")}${failed}</p>` : nothing}
    ${phase === "restoring" ? atWork("restoreAtWork") : nothing}
    ${phase === "reading" ? nothing : buttons(state, on)}
    ${disk ? html`<p class="restore-disk" data-testid="restore-disk">${disk}</p>` : nothing}
  </div>`;
}

/** There are none while it reads: so the focus stays on the popover, and Tab begins with the choices. */
function buttons({ phase, checkpoint }: RestoreState, on: RestoreHandlers): TemplateResult {
  const restore = { label: t("restore"), testId: "confirm-restore", onClick: on.restore };
  return html`<div class="popover-buttons">
    ${button("secondary", { label: t("cancel"), testId: "cancel-restore", onClick: on.cancel })}
    ${phase === "ready" && checkpoint ? button("primary", restore) : nothing}
  </div>`;
}

function atWork(words: Key): TemplateResult {
  return html`<p class="restore-work" role="status">${spinner()}${t(words)}</p>`;
}

function body(state: RestoreState, on: RestoreHandlers): unknown {
  const { checkpoint, what } = state;
  if (!checkpoint) return state.failed ? nothing : html`<p>${t("restoreNoCheckpoint")}</p>`;
  return html`${checkpoint.hasFiles ? nothing : html`<p class="restore-gone">${icon("info")}${t("restoreNoFiles")}</p>`}
    ${choices(state, on)}
    ${what === "files" ? nothing : html`<p>${t("restoreThreadText")}</p>`}
    ${what === "thread" ? nothing : fileList(state, on)}`;
}

const whats: readonly [RestoreWhat, Key][] = [
  ["both", "restoreBoth"],
  ["files", "restoreFiles"],
  ["thread", "restoreThread"],
];

function choices({ checkpoint, what, phase }: RestoreState, on: RestoreHandlers): TemplateResult {
  return html`<fieldset class="restore-choices" ?disabled=${phase !== "ready"}>
    <legend class="visually-hidden">${t("restoreWhat")}</legend>
    ${whats.map(
      ([value, words]) => html`<label class="choice">
        <input type="radio" name="restore-what" .checked=${what === value} ?disabled=${value !== "thread" && !checkpoint?.hasFiles}
          data-testid="restore-${value}" @change=${() => on.choose(value)}>${t(words)}
      </label>`,
    )}
  </fieldset>`;
}

function fileList({ files, overwrite, phase }: RestoreState, on: RestoreHandlers): TemplateResult {
  if (files.length === 0) return html`<p data-testid="restore-nothing">${t("restoreNothing")}</p>`;
  return html`<p>${t("restoreCount", { count: files.length })}</p>
    <ul class="restore-files" tabindex="0" aria-label=${t("restoreCount", { count: files.length })}>
      ${files.slice(0, MOST_FILES).map((file) => fileRow(file, { on, overwritten: overwrite.has(file.path), phase }))}
    </ul>`;
}

const kindWords: Record<RestoredFile["kind"], Key> = {
  add: "restoreLetterAdd",
  delete: "restoreLetterDelete",
  update: "restoreLetterUpdate",
};

function fileRow(
  { path, kind, outcome, message }: RestoredFile,
  at: { on: RestoreHandlers; overwritten: boolean; phase: RestoreState["phase"] },
): TemplateResult {
  const { name, folder } = pathParts(path, at.on.roots);
  return html`<li class="restore-file ${outcome}" data-testid="restore-file">
    <div class="restore-path">
      ${icon(fileIcon(name))}<span class="file-name">${name}</span><span class="file-folder ellipsis" title=${path}>${folder}</span>
      ${outcome === "conflict" ? nothing : kindLetter(kind, t(kindWords[kind]))}
    </div>
    ${outcome === "merged" ? html`<p class="restore-note">${t("restoreMerged")}</p>` : nothing}
    ${message ? html`<p class="restore-note">${icon("warning", "warn")}<span>${message}</span></p>` : nothing}
    ${
      outcome === "conflict"
        ? html`<label class="choice"><input type="checkbox" .checked=${at.overwritten} ?disabled=${at.phase !== "ready"}
            aria-label=${t("restoreOverwriteOf", { name })} data-testid="restore-overwrite" @change=${() => at.on.overwrite(path)}>${t("restoreOverwrite")}</label>`
        : nothing
    }
  </li>`;
}
