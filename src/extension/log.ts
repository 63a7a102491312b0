import * as vscode from "vscode";
import { sanitizeForDisplay } from "../protocol/sanitizeForDisplay.ts";
import { notices } from "./notices.ts";

/** Where faults and warnings go. What is logged never contains the key: whoever makes a message keeps it out. */
export interface Log extends vscode.Disposable {
  readonly channel: vscode.LogOutputChannel;
  /** For what no user can do anything about. */
  fault(fault: unknown): void;
  /** Logged, and shown to the user. */
  warn(message: string): void;
}

export function createLog(): Log {
  const channel = vscode.window.createOutputChannel("Patchwright", { log: true });
  return {
    channel,
    fault: (fault) =>
      channel.error(sanitizeForDisplay(fault instanceof Error ? (fault.stack ?? fault.message) : String(fault))),
    warn(message) {
      channel.warn(sanitizeForDisplay(message));
      notices.warn(message);
    },
    dispose: () => channel.dispose(),
  };
}
