import type { SandboxState } from "../host/sandbox.ts";
import type { SandboxMode } from "../protocol/settings.ts";

const NAMES = { bubblewrap: "bubblewrap", seatbelt: "the sandbox of macOS" } as const;

/** What confines commands here, in one line for a person. */
export function sandboxLine(state: SandboxState, mode?: SandboxMode): string {
  if (mode === "danger-full-access")
    return "No sandbox: with full access commands run unconfined, with all your rights.";
  if (state.kind === "none") return `No sandbox: ${state.reason}`;
  return `Sandbox: commands are confined by ${NAMES[state.kind]}.`;
}
