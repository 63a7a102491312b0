import type { Sandbox } from "../../host.ts";

/** A machine without a sandbox. `reason` is a sentence for the user that says what is missing and what to do about it. */
export function noSandbox(reason: string): Sandbox {
  const state = { kind: "none", reason } as const;
  return { state, ready: Promise.resolve(state) };
}
