import { html } from "lit";
import { act } from "../actions.ts";
import { button } from "../controls.ts";
import { icon } from "../icons.ts";
import { type OpenMenu, openMenu } from "../menu.ts";
import type { Mode } from "../session/settings.ts";
import { type Key, t } from "../strings.ts";

export const modeNames: Record<Mode, Key> = {
  ask: "modeAsk",
  never: "modeNever",
  full: "modeFull",
};

/** Lets the user choose when the agent asks. Full access is explained and confirmed first. */
export function openModeMenu(anchor: HTMLElement, mode: Mode): void {
  openMenu(anchor, {
    label: t("mode", { name: t(modeNames[mode]) }),
    items: [
      {
        label: t("modeAsk"),
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
    ],
  });
}

/** What the missing sandbox means for the mode that holds. */
export function openSandboxNote(anchor: HTMLElement, mode: Mode): void {
  const words = {
    ask: "noSandboxAsk",
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
