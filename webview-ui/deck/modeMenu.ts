import { html, nothing, type TemplateResult } from "lit";
import type { EditReview } from "../../src/protocol/settings.ts";
import { act } from "../actions.ts";
import { button } from "../controls.ts";
import { icon } from "../icons.ts";
import { type Menu, type MenuItem, type OpenMenu, openMenu } from "../menu.ts";
import { segmentsRow } from "../segments.ts";
import type { PanelSession } from "../session/panelSession.ts";
import {
  type NetworkChoice,
  networkOf,
  type PanelSettings,
  type Preset,
  type Way,
  wayOf,
} from "../session/settings.ts";
import { type Key, t } from "../strings.ts";
import { sandboxName, wayHint } from "../words/rights.ts";
import { openSandbox } from "./sandbox.ts";

const wayNames: Record<Way, Key> = {
  ask: "modeAsk",
  agent: "modeAgent",
  full: "modeFull",
  never: "modeNever",
  readOnly: "modeReadOnly",
  askUnconfined: "modeAskUnconfined",
};

/** How the agent works, in whole words. */
export function modeName(settings: PanelSettings): string {
  const way = wayOf(settings);
  if (way === "agent" && settings.editReview === "before") return t("modeAgentBefore");
  return t(wayNames[way]);
}

/** The same on the button that changes it. */
export function modeLabel(settings: PanelSettings): string {
  const way = wayOf(settings);
  return t(way === "ask" ? "modeAskShort" : wayNames[way]);
}

type Shown = Pick<PanelSession, "settings" | "sandbox" | "editor">;

/** Lets the user choose how the agent works. Full access, which never asks, is explained and confirmed first. */
export function openModeMenu(anchor: HTMLElement, session: Shown): void {
  const menu: OpenMenu = openMenu(anchor, {
    label: t("mode", { name: modeName(session.settings) }),
    items: wayItems(anchor, session),
    foot: foot(anchor, session, () => menu.close()),
    wide: true,
  });
}

function wayItems(anchor: HTMLElement, session: Shown): Menu["items"] {
  const { settings, sandbox } = session;
  const now = wayOf(settings);
  const item = (way: Way, run: () => void): MenuItem => ({
    label: t(wayNames[way]),
    hint: wayHint(way, { confined: isConfined(session), never: settings.approvalPolicy === "never" }),
    checked: way === now,
    testId: `mode-${way}`,
    run,
  });
  const pick = (preset: Preset) => () => act(anchor, { kind: "setPreset", preset });
  const full = () => now !== "full" && confirmFull(anchor, sandbox?.kind ?? "none");
  const others = now === "ask" || now === "agent" || now === "full" ? [] : [item(now, () => {})];
  return [...others, item("ask", pick("ask")), item("agent", pick("agent")), item("full", full)];
}

function isConfined({ sandbox }: Shown): boolean {
  return sandbox !== undefined && sandbox.kind !== "none";
}

/** Below the ways of working: what can be chosen apart from them, and the ways to the rules and the sandbox. */
function foot(anchor: HTMLElement, session: Shown, close: () => void): TemplateResult {
  const { settings, sandbox } = session;
  const link = (
    words: string,
    at: { testId: string; run(): void },
  ) => html`<button class="menu-item" role="menuitem" tabindex="-1"
    data-testid=${at.testId} @click=${() => {
      close();
      at.run();
    }}><span class="menu-label">${words}</span></button>`;
  return html`<div class="menu-separator" role="separator"></div>
    ${edits(anchor, settings, close)}
    ${isConfined(session) && settings.sandboxPolicy.type === "workspaceWrite" ? network(anchor, settings, close) : nothing}
    <div class="menu-separator" role="separator"></div>
    ${link(t("rulesLink"), { testId: "mode-rules", run: () => act(anchor, { kind: "showRules" }) })}
    ${link(t("sandboxLink", { name: sandboxName(sandbox) }), { testId: "mode-sandbox", run: () => openSandbox(anchor, session) })}`;
}

/** What becomes of edits, and whether that can be chosen: where everything asks they do, too, and with full access they never do. */
function editsNow(settings: PanelSettings): { value: EditReview; fixed: boolean } {
  const way = wayOf(settings);
  if (way === "agent" || way === "never") return { value: settings.editReview, fixed: false };
  return { value: way === "full" ? "after" : "before", fixed: true };
}

function edits(anchor: HTMLElement, settings: PanelSettings, close: () => void): TemplateResult {
  const now = editsNow(settings);
  const segment = (value: EditReview, words: "reviewBefore" | "reviewAfter") => ({
    label: t(words),
    title: t(`${words}Hint`),
    chosen: now.value === value,
    disabled: now.fixed,
    testId: `edits-${value}`,
    choose: () => {
      close();
      act(anchor, { kind: "setEditReview", editReview: value });
    },
  });
  const segments = [segment("before", "reviewBefore"), segment("after", "reviewAfter")];
  return segmentsRow({ label: t("editsChoice"), role: "menuitemradio", segments });
}

function network(anchor: HTMLElement, { sandboxPolicy }: PanelSettings, close: () => void): TemplateResult {
  const now = networkOf(sandboxPolicy);
  const segment = (value: NetworkChoice) => ({
    label: t(`networkChoice${value}`),
    title: t(`networkChoice${value}Hint`),
    chosen: value === now,
    testId: `network-${value}`,
    choose: () => {
      close();
      act(anchor, { kind: "setNetwork", network: value });
    },
  });
  const segments = [segment("off"), segment("asks"), segment("on")];
  return segmentsRow({ label: t("networkChoice"), role: "menuitemradio", segments });
}

function confirmFull(anchor: HTMLElement, sandbox: string): void {
  const confirm = () => {
    dialog.close();
    act(anchor, { kind: "setPreset", preset: "full" });
  };
  const dialog: OpenMenu = openMenu(anchor, {
    label: t("fullTitle"),
    items: [],
    head: html`<div class="popover-text" data-menu-foot data-testid="confirm-full">
      <h2>${icon("warning", "warn")}${t("fullTitle")}</h2>
      <p>${t(sandbox === "none" ? "fullTextNone" : "fullText")}</p>
      <div class="popover-buttons">
        ${button("secondary", { label: t("cancel"), testId: "cancel-full", onClick: () => dialog.close() })}
        ${button("primary", { label: t("fullConfirm"), testId: "confirm-full-access", onClick: confirm })}
      </div>
    </div>`,
  });
}
