import type { AgentError, ErrorCode } from "../protocol/errors.ts";
import type { FailureKind, TurnError } from "../protocol/threads.ts";

const kinds: Partial<Record<ErrorCode, FailureKind>> = {
  unauthorized: "unauthorized",
  badRequest: "badRequest",
  contextWindowExceeded: "contextWindowExceeded",
  quotaExceeded: "usageLimitExceeded",
  rateLimited: "rateLimitExceeded",
  modelNotFound: "modelNotFound",
  serverFailed: "internalServerError",
  connectionFailed: { httpConnectionFailed: { httpStatusCode: null } },
  timeout: { responseStreamDisconnected: { httpStatusCode: null } },
};

/** An error as the surfaces get it. */
export function turnErrorOf({ code, message }: AgentError): TurnError {
  return { message, codexErrorInfo: kinds[code] ?? "other", additionalDetails: null };
}
