import type { SandboxState } from "../host/sandbox.ts";
import type { Decliner } from "../protocol/items.ts";
import { sanitizeLine } from "../protocol/sanitizeForDisplay.ts";
import type { ApprovalPolicy, SandboxMode } from "../protocol/settings.ts";

/** What the user is told when things are declined that nobody was asked about, and what to do about it. */

const NO_SANDBOX =
  "There is no sandbox here to confine commands, so they are declined. With --sandbox danger-full-access they run unconfined, with all your rights.";

const RULES_UNREAD =
  "Declined, since your rules cannot be read and may deny it. Mend rules.json in Patchwright's folder, or move it away.";

const COMMAND_UNREAD =
  "Declined, since a rule of yours may deny it: the command line is not simple enough to tell which programs it runs. patchwright rules shows your rules.";

const RESTRICTED =
  'Restricted Mode: config.toml calls this folder untrusted, so it is only read. With trust_level = "trusted" there, commands and edits are made.';

const READ_ONLY =
  "Edits, and commands that write, are not made in this mode. With --sandbox workspace-write they are made in the workspace.";

const NOBODY =
  "What asks is declined, since nobody is there to answer: what leaves the sandbox, edits of protected files and of files outside the workspace.";

const ASKS =
  'The approval policy asks, and nobody is there to answer, so it was declined. Without --config approval_policy it is "never": commands run in the sandbox.';

/** How a run works. */
interface Ways {
  readonly policy: ApprovalPolicy;
  readonly mode: SandboxMode;
  readonly sandbox: SandboxState;
}

export function whyDeclined(by: Decliner, ways: Ways): string {
  switch (by.kind) {
    case "rule":
      return `Your rule "${sanitizeLine(by.prefix.join(" "))}" denies this. patchwright rules shows your rules.`;
    case "rulesUnread":
      return RULES_UNREAD;
    case "commandUnread":
      return COMMAND_UNREAD;
    case "restrictedMode":
      return RESTRICTED;
    default:
      return whyNotAsked(ways);
  }
}

function whyNotAsked({ policy, mode, sandbox }: Ways): string {
  if (policy !== "never") return ASKS;
  if (sandbox.kind === "none" && mode !== "danger-full-access") return NO_SANDBOX;
  return mode === "read-only" ? READ_ONLY : NOBODY;
}
