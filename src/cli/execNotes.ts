import type { SandboxState } from "../host/sandbox.ts";
import type { ApprovalPolicy, SandboxMode } from "../protocol/settings.ts";

/** What the user is told when things are declined that nobody was asked about, and what to do about it. */

const NO_SANDBOX =
  "There is no sandbox here to confine commands, so they are declined. With --sandbox danger-full-access they run unconfined, with all your rights.";

export const RESTRICTED =
  'Restricted Mode: config.toml calls this folder untrusted, so it is only read. With trust_level = "trusted" there, commands and edits are made.';

const READ_ONLY =
  "Edits, and commands that write, are not made in this mode. With --sandbox workspace-write they are made in the workspace.";

const NOBODY =
  "What asks is declined, since nobody is there to answer: what leaves the sandbox, edits of protected files and of files outside the workspace.";

const ASKS =
  'The approval policy asks, and nobody is there to answer, so it was declined. Without --config approval_policy it is "never": commands run in the sandbox.';

export function whyDeclined(policy: ApprovalPolicy, mode: SandboxMode, state: SandboxState): string {
  if (policy !== "never") return ASKS;
  if (state.kind === "none" && mode !== "danger-full-access") return NO_SANDBOX;
  return mode === "read-only" ? READ_ONLY : NOBODY;
}
