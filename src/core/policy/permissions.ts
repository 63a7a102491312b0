import type { SandboxState } from "../../host/sandbox.ts";
import type { ApprovalPolicy, EditReview, SandboxPolicy } from "../../protocol/settings.ts";
import type { TrustPlace } from "../settings.ts";

/** What the user allows in a thread. */
export interface Permissions {
  readonly approvalPolicy: ApprovalPolicy;
  readonly sandboxPolicy: SandboxPolicy;
  readonly editReview: EditReview;
  /** False in Restricted Mode, and for a thread whose folder is not open: nothing is run or edited. */
  readonly trusted: boolean;
  /** Where the user could trust it; unset: in the editor. */
  readonly trustIsIn?: TrustPlace | undefined;
  readonly workspaceRoots: readonly string[];
  /** Folders beside the workspace whose files may be read: for temporary files, for outputs of commands, and those that commands may write. */
  readonly readableRoots: readonly string[];
  /** What confines commands on this machine, as far as it is known. */
  readonly sandbox: SandboxState;
  readonly folders: PlainFolders;
}

/** Folders beside the workspace. Absolute. */
export interface PlainFolders {
  /** For temporary files, as the environment names it. */
  readonly temporary: string;
  /** The one that all users share; absent where there is none. */
  readonly sharedTemporary?: string | undefined;
  /** Where whole outputs of commands are, in the private store. */
  readonly outputs: string;
  /** The private store, of which nothing else is read or edited as a part of a workspace around it. */
  readonly store?: string | undefined;
}

/** True when commands run in the sandbox, unless they are to leave it. */
export function isConfined({ sandbox, sandboxPolicy }: Permissions): boolean {
  return sandbox.kind !== "none" && sandboxPolicy.type !== "dangerFullAccess";
}

/** True when there are commands that run, unasked or asked, whatever the rules say. */
export function runsCommands(permissions: Permissions): boolean {
  const { trusted, approvalPolicy } = permissions;
  return trusted && (isConfined(permissions) || hasFullAccess(permissions) || approvalPolicy !== "never");
}

export function hasFullAccess({ sandboxPolicy, trusted }: Permissions): boolean {
  return trusted && sandboxPolicy.type === "dangerFullAccess";
}

/** True when edits of files in the workspace run at once, and the user keeps or undoes them later. */
export function reviewsAfter({ editReview, sandboxPolicy, approvalPolicy, trusted }: Permissions): boolean {
  return trusted && approvalPolicy !== "untrusted" && editReview === "after" && sandboxPolicy.type !== "readOnly";
}
