import type { CallsMade } from "./callsMade.ts";
import type { CompactedThread } from "./compact.ts";
import type { HostGate } from "./hostGate.ts";
import type { FrozenApproval } from "./policy/frozenApproval.ts";
import type { Permissions } from "./policy/permissions.ts";
import type { Queue } from "./queue.ts";
import type { Checkpoints } from "./review/checkpoints.ts";
import type { ThreadDeps } from "./threadDeps.ts";
import type { Terminals } from "./tools/terminals.ts";
import type { Waiting } from "./waiting.ts";

/** What a turn uses of its thread. */
export interface TurnThread extends CompactedThread {
  readonly queue: Queue;
  readonly checkpoints: Checkpoints;
  readonly terminals: Terminals;
  readonly allowed: Map<string, FrozenApproval | undefined>;
  readonly callsMade: CallsMade;
  readonly permissions: Permissions;
  readonly settings: { readonly model: string; readonly effort: string | null };
  /** True when the user wants the context condensed before the next request. */
  compactionWanted: boolean;
  readonly waiting: Waiting;
  readonly hosts: HostGate;
}

/** A turn in its thread. */
export interface TurnPlace {
  readonly turnId: string;
  readonly stop: AbortController;
  readonly deps: ThreadDeps;
}
