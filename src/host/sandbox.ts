/** What confines commands on this machine. */
export interface Sandbox {
  /** Resolves when a real command has shown what works here. Never rejects. */
  readonly ready: Promise<SandboxState>;
  /** What is known now: "none" until `ready`, so that nothing runs unasked before it is known to be confined. */
  readonly state: SandboxState;
  /** Told of another state than was known so far: what confines commands was put in, replaced or removed, or the machine was too busy to show it. */
  onChange(listener: (state: SandboxState) => void): { dispose(): void };
  /**
   * Whether what is at the absolute path, or was a moment ago, may be the work of a confined command that still runs, in a folder that it may write to:
   * then nobody is to obey it yet. When the command has ended, what it must not leave is moved away.
   */
  isUnsettled(path: string): boolean;
  /**
   * Of these folders those with so much below them that not all was looked at when a command last began there: what is protected and lies deep in
   * them could be changed by confined commands.
   */
  unguardedIn(folders: readonly string[]): readonly string[];
}

export type SandboxState =
  | { readonly kind: "bubblewrap" | "seatbelt" }
  /** `reason` is a sentence for the user that says what is missing and what to do about it. */
  | { readonly kind: "none"; readonly reason: string };

/**
 * What a confined command may do. It may read what its user may, but for credentials and Patchwright's own store; it writes below `writableRoots`
 * alone, and never to what `isProtected`; it sees and signals only the processes of its own command, and ends with them.
 * `Processes.spawn` rejects with `unsupported` a confinement that cannot be kept here, rather than run the command without.
 */
export interface Confinement {
  /** Absolute folders. Empty for a command that may only look; it has an empty folder for temporary files, which vanishes with it. */
  readonly writableRoots: readonly string[];
  /** Absolute paths that stay readable although they lie in what is hidden, such as whole outputs of earlier commands. */
  readonly readableRoots: readonly string[];
  /** Whether a file must not be written although it lies in a writable root; `relative` to that root, with "/" between its parts. */
  isProtected(relative: string): boolean;
  /** What of that can be said by names: of files and folders at any depth, "*" for any letters, "/" between a folder and what lies directly in it. */
  readonly protectedNames?: readonly string[] | undefined;
  /**
   * "off": nothing but a loopback of the command's own. "on": the network of this machine. Otherwise only what `allows` says yes to, through a
   * proxy that is named in the usual variables.
   */
  readonly network: "off" | "on" | HostFilter;
}

export interface HostFilter {
  /** Asked at each connection to a host; may wait for the user. Never rejects. */
  allows(target: NetworkTarget): Promise<boolean>;
}

export interface NetworkTarget {
  /** A name or an address as the command gave it, in lower case. */
  readonly host: string;
  readonly port: number;
  readonly protocol: "http" | "https";
}

/** Absolute paths. */
export interface Quarantined {
  readonly path: string;
  /** Where it is now. */
  readonly movedTo: string;
}
