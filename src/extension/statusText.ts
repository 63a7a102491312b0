import type { SandboxState } from "../protocol/settings.ts";
import type { ThreadStatus } from "../protocol/threads.ts";
import { waitsForUser } from "../protocol/threadView.ts";

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
export function statusText(facts: StatusFacts): StatusText {
  const said = whatGoesOn(facts);
  const confined = facts.trusted ? sandboxText(facts.sandbox) : "";
  return { ...said, tooltip: confined ? `${said.tooltip}\n${confined}` : said.tooltip };
}

function sandboxText(sandbox: SandboxState | undefined): string {
  switch (sandbox?.kind) {
    case undefined:
      return "";
    case "none":
      return `No sandbox: commands run with all your rights, so each one asks first. ${sandbox.reason}`;
    case "bubblewrap":
      return "Commands run in a sandbox, by bubblewrap, unless a thread has full access.";
    case "seatbelt":
      return "Commands run in the sandbox of macOS, unless a thread has full access.";
  }
}

function whatGoesOn({ trusted, hasKey, statuses, sandbox }: StatusFacts): StatusText {
  const waiting = statuses.filter(waitsForUser).length;
  const working = statuses.filter(({ type }) => type === "active").length;
  if (waiting > 0) {
    const threads = waiting === 1 ? "A thread waits" : `${waiting} threads wait`;
    return {
      text: "$(bell-dot) Patchwright: waiting for you",
      tooltip: `${threads} for your answer. Click to see what it is.`,
      calls: true,
    };
  }
  if (working > 0) {
    const tooltip =
      working === 1 ? "A thread is at work. Click to see it." : `${working} threads are at work. Click to see them.`;
    return { text: "$(loading~spin) Patchwright: working", tooltip, calls: false };
  }
  if (!trusted) {
    const tooltip = "Restricted Mode: no commands and no edits. Click to open the panel.";
    return { text: "$(workspace-untrusted) Patchwright", tooltip, calls: false };
  }
  if (hasKey === false) {
    return {
      text: "$(key) Patchwright: no API key",
      tooltip: "Click to open the panel, which says how to set one.",
      calls: false,
    };
  }
  const tooltip = "Idle. Click to open the panel.";
  if (sandbox?.kind === "none") return { text: "$(workspace-unknown) Patchwright: no sandbox", tooltip, calls: false };
  return { text: "$(comment-discussion) Patchwright", tooltip, calls: false };
}
