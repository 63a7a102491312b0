import { html, nothing, type TemplateResult } from "lit";
import { type Action, act } from "../actions.ts";
import { icon } from "../icons.ts";
import type { Notice } from "../session/notices.ts";
import type { PanelSession } from "../session/panelSession.ts";
import { isDemo, wayOf } from "../session/settings.ts";
import { t } from "../strings.ts";

interface Banner {
  testId: string;
  glyph: TemplateResult;
  title?: string;
  text: string;
  link?: { words: string; action: Action };
  dismiss?: () => void;
}

interface AlsoSaid {
  /** That nothing confines commands here, until the user has read it. */
  readonly saysNoSandbox: boolean;
}

/** What holds for the whole panel and should not be overlooked, below the header. */
export function banners(from: Element, session: PanelSession, also: AlsoSaid): unknown {
  return bannersOf(from, session, also).map((banner) => bannerView(from, banner));
}

function bannersOf(from: Element, session: PanelSession, { saysNoSandbox }: AlsoSaid): Banner[] {
  const shown: Banner[] = [];
  if (session.connection === "closed") {
    shown.push({
      testId: "banner-stopped",
      glyph: icon("debug-disconnect", "bad"),
      title: t("agentStopped"),
      text: t("agentStoppedText"),
      link: { words: t("restart"), action: { kind: "restart" } },
    });
  }
  if (session.editor?.trusted === false) {
    shown.push({
      testId: "banner-restricted",
      glyph: icon("workspace-untrusted", "warn"),
      title: t("restricted"),
      text: t("restrictedText"),
      link: { words: t("manageTrust"), action: { kind: "manageTrust" } },
    });
  }
  if (saysNoSandbox && session.sandbox?.kind === "none" && session.editor?.trusted) {
    shown.push(noSandboxBanner(from, session));
  }
  if (isDemo(session.settings)) {
    shown.push({
      testId: "banner-demo",
      glyph: icon("beaker"),
      text: t("demoBanner"),
      link: { words: t("connectModel"), action: { kind: "enterKey" } },
    });
  }
  return [...shown, ...session.notices.all.map((notice) => noticeBanner(from, notice))];
}

function noSandboxBanner(from: Element, { settings }: PanelSession): Banner {
  const way = wayOf(settings);
  const words = { full: "noSandboxBannerFull", never: "noSandboxNever" } as const;
  return {
    testId: "banner-no-sandbox",
    glyph: icon("workspace-unknown", "warn"),
    title: t("noSandboxBanner"),
    text: t(way === "full" || way === "never" ? words[way] : "noSandboxBannerText"),
    link: { words: t("sandboxSetUp"), action: { kind: "showSandbox" } },
    dismiss: () => act(from, { kind: "dismissNoSandbox" }),
  };
}

function noticeBanner(from: Element, { text, remedy, restored, copyOf }: Notice): Banner {
  const dismiss = () => act(from, { kind: "dismissNotice", text });
  if (restored) {
    const link = { words: t("undoRestore"), action: { kind: "undoRestore", text, restored } as const };
    return { testId: "banner-restored", glyph: icon("history"), text, dismiss, link };
  }
  if (copyOf !== undefined) {
    const link = { words: t("openCopyAction"), action: { kind: "openCopy", threadId: copyOf, text } as const };
    return { testId: "banner-elsewhere", glyph: icon("lock"), text, dismiss, link };
  }
  const link = remedy && { words: t("newThreadAction"), action: { kind: remedy } };
  return { testId: "banner-notice", glyph: icon("warning", "warn"), text, dismiss, ...(link ? { link } : {}) };
}

function bannerView(from: Element, { testId, glyph, title, text, link, dismiss }: Banner): TemplateResult {
  return html`<aside class="banner" data-testid=${testId}>
    ${glyph}
    <div class="banner-text">
      <p>${title ? html`<strong>${title}</strong> ` : nothing}${text}</p>
      ${link ? html`<button class="link-button" data-testid="${testId}-link" @click=${() => act(from, link.action)}>${link.words}</button>` : nothing}
    </div>
    ${
      dismiss
        ? html`<button class="icon-button" title=${t("close")} aria-label=${t("close")} data-testid="dismiss" @click=${dismiss}>${icon("close")}</button>`
        : nothing
    }
  </aside>`;
}
