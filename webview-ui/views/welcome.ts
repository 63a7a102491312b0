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
      ${promise(...ofCommands(session))}${promise("diff-single", t("relyDiff"))}${promise("lock", t("relyLocal"))}
    </ul>`;
}

function promise(glyph: string, text: string): TemplateResult {
  return html`<li>${icon(glyph)}<span>${text}</span></li>`;
}

/** What keeps commands in check depends on the machine, on the folder and on what the user chose. */
function ofCommands({ sandbox, settings, editor }: PanelSession): [glyph: string, text: string] {
  if (editor?.trusted === false) return ["workspace-untrusted", t("relyRestricted")];
  const confined = sandbox !== undefined && sandbox.kind !== "none";
  const way = wayOf(settings);
  if (way === "ask" || way === "agent") return confined ? ["shield", t("relySandbox")] : ["checklist", t("relyAsk")];
  const text = wayHint(way, { confined, never: settings.approvalPolicy === "never" });
  return [way === "full" ? "warning" : "shield", text];
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
