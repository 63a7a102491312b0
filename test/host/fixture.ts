import type { Host } from "../../src/host/host.ts";

/** What a check asks of a host beyond memory. A host that lacks it leaves the check out, and its test says so. */
export type Need = "modes" | "links" | "realProcesses";

/** One fresh host with an empty folder. */
export interface HostFixture {
  readonly host: Host;
  /** Empty, absolute, no git repository around it. */
  readonly root: string;
  /** Aborted when the check is over. */
  readonly signal: AbortSignal;
  join(...parts: readonly string[]): string;
  /** The argv that runs one of the contract's programs. */
  program(script: string): readonly [string, ...string[]];
  /** Outside the host, with parent folders made. */
  writeBytes(path: string, bytes: Uint8Array): Promise<void>;
  readBytes(path: string): Promise<Uint8Array>;
  makeFolder(path: string): Promise<void>;
  /** Whether anything is there, links not followed. */
  exists(path: string): Promise<boolean>;
  remove(path: string): Promise<void>;
  /** Only for checks that need modes. */
  readonly modes?: {
    /** The permission bits. */
    get(path: string): Promise<number>;
    set(path: string, mode: number): Promise<void>;
  };
  /** Only for checks that need links. */
  readonly links?: {
    symbolic(target: string, path: string): Promise<void>;
    hard(existing: string, path: string): Promise<void>;
    isSymbolic(path: string): Promise<boolean>;
  };
}

/** One sentence of the contract and how to see that it holds. */
export interface HostCheck {
  readonly name: string;
  readonly needs?: readonly Need[];
  run(fixture: HostFixture): Promise<void>;
}

/** An aborted signal. */
export function stopped(): AbortSignal {
  return AbortSignal.abort();
}
