import type { OpenedThread } from "../../src/protocol/methods.ts";
import type {
  ApprovalPolicy,
  EditReview,
  SandboxMode,
  SandboxPolicy,
  ThreadSettings,
} from "../../src/protocol/settings.ts";

/** What the open thread works with; before there is one, what the next will be started with. */
export interface PanelSettings {
  model?: string | undefined;
  provider?: string | undefined;
  effort?: string | undefined;
  mode: Mode;
  /** Whether edits in the workspace ask before they are made, or are reviewed after. */
  editReview: EditReview;
}

/** When the agent asks: always, never (and then it is declined), or never because everything is allowed. */
export type Mode = "ask" | "never" | "full";

/** What a mode that can be picked stands for. */
export const modes = {
  ask: { approvalPolicy: "untrusted", sandbox: "workspace-write", sandboxPolicy: workspaceWrite() },
  full: { approvalPolicy: "never", sandbox: "danger-full-access", sandboxPolicy: { type: "dangerFullAccess" } },
} as const satisfies Partial<
  Record<Mode, { approvalPolicy: ApprovalPolicy; sandbox: SandboxMode; sandboxPolicy: SandboxPolicy }>
>;

export type PickableMode = keyof typeof modes;

/** Without a sandbox, `on-request` asks for as much as `untrusted` does. */
function modeOf(policy: ApprovalPolicy, sandbox: SandboxPolicy): Mode {
  if (sandbox.type === "dangerFullAccess" && policy !== "untrusted") return "full";
  return policy === "never" ? "never" : "ask";
}

export function settingsOfOpened(opened: OpenedThread): PanelSettings {
  return {
    model: opened.model,
    provider: opened.modelProvider,
    effort: opened.reasoningEffort ?? undefined,
    mode: modeOf(opened.approvalPolicy, opened.sandbox),
    editReview: opened.editReview,
  };
}

export function settingsOfThread(settings: ThreadSettings): PanelSettings {
  return {
    model: settings.model,
    provider: settings.modelProvider,
    effort: settings.effort ?? undefined,
    mode: modeOf(settings.approvalPolicy, settings.sandboxPolicy),
    editReview: settings.editReview ?? "before",
  };
}

/** The demo model is one that a script plays. */
export function isDemo({ provider, model }: PanelSettings): boolean {
  return provider === "demo" || model === "demo";
}

function workspaceWrite(): SandboxPolicy {
  return { type: "workspaceWrite", writableRoots: [], networkAccess: false };
}
