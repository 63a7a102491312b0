import { AgentError } from "../../protocol/errors.ts";
import { excerpt, type Failure, failureError, hostOf, type Place } from "./failure.ts";

/**
 * Anything thrown on the way to a server and back, as the error that the user reads: an answer with an error status, an error inside a
 * stream, a host that cannot be reached, a connection that broke.
 */
export function thrownError(error: unknown, place: Place): AgentError {
  const chain = causes(error);
  const own = chain.find((cause) => cause instanceof AgentError);
  if (own) return own;
  const failure = apiFailure(error, place.now);
  if (failure) return failureError(failure, place);
  if (error instanceof SyntaxError) {
    const message = `The server at ${hostOf(place)} sent something that is not the Responses API. Check the base URL.`;
    return new AgentError("serverFailed", message, { cause: error });
  }
  return connectionError(chain, place);
}

/** The members of the client's API error that are read here; its class is loaded lazily and cannot be named. */
interface ApiErrorLike {
  readonly status?: number;
  readonly error?: unknown;
  readonly code?: unknown;
  readonly type?: unknown;
  readonly message: string;
  readonly headers?: Headers;
}

/** Undefined for errors that do not come from the server. */
function apiFailure(error: unknown, now: number): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  const { status, error: body, code, type, message, headers } = error as ApiErrorLike;
  if (status === undefined && body === undefined) return undefined;
  const said = typeof body === "string" ? body : (textMember(body, "message") ?? textMember(body, "detail"));
  return {
    status,
    code: typeof code === "string" ? code : undefined,
    type: typeof type === "string" ? type : undefined,
    message: said ?? message.replace(/^\d{3} (status code \(no body\))?/, ""),
    retryAfterMs: headers && retryAfter(headers, now),
  };
}

function textMember(value: unknown, name: string): string | undefined {
  const member = (value as Record<string, unknown> | null | undefined)?.[name];
  return typeof member === "string" ? member : undefined;
}

/** Milliseconds from `retry-after-ms`, or from `retry-after` in seconds or as a date. */
function retryAfter(headers: Headers, now: number): number | undefined {
  const precise = Number(headers.get("retry-after-ms") ?? Number.NaN);
  if (precise >= 0) return precise;
  const text = headers.get("retry-after");
  if (!text) return undefined;
  const ms = /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

const unreachable = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
]);
const silent = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);
const tls = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)|^EPROTO$/;

function connectionError(chain: readonly Error[], place: Place): AgentError {
  const host = hostOf(place);
  const code = chain.map((error) => textMember(error, "code")).find(Boolean) ?? "";
  const cause = chain[0];
  if (unreachable.has(code)) {
    const message = `${host} cannot be reached (${code}). Check the base URL and the network.`;
    return new AgentError("connectionFailed", message, { cause });
  }
  if (chain.some((error) => error.message === "bad port")) {
    const message = `${host} cannot be used: no request may go to that port. Correct the base URL.`;
    return new AgentError("connectionFailed", message, { cause });
  }
  if (tls.test(code)) {
    const advice = "Check the base URL; behind a company proxy, NODE_EXTRA_CA_CERTS names its certificate.";
    return new AgentError("connectionFailed", `No secure connection to ${host} (${code}). ${advice}`, { cause });
  }
  if (silent.has(code))
    return new AgentError("timeout", `${host} did not answer in time. Send the message again.`, { cause });
  const why = excerpt(code || (chain.at(-1)?.message ?? ""), place);
  return connectionLost(place, why, cause);
}

/** The answer stopped before its end. */
export function connectionLost(place: Place, why: string, cause?: unknown): AgentError {
  const message = `The connection to ${hostOf(place)} was lost before the answer ended${why ? ` (${why})` : ""}. Check the network and send the message again.`;
  return new AgentError("connectionFailed", message, { cause });
}

/** The error, its cause, and so on; of several errors at once the first. */
function causes(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let next = error; next instanceof Error && !chain.includes(next); ) {
    chain.push(next);
    next = next.cause ?? (next instanceof AggregateError ? next.errors[0] : undefined);
  }
  return chain;
}
