import type { Host } from "../host/host.ts";
import type { Thread } from "../protocol/threads.ts";
import type { Clients } from "./clients.ts";
import type { Clock } from "./clock.ts";
import type { ModelClient, Provider } from "./model/client.ts";
import type { Paths } from "./policy/paths.ts";
import type { Secrets } from "./policy/secrets.ts";
import type { ChangeStore } from "./review/changeStore.ts";
import type { KeptSnapshots } from "./review/keptSnapshots.ts";
import type { SessionAllowances } from "./sessionAllowances.ts";
import type { AgentSettings } from "./settings.ts";
import type { RuleStore } from "./store/rules.ts";

/** What every thread works with; handed in once, when the agent is made. */
export interface ThreadDeps {
  readonly host: Host;
  /** Of all threads of the host. */
  readonly snapshots: KeptSnapshots;
  readonly paths: Paths;
  readonly clock: Clock;
  readonly clients: Clients;
  readonly changes: ChangeStore;
  /** Of all threads of the host. */
  readonly rules: RuleStore;
  /** Of all threads of the host. */
  readonly allowances: SessionAllowances;
  readonly model: ModelClient;
  /** Read anew whenever it is needed, so that a change takes hold at once. */
  readonly settings: () => AgentSettings;
  readonly provider: () => Promise<Provider>;
  /** What is cut out of all that is sent, kept and shown. */
  readonly secrets: Secrets;
  /** The top layer of the prompt. */
  readonly baseInstructions: string;
  /** A UUIDv7. */
  readonly newId: () => string;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly version: string;
  readonly source: Thread["source"];
  /** Whether a message that waits begins a turn when one has completed, or is kept for the surface that its user wrote it in. */
  readonly waiting: "start" | "keep";
  /** For faults that no user can do anything about. */
  readonly log: (fault: unknown) => void;
}

/** What the agent is made with; the rest it makes itself. */
export type AgentDeps = Omit<ThreadDeps, "changes" | "snapshots" | "rules" | "allowances">;
