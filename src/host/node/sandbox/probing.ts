import { isDeepStrictEqual } from "node:util";
import type { SandboxState } from "../../sandbox.ts";
import type { Confined, ConfinedCommand, ConfiningSandbox } from "./confine.ts";
import type { Guard } from "./guard.ts";
import { noConfinement } from "./noSandbox.ts";

/** What was found to confine commands, or a sentence that says what is missing. */
export type Probing = (Confining | Missing) & {
  /** False when what was tried is not what is there now. Always true when absent. */
  isCurrent?(): boolean;
};

interface Confining {
  readonly kind: "bubblewrap" | "seatbelt";
  confine(command: ConfinedCommand): Promise<Confined>;
  readonly guard?: Omit<Guard, "watch"> | undefined;
}

interface Missing {
  readonly kind?: undefined;
  readonly reason: string;
  /** True when that may be due to how busy the machine was. */
  readonly isPassing?: boolean;
}

/** So often it is tried when each time something came between that may pass. */
const MOST_TRIES = 3;

/** A sandbox that is tried when somebody first asks for it, so that it takes nothing from the start of a window. */
export function probedSandbox(probe: () => Promise<Probing>): ConfiningSandbox {
  let state: SandboxState = { kind: "none", reason: "It is not known yet whether commands can be confined here." };
  let probing: Promise<Probing> | undefined;
  let guard: Omit<Guard, "watch"> | undefined;
  let tries = 0;
  let isKnown = false;
  const listeners = new Set<(state: SandboxState) => void>();

  function know(now: SandboxState): void {
    const isOther = isKnown && !isDeepStrictEqual(now, state);
    isKnown = true;
    state = now;
    if (isOther) for (const listener of listeners) listener(now);
  }

  async function start(): Promise<Probing> {
    const found = await probe();
    know(found.kind === undefined ? { kind: "none", reason: found.reason } : { kind: found.kind });
    if (found.kind !== undefined) guard = found.guard;
    // Whoever waits for it next has it tried again.
    else if (found.isPassing && ++tries < MOST_TRIES) probing = undefined;
    return found;
  }
  const found = () => {
    probing ??= start();
    return probing;
  };
  /**
   * Tried anew when it was put in, replaced or removed: a user installs what was missing, an update brings another program, and somebody may bring
   * none that confines.
   */
  const current = async () => {
    const last = found();
    const one = await last;
    if (one.isCurrent?.() !== false) return one;
    if (probing === last) probing = undefined;
    return found();
  };
  return {
    get ready() {
      return current().then(() => state);
    },
    get state() {
      if (tries === 0) void found();
      return state;
    },
    onChange(listener) {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    async confine(command) {
      const one = await current();
      if (one.kind === undefined) throw noConfinement(one.reason);
      return one.confine(command);
    },
    isUnsettled: (path) => guard?.isUnsettled(path) ?? false,
    unguardedIn: (folders) => guard?.unguardedIn(folders) ?? [],
    checkRepositories: (path) => guard?.checkRepositories(path),
    ownWrites: {
      before: (paths) => guard?.ownWrites.before(paths),
      after: (paths) => guard?.ownWrites.after(paths),
    },
  };
}
