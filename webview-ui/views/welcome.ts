import { html, nothing, type TemplateResult } from "lit";
import { act } from "../actions.ts";
import { button } from "../controls.ts";
import { icon } from "../icons.ts";
import type { PanelSession } from "../session/panelSession.ts";
import { parts, t } from "../strings.ts";

const suggestions = [
  { glyph: "beaker", key: "startTests" },
  { glyph: "bug", key: "startProblems" },
  { glyph: "map", key: "startExplain" },
] as const;

const promises = [
  { glyph: "diff-single", key: "relyDiff" },
  { glyph: "lock", key: "relyLocal" },
] as const;

/** What is shown before there is a thread. */
export function welcome(from: Element, session: PanelSession): TemplateResult {
  const { editor } = session;
  const name = editor?.workspaceName;
  return html`<main class="welcome" data-testid="welcome">
    <h2 class="welcome-title">${t("welcomeTitle")}</h2>
    ${editor ? aboutFolder(from, name) : nothing}
    ${session.account.hasKey === false ? connect(from, session) : nothing}
    ${session.account.hasKey && name ? startWith(from) : nothing}
    <h3>${t("rely")}</h3>
    <ul class="promises">
      ${[relySandbox(session), ...promises].map(({ glyph, key }) => html`<li>${icon(glyph)}<span>${t(key)}</span></li>`)}
    </ul>
  </main>`;
}

/** What keeps commands in check depends on the machine. */
function relySandbox({ sandbox }: PanelSession) {
  const isConfined = sandbox !== undefined && sandbox.kind !== "none";
  return isConfined
    ? ({ glyph: "shield", key: "relySandbox" } as const)
    : ({ glyph: "checklist", key: "relyAsk" } as const);
}

/** Nothing of it is said until the editor has told which folder is open. */
function aboutFolder(from: Element, name: string | undefined): TemplateResult {
  return html`<p class="welcome-text">${name ? inWorkspace(name) : t("welcomeNoFolder")}</p>
    ${name ? nothing : openFolder(from)}`;
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

function startWith(from: Element): TemplateResult {
  return html`<h3>${t("startWith")}</h3>
    <div class="card suggestions">
      ${suggestions.map(
        ({ glyph, key }) => html`<button class="suggestion" data-testid="suggestion"
          @click=${() => act(from, { kind: "send", draft: { text: t(key), attachments: [] } })}>
          ${icon(glyph)}<span>${t(key)}</span>
        </button>`,
      )}
    </div>`;
}
