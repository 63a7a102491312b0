import * as vscode from "vscode";
import type { Secrets } from "../core/policy/secrets.ts";
import { sanitizeForDisplay } from "../protocol/sanitizeForDisplay.ts";
import { notices } from "./notices.ts";

/** Where faults and warnings go. What is logged has no secret. */
export interface Log extends vscode.Disposable {
  readonly channel: vscode.LogOutputChannel;
  /** For what no user can do anything about. */
  fault(fault: unknown): void;
  /** Logged, and shown to the user. */
  warn(message: string): void;
}

export function createLog(secrets: Secrets): Log {
  const channel = vscode.window.createOutputChannel("Patchwright", { log: true });
  return {
    channel,
    fault(fault) {
      const text = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
      channel.error(sanitizeForDisplay(secrets.text(text)));
    },
    warn(message) {
      const text = secrets.text(message);
      channel.warn(sanitizeForDisplay(text));
      notices.warn(text);
    },
    dispose: () => channel.dispose(),
  };
}
