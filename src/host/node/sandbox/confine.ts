import type { Duplex } from "node:stream";
import type { Confinement, Quarantined, Sandbox } from "../../sandbox.ts";
import type { OwnWrites } from "./guard.ts";

/** A command as it would run without a sandbox. */
export interface ConfinedCommand {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** All its variables. */
  readonly env: Readonly<Record<string, string>>;
  /** The one by which the host knows all processes of the command, as NAME=VALUE. */
  readonly marker: string;
  readonly confinement: Confinement;
}

/** What to start instead. */
export interface Confined {
  readonly argv: readonly [string, ...string[]];
  /** All variables of what is started; the command gets its own by another way. */
  readonly env: Readonly<Record<string, string>>;
  /** What is connected to the descriptors from 3 on, in order. To be called with our ends once it has started. */
  readonly connections: readonly ((end: Duplex) => void)[];
  /** Processes that only see to the command and end with it, as far as they are known: nobody needs to ask these to end. */
  overseers(): readonly number[];
  /** To be called once, when what was started has ended, or did not start. Never rejects. */
  ended(): Promise<readonly Quarantined[]>;
}

export interface ConfiningSandbox extends Sandbox {
  /** Rejects with `unsupported` when this cannot be kept here, and with `notFound` for a folder that is not there. */
  confine(command: ConfinedCommand): Promise<Confined>;
  readonly ownWrites: OwnWrites;
  /** As `Guard.checkRepositories`. */
  checkRepositories(path: string): void;
}
