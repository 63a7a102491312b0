import { html, nothing, type TemplateResult } from "lit";
import type { SandboxState } from "../../src/protocol/settings.ts";
import { icon } from "../icons.ts";
import { type Menu, openMenu } from "../menu.ts";
import type { PanelSession } from "../session/panelSession.ts";
import { type PanelSettings, wayOf } from "../session/settings.ts";
import { shownText } from "../shownText.ts";
import { type Key, t } from "../strings.ts";
import { mayWriteBy, networkWordsBy, sandboxName } from "../words/rights.ts";

type Shown = Pick<PanelSession, "settings" | "sandbox" | "editor">;

/** Whether commands are confined. That they are not is always spelled out. */
export function sandboxChip(session: Shown): TemplateResult | typeof nothing {
  const { sandbox } = session;
  if (!sandbox) return nothing;
  const words = chipWords(session);
  const open = (event: Event) => openSandbox(event.currentTarget as HTMLElement, session);
  const isOn = words === "sandboxed";
  return html`<button class="picker sandbox ${isOn ? "" : "no-sandbox"}" aria-haspopup="dialog" aria-expanded="false"
    aria-label=${t(words)} title=${t(words)} data-testid="sandbox" @click=${open}>
    ${icon(isOn ? "shield" : "workspace-unknown")}<span class=${isOn ? "when-wide" : ""}>${t(words)}</span>
  </button>`;
}

function chipWords({ sandbox, settings }: Shown): "sandboxed" | "sandboxOff" | "noSandbox" {
  if (!sandbox || sandbox.kind === "none") return "noSandbox";
  return settings.sandboxPolicy.type === "dangerFullAccess" ? "sandboxOff" : "sandboxed";
}

/** What confines commands and what they may do, or why nothing confines them and what to do about it. */
export function openSandbox(anchor: HTMLElement, session: Shown): void {
  openMenu(anchor, () => sandboxMenu(session));
}

function sandboxMenu(session: Shown): Menu {
  const words = chipWords(session);
  const titles = { sandboxed: "sandboxTitle", sandboxOff: "sandboxOffTitle", noSandbox: "noSandboxTitle" } as const;
  const title = t(titles[words]);
  const glyph = words === "sandboxed" ? icon("shield") : icon("workspace-unknown", "warn");
  return {
    label: title,
    items: [],
    wide: true,
    head: html`<div class="popover-text" data-testid="sandbox-popover">
      <h2>${glyph}${title}</h2>
      ${words === "sandboxed" ? confinedFacts(session) : html`<p>${t(unconfinedWords(session))}</p>`}
      ${session.sandbox?.kind === "none" ? why(session.sandbox) : nothing}
    </div>`,
  };
}

function why({ reason }: Extract<SandboxState, { kind: "none" }>): TemplateResult {
  return html`<p class="sandbox-why" data-testid="sandbox-why">${shownText(reason)}</p>`;
}

function unconfinedWords({ sandbox, settings }: Shown): Key {
  const way = wayOf(settings);
  if (sandbox && sandbox.kind !== "none") return way === "full" ? "sandboxOffText" : "sandboxOffAskText";
  if (way === "full") return "noSandboxFull";
  return settings.approvalPolicy === "never" ? "noSandboxNever" : "noSandboxAsk";
}

function confinedFacts({ sandbox, settings, editor }: Shown): TemplateResult {
  const rows = factsOf(settings, { roots: editor?.workspaceRoots ?? [], name: editor?.workspaceName ?? "" });
  const all = [[t("confinesWith"), sandboxName(sandbox)] as const, ...rows];
  return html`<dl class="facts">${all.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function factsOf({ sandboxPolicy }: PanelSettings, workspace: { roots: readonly string[]; name: string }) {
  return [
    [t("mayWrite"), mayWriteBy(sandboxPolicy, workspace)],
    [t("network"), networkWordsBy(sandboxPolicy)],
    [t("notWritable"), t("notWritableText")],
    [t("notReadable"), t("notReadableText")],
  ] as const;
}
