import type { Permissions } from "../../src/core/policy/permissions.ts";

export const aSandbox = { kind: "bubblewrap" } as const;
export const noSandbox = { kind: "none", reason: "This machine is played in memory." } as const;

/** What a user allows who chose nothing, on a machine with a sandbox. */
export function somePermissions(changes: Partial<Permissions> = {}): Permissions {
  return {
    approvalPolicy: "on-request",
    sandboxPolicy: { type: "workspaceWrite" },
    editReview: "after",
    trusted: true,
    workspaceRoots: ["/ws"],
    readableRoots: ["/tmp", "/home/user/.patchwright/outputs"],
    sandbox: aSandbox,
    folders: { temporary: "/tmp", sharedTemporary: "/tmp", outputs: "/home/user/.patchwright/outputs" },
    ...changes,
  };
}
