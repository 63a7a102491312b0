import type { ListedModel } from "../../src/protocol/methods.ts";
import type {
  ApprovalPolicy,
  EditReview,
  SandboxMode,
  SandboxPolicy,
  ThreadSettings,
} from "../../src/protocol/settings.ts";
import type { OpenedThread } from "../../src/protocol/threadMethods.ts";

/** What commands and edits may do, and when they ask. */
export interface Rights {
  approvalPolicy: ApprovalPolicy;
  sandboxPolicy: SandboxPolicy;
  /** Whether edits in the workspace ask before they are made, or are reviewed after. */
  editReview: EditReview;
}

/** What the open thread works with; before there is one, what the next will be started with. */
export interface PanelSettings extends Rights {
  model?: string | undefined;
  provider?: string | undefined;
  effort?: string | undefined;
}

/** What can be picked: when the agent asks, how commands are confined, and when edits are reviewed. */
export const presets = {
  ask: { approvalPolicy: "untrusted", sandbox: "workspace-write", editReview: "before" },
  agent: { approvalPolicy: "on-request", sandbox: "workspace-write", editReview: "after" },
  full: { approvalPolicy: "never", sandbox: "danger-full-access", editReview: undefined },
} as const satisfies Record<
  string,
  { approvalPolicy: ApprovalPolicy; sandbox: SandboxMode; editReview: EditReview | undefined }
>;
export type Preset = keyof typeof presets;

/** A way of working: one that can be picked, or another that the user's settings make. */
export type Way = Preset | "never" | "readOnly" | "askUnconfined";

export function wayOf({ approvalPolicy, sandboxPolicy }: Pick<Rights, "approvalPolicy" | "sandboxPolicy">): Way {
  if (sandboxPolicy.type === "dangerFullAccess") return approvalPolicy === "untrusted" ? "askUnconfined" : "full";
  if (sandboxPolicy.type === "readOnly") return "readOnly";
  const ways = { untrusted: "ask", "on-request": "agent", never: "never" } as const;
  return ways[approvalPolicy];
}

/** What confined commands reach: nothing, what the user says yes to, or everything. */
export type NetworkChoice = "off" | "asks" | "on";

export function networkOf(policy: SandboxPolicy): NetworkChoice {
  if (policy.type === "dangerFullAccess" || policy.networkAccess) return "on";
  return policy.type === "workspaceWrite" && policy.allowedHosts ? "asks" : "off";
}

/** The policy with another network; hosts that were allowed before stay so. Only what may write the workspace has the choice. */
export function withNetwork(policy: SandboxPolicy, network: NetworkChoice): SandboxPolicy {
  if (policy.type !== "workspaceWrite") return policy;
  const { allowedHosts = [], ...rest } = policy;
  return { ...rest, networkAccess: network === "on", ...(network === "asks" ? { allowedHosts } : {}) };
}

export const workspaceWrite: SandboxPolicy = { type: "workspaceWrite", writableRoots: [], networkAccess: false };

export function settingsOfOpened(opened: OpenedThread): PanelSettings {
  return {
    model: opened.model,
    provider: opened.modelProvider,
    effort: opened.reasoningEffort ?? undefined,
    approvalPolicy: opened.approvalPolicy,
    sandboxPolicy: opened.sandbox,
    editReview: opened.editReview,
  };
}

export function settingsOfThread(settings: ThreadSettings): PanelSettings {
  return {
    model: settings.model,
    provider: settings.modelProvider,
    effort: settings.effort ?? undefined,
    approvalPolicy: settings.approvalPolicy,
    sandboxPolicy: settings.sandboxPolicy,
    editReview: settings.editReview ?? "before",
  };
}

/**
 * What the next message is answered with: where the server lists no demo, as since a key was entered, a thread of the demo goes on with the user's own
 * model. Nobody may think then that nothing leaves the machine.
 */
export function settingsOfNext(settings: PanelSettings, models: readonly ListedModel[]): PanelSettings {
  if (!isDemo(settings) || models.some(({ model }) => model === "demo")) return settings;
  const { model } = models.find(({ isDefault }) => isDefault) ?? models[0] ?? {};
  return { ...settings, provider: undefined, model };
}

/** The demo model is one that a script plays. */
export function isDemo({ provider, model }: PanelSettings): boolean {
  return provider === "demo" || model === "demo";
}
