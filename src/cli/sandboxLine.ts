import type { SandboxState } from "../host/host.ts";

const NAMES = { bubblewrap: "bubblewrap", seatbelt: "the sandbox of macOS" } as const;

/** What confines commands here, in one line for a person. */
export function sandboxLine(state: SandboxState): string {
  return state.kind === "none"
    ? `No sandbox: ${state.reason}`
    : `Sandbox: commands are confined by ${NAMES[state.kind]}.`;
}
