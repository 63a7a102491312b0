/**
 * Everything that can go wrong, as a closed set. A code says what kind of thing happened; the message says what to do about it
 * and is written for whoever reads it (the model or the user), which is decided where the error is made.
 */
export const errorCodes = [
  /** A path, thread, turn, item or process that does not exist. */
  "notFound",
  /** Something is there already that must not be. */
  "alreadyExists",
  /** The thing changed since it was looked at; nothing was written. */
  "conflict",
  /** The operating system or the editor refuses access. */
  "permissionDenied",
  /** Arguments that cannot be understood: a patch that does not parse, malformed tool arguments, bad params. */
  "invalid",
  /** A patch whose context is not in the file. */
  "patchMismatch",
  /** Bytes that would not survive: a binary file, a character the file's encoding lacks, an unsaved buffer that is not faithful. */
  "unfaithful",
  /** More than a stated limit. */
  "tooLarge",
  /** This host, model or server cannot do it at all. */
  "unsupported",
  /** The caller aborted it. */
  "aborted",
  /** No answer within a stated time. */
  "timeout",
  /** No API key, or the server refuses it. */
  "unauthorized",
  /** The server asks to wait. */
  "rateLimited",
  /** The account has no quota left. */
  "quotaExceeded",
  /** The thread no longer fits the model. */
  "contextWindowExceeded",
  /** The model is not known to the server. */
  "modelNotFound",
  /** The server refuses the request as it stands. */
  "badRequest",
  /** The host cannot be reached, or the connection was lost before the answer ended. */
  "connectionFailed",
  /** The server failed, or answered something that is not the protocol. */
  "serverFailed",
  /** Anything else: a fault of this program. */
  "internal",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** The one error type that crosses a module boundary. `message` is a full sentence. */
export class AgentError extends Error {
  override readonly name = "AgentError";
  readonly code: ErrorCode;
  /** How long the server asks to wait before the next attempt, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown; retryAfterMs?: number | undefined }) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** Rejects with `aborted` when the signal is already aborted. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new AgentError("aborted", "It was stopped.");
}

/** The error as an AgentError; a foreign one becomes `internal` with its message kept and the original as `cause`. */
export function toAgentError(error: unknown): AgentError {
  if (error instanceof AgentError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AgentError("internal", message, { cause: error });
}
