import { html } from "lit";
import type { EditReview } from "../../src/protocol/settings.ts";
import { act } from "../actions.ts";
import { button } from "../controls.ts";
import { icon } from "../icons.ts";
import { type Menu, type MenuItem, type OpenMenu, openMenu } from "../menu.ts";
import type { Mode, PanelSettings } from "../session/settings.ts";
import { type Key, t } from "../strings.ts";

const modeNames: Record<Mode, Key> = { ask: "modeAsk", never: "modeNever", full: "modeFull" };

/** When the agent asks, in whole words. */
export function modeName({ mode, editReview }: PanelSettings): string {
  return t(mode === "ask" && editReview === "after" ? "modeAskAfter" : modeNames[mode]);
}

/** The same on the button that changes it. */
export function modeLabel(settings: PanelSettings): string {
  const { mode, editReview } = settings;
  if (mode !== "ask") return modeName(settings);
  return t(editReview === "after" ? "reviewAfterShort" : "modeAskShort");
}

/** Lets the user choose when the agent asks. Full access, which never does, is explained and confirmed first. */
export function openModeMenu(anchor: HTMLElement, settings: PanelSettings): void {
  openMenu(anchor, {
    label: t("mode", { name: modeName(settings) }),
    items: [
      { heading: t("editsHeading") },
      ...editItems(anchor, settings),
      { separator: true },
      ...commandItems(anchor, settings),
    ],
  });
}

/** With full access edits are made at once, whatever is chosen here. */
function editItems(anchor: HTMLElement, { mode, editReview }: PanelSettings): MenuItem[] {
  const item = (value: EditReview, words: "reviewBefore" | "reviewAfter"): MenuItem => ({
    label: t(words),
    hint: t(`${words}Hint`),
    checked: editReview === value,
    disabled: mode === "full",
    testId: `edits-${value}`,
    run: () => act(anchor, { kind: "setEditReview", editReview: value }),
  });
  return [item("before", "reviewBefore"), item("after", "reviewAfter")];
}

function commandItems(anchor: HTMLElement, { mode }: PanelSettings): Menu["items"] {
  return [
    { heading: t("commandsHeading") },
    {
      label: t("modeAskCommands"),
      hint: t("modeAskHint"),
      checked: mode === "ask",
      testId: "mode-ask",
      run: () => act(anchor, { kind: "setMode", mode: "ask" }),
    },
    {
      label: t("modeFull"),
      hint: t("modeFullHint"),
      checked: mode === "full",
      testId: "mode-full",
      run: () => mode !== "full" && confirmFull(anchor),
    },
  ];
}

/** What the missing sandbox means for the mode that holds. */
export function openSandboxNote(anchor: HTMLElement, { mode, editReview }: PanelSettings): void {
  const words = {
    ask: editReview === "after" ? "noSandboxAskAfter" : "noSandboxAsk",
    never: "noSandboxNever",
    full: "noSandboxFull",
  } as const;
  openMenu(anchor, {
    label: t("noSandboxTitle"),
    items: [],
    head: html`<div class="popover-text"><h2>${icon("workspace-unknown", "warn")}${t("noSandboxTitle")}</h2><p>${t(words[mode])}</p></div>`,
  });
}

function confirmFull(anchor: HTMLElement): void {
  const confirm = () => {
    dialog.close();
    act(anchor, { kind: "setMode", mode: "full" });
  };
  const dialog: OpenMenu = openMenu(anchor, {
    label: t("fullTitle"),
    items: [],
    head: html`<div class="popover-text" data-menu-foot data-testid="confirm-full">
      <h2>${icon("warning", "warn")}${t("fullTitle")}</h2>
      <p>${t("fullText")}</p>
      <div class="popover-buttons">
        ${button("secondary", { label: t("cancel"), testId: "cancel-full", onClick: () => dialog.close() })}
        ${button("primary", { label: t("fullConfirm"), testId: "confirm-full-access", onClick: confirm })}
      </div>
    </div>`,
  });
}
