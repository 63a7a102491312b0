import * as z from "zod";

/**
 * When the agent asks. `untrusted`: before every command that does more than look. `on-request`: only when a command is to leave the sandbox.
 * `never`: not at all; what would ask is declined. Where there is no sandbox, the first two ask before every command.
 */
export const approvalPolicy = z.enum(["untrusted", "on-request", "never"]);
export type ApprovalPolicy = z.infer<typeof approvalPolicy>;

/** How commands are confined, as a thread is started with. `danger-full-access` alone does without the sandbox. */
export const sandboxMode = z.enum(["read-only", "workspace-write", "danger-full-access"]);
export type SandboxMode = z.infer<typeof sandboxMode>;

export const sandboxPolicy = z.discriminatedUnion("type", [
  z.object({ type: z.literal("dangerFullAccess") }),
  z.object({ type: z.literal("readOnly"), networkAccess: z.boolean().optional() }),
  z.object({
    type: z.literal("workspaceWrite"),
    writableRoots: z.array(z.string()).optional(),
    networkAccess: z.boolean().optional(),
    /** Without network access: the hosts that may be reached all the same, as in rules that allow; for any other the user is asked. An addition of Patchwright. */
    allowedHosts: z.array(z.string()).optional(),
    excludeTmpdirEnvVar: z.boolean().optional(),
    excludeSlashTmp: z.boolean().optional(),
  }),
]);
export type SandboxPolicy = z.infer<typeof sandboxPolicy>;

/**
 * When the user reviews edits of files in the workspace: `before` each is made, which asks, or `after`, which makes them at once. Edits of
 * anything else always ask. An addition of Patchwright.
 */
export const editReview = z.enum(["before", "after"]);
export type EditReview = z.infer<typeof editReview>;

/** How hard the model thinks; the values a model takes are listed by `model/list`. */
export const reasoningEffort = z.string().min(1);

/** What a thread works with. Fixed parts of it are frozen by the thread's first request. */
export const threadSettings = z.object({
  cwd: z.string(),
  model: z.string(),
  modelProvider: z.string(),
  approvalPolicy,
  approvalsReviewer: z.literal("user"),
  sandboxPolicy,
  editReview: editReview.optional(),
  effort: reasoningEffort.nullish(),
  collaborationMode: z.object({
    mode: z.literal("default"),
    settings: z.object({
      model: z.string(),
      reasoning_effort: reasoningEffort.nullish(),
      developer_instructions: z.string().nullish(),
    }),
  }),
});
export type ThreadSettings = z.infer<typeof threadSettings>;

/** What confines commands on this machine, as a probe found at the start. An addition of Patchwright. */
export const sandboxState = z.discriminatedUnion("kind", [
  z.object({ kind: z.enum(["bubblewrap", "seatbelt"]) }),
  z.object({ kind: z.literal("none"), reason: z.string() }),
]);
export type SandboxState = z.infer<typeof sandboxState>;

/** The policy that a mode stands for. */
export function policyOfMode(mode: SandboxMode): SandboxPolicy {
  switch (mode) {
    case "read-only":
      return { type: "readOnly", networkAccess: false };
    case "workspace-write":
      return { type: "workspaceWrite", writableRoots: [], networkAccess: false };
    case "danger-full-access":
      return { type: "dangerFullAccess" };
  }
}
