import type { SandboxState } from "../protocol/settings.ts";
import type { ThreadStatus } from "../protocol/threads.ts";
import { waitsForUser } from "../protocol/threadView.ts";
import type { L10n } from "./l10n.ts";

/** What the status bar item says. */
export interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  /** With the background that asks for attention. */
  readonly calls: boolean;
}

export interface StatusFacts {
  readonly trusted: boolean;
  /** Undefined until it is known. */
  readonly hasKey: boolean | undefined;
  /** Of the threads at work. */
  readonly statuses: readonly ThreadStatus[];
  /** What confines commands; undefined until it is known. */
  readonly sandbox: SandboxState | undefined;
}

/** What goes on, and whether commands are confined, which is always said. */
export function statusText(facts: StatusFacts, l10n: L10n): StatusText {
  const said = whatGoesOn(facts, l10n);
  const confined = facts.trusted ? sandboxText(facts.sandbox, l10n) : "";
  return { ...said, tooltip: confined ? `${said.tooltip}\n${confined}` : said.tooltip };
}

function sandboxText(sandbox: SandboxState | undefined, l10n: L10n): string {
  switch (sandbox?.kind) {
    case undefined:
      return "";
    case "none": {
      const { reason } = sandbox;
      return l10n.t("No sandbox: commands run with all your rights, so each one asks first. {reason}", { reason });
    }
    case "bubblewrap":
      return l10n.t("Commands run in a sandbox, by bubblewrap, unless a thread has full access.");
    case "seatbelt":
      return l10n.t("Commands run in the sandbox of macOS, unless a thread has full access.");
  }
}

function whatGoesOn({ trusted, hasKey, statuses, sandbox }: StatusFacts, l10n: L10n): StatusText {
  const waiting = statuses.filter(waitsForUser).length;
  const working = statuses.filter(({ type }) => type === "active").length;
  if (waiting > 0) return waitingText(waiting, l10n);
  if (working > 0) return workingText(working, l10n);
  if (!trusted) {
    const tooltip = l10n.t("Restricted Mode: no commands and no edits. Click to open the panel.");
    return { text: "$(workspace-untrusted) Patchwright", tooltip, calls: false };
  }
  if (hasKey === false) {
    const tooltip = l10n.t("Click to open the panel and set an API key.");
    return { text: `$(key) ${l10n.t("Patchwright: no API key")}`, tooltip, calls: false };
  }
  const tooltip = l10n.t("Idle. Click to open the panel.");
  if (sandbox?.kind !== "none") return { text: "$(comment-discussion) Patchwright", tooltip, calls: false };
  return { text: `$(workspace-unknown) ${l10n.t("Patchwright: no sandbox")}`, tooltip, calls: false };
}

function waitingText(count: number, l10n: L10n): StatusText {
  const tooltip =
    count === 1
      ? l10n.t("A thread waits for your answer. Click to open the panel.")
      : l10n.t("{count} threads wait for your answer. Click to open the panel.", { count });
  return { text: `$(bell-dot) ${l10n.t("Patchwright: waiting for you")}`, tooltip, calls: true };
}

function workingText(count: number, l10n: L10n): StatusText {
  const tooltip =
    count === 1
      ? l10n.t("A thread is at work. Click to open the panel.")
      : l10n.t("{count} threads are at work. Click to open the panel.", { count });
  return { text: `$(loading~spin) ${l10n.t("Patchwright: working")}`, tooltip, calls: false };
}
