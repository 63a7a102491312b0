import { html, nothing, type TemplateResult } from "lit";
import { act } from "../actions.ts";
import { button } from "../controls.ts";
import { icon } from "../icons.ts";
import type { PanelSession } from "../session/panelSession.ts";
import { isDemo } from "../session/settings.ts";
import { parts, t } from "../strings.ts";

/** The demo can answer but the first. */
const suggestions = [
  { glyph: "beaker", key: "startTests" },
  { glyph: "bug", key: "startProblems" },
  { glyph: "map", key: "startExplain" },
] as const;

const promises = [
  { glyph: "diff-single", key: "relyDiff" },
  { glyph: "lock", key: "relyLocal" },
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
  return html`<p class="welcome-text">${folder ? inWorkspace(folder) : t("welcomeNoFolder")}</p>
    ${folder ? nothing : openFolder(from)}
    ${hasKey === false ? connect(from, session) : nothing}
    ${hasKey && folder ? startWith(from, session) : nothing}
    <h3>${t("rely")}</h3>
    <ul class="promises">
      ${[relySandbox(session), ...promises].map(({ glyph, key }) => html`<li>${icon(glyph)}<span>${t(key)}</span></li>`)}
    </ul>`;
}

/** What keeps commands in check depends on the machine. */
function relySandbox({ sandbox }: PanelSession) {
  const isConfined = sandbox !== undefined && sandbox.kind !== "none";
  return isConfined
    ? ({ glyph: "shield", key: "relySandbox" } as const)
    : ({ glyph: "checklist", key: "relyAsk" } as const);
}

function inWorkspace(name: string): unknown {
  return parts("welcomeIn").map((words, at) =>
    at % 2 === 0 ? words : html`<span class="welcome-name">${name}</span>`,
  );
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

function startWith(from: Element, { settings }: PanelSession): TemplateResult {
  const offered = isDemo(settings) ? suggestions.slice(0, 1) : suggestions;
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
