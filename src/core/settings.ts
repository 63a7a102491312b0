import type { ApprovalPolicy, EditReview, SandboxMode } from "../protocol/settings.ts";

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
}
