import { html, nothing, type TemplateResult } from "lit";
import { act } from "../actions.ts";
import { button } from "../controls.ts";
import { icon } from "../icons.ts";
import type { PanelSession } from "../session/panelSession.ts";
import { isDemo, wayOf } from "../session/settings.ts";
import { parts, t } from "../strings.ts";
import { wayHint } from "../words/rights.ts";

const suggestions = [
  { glyph: "beaker", key: "startTests" },
  { glyph: "bug", key: "startProblems" },
  { glyph: "map", key: "startExplain" },
] as const;

interface Promised {
  glyph: string;
  text(): string;
}

const promises: readonly Promised[] = [
  { glyph: "diff-single", text: () => t("relyDiff") },
  { glyph: "lock", text: () => t("relyLocal") },
];

/** What is shown before there is a thread; before the window is known, only the title. */
export function welcome(from: Element, session: PanelSession): TemplateResult {
  return html`<main class="welcome" data-testid="welcome">
    <h2 class="welcome-title">${t("welcomeTitle")}</h2>
    ${session.editor ? inWindow(from, session, session.editor.workspaceName) : nothing}
  </main>`;
}

function inWindow(from: Element, session: PanelSession, folder: string | undefined): TemplateResult {
  const { hasKey } = session.account;
  const text = session.editor?.trusted === false ? "welcomeRestricted" : "welcomeIn";
  return html`<p class="welcome-text">${folder ? inWorkspace(text, folder) : t("welcomeNoFolder")}</p>
    ${folder ? nothing : openFolder(from)}
    ${hasKey === false ? connect(from, session) : nothing}
    ${hasKey && folder ? startWith(from, session) : nothing}
    <h3>${t("rely")}</h3>
    <ul class="promises">
      ${[commandsPromise(session), ...promises].map(({ glyph, text }) => html`<li>${icon(glyph)}<span>${text()}</span></li>`)}
    </ul>`;
}

/** What keeps commands in check depends on the machine, on the folder and on what the user chose. */
function commandsPromise({ sandbox, settings, editor }: PanelSession): Promised {
  if (editor?.trusted === false) return { glyph: "workspace-untrusted", text: () => t("relyRestricted") };
  const confined = sandbox !== undefined && sandbox.kind !== "none";
  const way = wayOf(settings);
  if (way !== "ask" && way !== "agent") {
    const never = settings.approvalPolicy === "never";
    return { glyph: way === "full" ? "warning" : "shield", text: () => wayHint(way, { confined, never }) };
  }
  return confined
    ? { glyph: "shield", text: () => t("relySandbox") }
    : { glyph: "checklist", text: () => t("relyAsk") };
}

function inWorkspace(text: "welcomeIn" | "welcomeRestricted", name: string): unknown {
  return parts(text).map((words, at) => (at % 2 === 0 ? words : html`<span class="welcome-name">${name}</span>`));
}

/** The demo can answer but one of them, and without trust nothing is changed or run. */
function canBeDone(key: (typeof suggestions)[number]["key"], { settings, editor }: PanelSession): boolean {
  if (isDemo(settings)) return key === "startTests";
  return editor?.trusted !== false || key === "startExplain";
}

function openFolder(from: Element): TemplateResult {
  const onClick = () => act(from, { kind: "openFolder" });
  return html`<div class="welcome-open">${button("secondary", { label: t("openFolder"), testId: "open-folder", onClick })}</div>`;
}

function connect(from: Element, session: PanelSession): TemplateResult {
  const demo = session.editor?.demoOffered ?? false;
  return html`<h3>${t("connectModel")}</h3>
    <section class="card connect">
      <div class="connect-buttons">
        ${button("primary", { label: t("useKey"), testId: "use-key", onClick: () => act(from, { kind: "enterKey" }) })}
        ${demo ? button("secondary", { label: t("tryDemo"), testId: "try-demo", onClick: () => act(from, { kind: "startDemo" }) }) : nothing}
      </div>
      <p>${t("keyStays")}${demo ? html` ${t("demoHint")}` : nothing}</p>
    </section>`;
}

function startWith(from: Element, session: PanelSession): TemplateResult {
  const offered = suggestions.filter(({ key }) => canBeDone(key, session));
  return html`<h3>${t("startWith")}</h3>
    <div class="card suggestions">
      ${offered.map(
        ({ glyph, key }) => html`<button class="suggestion" data-testid="suggestion"
          @click=${() => act(from, { kind: "send", draft: { text: t(key), attachments: [] } })}>
          ${icon(glyph)}<span>${t(key)}</span>
        </button>`,
      )}
    </div>`;
}
