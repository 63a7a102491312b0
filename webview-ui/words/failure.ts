import type { FailureKind, TurnError } from "../../src/protocol/threads.ts";
import type { Key } from "../strings.ts";

export type Remedy = "retry" | "enterKey" | "openSettings" | "switchModel" | "newThread";

export interface Failure {
  title: Key;
  /** What the user can do about it, the likeliest first. */
  remedies: readonly Remedy[];
}

const byName: Record<Extract<FailureKind, string>, Failure> = {
  unauthorized: { title: "noAccess", remedies: ["enterKey", "retry", "openSettings"] },
  rateLimitExceeded: { title: "rateLimit", remedies: ["retry", "switchModel"] },
  usageLimitExceeded: { title: "noQuota", remedies: ["enterKey", "switchModel", "retry"] },
  modelNotFound: { title: "noModel", remedies: ["switchModel", "openSettings"] },
  contextWindowExceeded: { title: "contextFull", remedies: ["newThread"] },
  serverOverloaded: { title: "overloaded", remedies: ["retry", "switchModel"] },
  internalServerError: { title: "turnFailed", remedies: ["retry", "switchModel"] },
  badRequest: { title: "turnFailed", remedies: ["retry", "switchModel", "openSettings"] },
  other: { title: "turnFailed", remedies: ["retry"] },
};

/** How a failed turn is headed, and the ways out of it. */
export function failureOf(error: TurnError | null | undefined): Failure {
  const kind = error?.codexErrorInfo ?? "other";
  if (typeof kind === "string") return byName[kind] ?? byName.other;
  if ("httpConnectionFailed" in kind) return { title: "unreachable", remedies: ["retry", "openSettings"] };
  return { title: "turnFailed", remedies: ["retry", "switchModel"] };
}
