import {
  type ApprovalPolicy,
  type EditReview,
  policyOfMode,
  type SandboxMode,
  type SandboxPolicy,
} from "../protocol/settings.ts";

/** The user's choices, as the surface that starts the agent reads them. */
export interface AgentSettings {
  /** Unset: the best of those that the server lists. */
  readonly model?: string | undefined;
  /** Unset: the model's own default. */
  readonly effort?: string | undefined;
  /** The model's window in tokens. Unset: as the table of models has it. */
  readonly contextWindow?: number | undefined;
  readonly approvalPolicy: ApprovalPolicy;
  readonly sandboxMode: SandboxMode;
  /** What commands in the sandbox reach beside the workspace. Unset: folders for temporary files, and no network. */
  readonly sandbox?: SandboxSettings | undefined;
  /** Unset: before each edit. */
  readonly editReview?: EditReview | undefined;
  /** Added for the model as a message of the developer role. */
  readonly developerInstructions?: string | undefined;
  /** An absolute path, or one from "~/": the file that stands in place of the base instructions. */
  readonly baseInstructionsFile?: string | undefined;
  /** Names that count as AGENTS.md in folders that have none, in order. */
  readonly projectDocFallbackFilenames?: readonly string[] | undefined;
  /** Attempts after the first one, over a whole turn. */
  readonly maxRetries: number;
  /** False in Restricted Mode: nothing is run or edited, and AGENTS.md is not read. */
  readonly trusted: boolean;
  /** By absolute folders, whether threads in them are trusted; the innermost counts. Where none is named, `trusted` does. */
  readonly projects?: Readonly<Record<string, "trusted" | "untrusted">> | undefined;
  /** Where a folder lies when all links are followed; for `projects`, which compares folders as they are written without it. */
  readonly realFolder?: ((folder: string) => string) | undefined;
  /** Where the user says which folders are trusted; unset: in the editor. */
  readonly trustIsIn?: TrustPlace | undefined;
}

/** Which folders the user trusts. */
export type TrustSettings = Pick<AgentSettings, "trusted" | "projects" | "realFolder" | "trustIsIn">;

export type TrustPlace = "editor" | "config.toml";

export interface SandboxSettings {
  /** Folders, absolute or from "~/", that commands may write in. */
  readonly writableRoots: readonly string[];
  /** "asks": the allowed hosts, and others once the user says so. */
  readonly network: "off" | "asks" | "on";
  readonly allowedHosts: readonly string[];
  readonly excludeTmpdirEnvVar?: boolean | undefined;
  readonly excludeSlashTmp?: boolean | undefined;
}

/** The policy that a mode stands for, with what the user's settings say of it. */
export function sandboxPolicyOf(mode: SandboxMode, settings: AgentSettings): SandboxPolicy {
  return completed(mode === "workspace-write" ? { type: "workspaceWrite" } : policyOfMode(mode), settings);
}

/** What a client leaves open is as the user's settings have it. */
export function completed(policy: SandboxPolicy, { sandbox }: AgentSettings): SandboxPolicy {
  if (policy.type !== "workspaceWrite") return policy;
  const {
    writableRoots = [],
    network = "off",
    allowedHosts = [],
    excludeTmpdirEnvVar,
    excludeSlashTmp,
  } = sandbox ?? {};
  const saysNetwork = policy.networkAccess !== undefined || policy.allowedHosts !== undefined;
  const { type, ...given } = policy;
  return {
    type,
    writableRoots: [...writableRoots],
    ...(saysNetwork ? {} : { networkAccess: network === "on" }),
    ...(network === "asks" && !saysNetwork ? { allowedHosts: [...allowedHosts] } : {}),
    ...(excludeTmpdirEnvVar ? { excludeTmpdirEnvVar } : {}),
    ...(excludeSlashTmp ? { excludeSlashTmp } : {}),
    ...given,
  };
}
