import { AgentError } from "../../../protocol/errors.ts";
import type { ConfiningSandbox } from "./confine.ts";

/** A machine without a sandbox. `reason` is a sentence for the user that says what is missing and what to do about it. */
export function noSandbox(reason: string): ConfiningSandbox {
  const state = { kind: "none", reason } as const;
  return {
    state,
    ready: Promise.resolve(state),
    onChange: () => ({ dispose() {} }),
    confine: () => Promise.reject(noConfinement(reason)),
    isUnsettled: () => false,
    unguardedIn: () => [],
    checkRepositories: () => undefined,
    ownWrites: { before: () => undefined, after: () => undefined },
  };
}

export function noConfinement(reason: string): AgentError {
  return new AgentError("unsupported", `The command did not run, since it cannot be confined: ${reason}`);
}
