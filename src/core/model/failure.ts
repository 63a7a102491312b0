import { AgentError, type ErrorCode } from "../../protocol/errors.ts";

/** Which server failed: what messages to the user may name, and what they must not contain. */
export interface Place {
  readonly baseUrl: string;
  readonly redact: (text: string) => string;
  /** Unix milliseconds. */
  readonly now: number;
  /** As `Provider.keyAdvice`. */
  readonly keyAdvice?: string | undefined;
}

/** What a server said about a failure, over HTTP or inside a stream. */
export interface Failure {
  /** The HTTP status; undefined inside a stream. */
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  readonly type?: string | undefined;
  readonly message?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** Server text in a message is cut at this many characters, so that no message exceeds 2 kB. */
const MAX_EXCERPT_LENGTH = 400;

/** Where to set a key, in the words of the editor, unless the provider has its own. */
export const KEY_ADVICE =
  'set one with the command "Patchwright: Set API Key" or the environment variable OPENAI_API_KEY';

/** What a server said as the error that the user reads. */
export function failureError(failure: Failure, place: Place): AgentError {
  const { code, words } = kinds.find(({ when }) => when(failure))!;
  const host = hostOf(place);
  const said = excerpt(failure.message ?? "", place);
  const retryAfterMs = failure.retryAfterMs ?? (code === "rateLimited" ? waitIn(failure.message ?? "") : undefined);
  const wait = retryAfterMs === undefined ? "" : ` It asks to wait ${duration(retryAfterMs)}.`;
  const quote = said && ` It says: ${said}${/[.!?…]$/.test(said) ? "" : "."}`;
  const message = words(host, failure, place.keyAdvice ?? KEY_ADVICE).replace("{said}", () => quote) + wait;
  return new AgentError(code, message, { retryAfterMs });
}

/** Inside a stream the time to wait is only in the words, such as "try again in 1m2.5s". */
function waitIn(message: string): number | undefined {
  const written = /try again in ((?:\d+(?:\.\d+)?(?:ms|[hms]))+)/i.exec(message)?.[1];
  if (!written) return undefined;
  const parts = [...written.matchAll(/(\d+(?:\.\d+)?)(ms|[hms])/gi)];
  return parts.reduce((ms, [, number, unit]) => ms + Number(number) * UNIT_MS[unit!.toLowerCase()]!, 0);
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

interface Kind {
  readonly when: (failure: Failure) => boolean;
  readonly code: ErrorCode;
  /** What happened and what to do; `{said}` is replaced by the server's own words. */
  readonly words: (host: string, failure: Failure, keyAdvice: string) => string;
}

const quotaCodes = ["insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "usage_limit_reached"];
const filterCodes = ["content_filter", "content_policy_violation", "invalid_prompt", "bio_policy", "cyber_policy"];
const overloadCodes = ["server_is_overloaded", "slow_down", "overloaded_error"];

/** The first that fits decides; the last fits always. */
const kinds: readonly Kind[] = [
  {
    when: ({ status, code }) => status === 401 || code === "invalid_api_key",
    code: "unauthorized",
    words: (host, _failure, keyAdvice) =>
      `The server at ${host} refuses the API key. Check that it is whole and still valid, or ${keyAdvice}.`,
  },
  {
    when: ({ code, type }) => quotaCodes.includes(code ?? "") || quotaCodes.includes(type ?? ""),
    code: "quotaExceeded",
    words: (host) =>
      `The account at ${host} has no quota left. Check its plan and billing, then send the message again.{said}`,
  },
  {
    when: ({ status, code, message }) =>
      status === 413 ||
      code === "context_length_exceeded" ||
      (status === 429 && /request too large/i.test(message ?? "")) ||
      (status === 400 && /maximum context length|exceeds? the context window/i.test(message ?? "")),
    code: "contextWindowExceeded",
    words: () => "The thread is too long for the model. Start a new thread, and say there what it needs to know.{said}",
  },
  {
    when: ({ status, code, message }) =>
      code === "model_not_found" || (status === 404 && /\bmodel\b/i.test(message ?? "")),
    code: "modelNotFound",
    words: (host) => `The server at ${host} does not offer this model to this key. Choose another model.{said}`,
  },
  {
    when: ({ code }) => filterCodes.includes(code ?? ""),
    code: "badRequest",
    words: (host) =>
      `The content filter at ${host} refuses this request. Reword the last message and send it again.{said}`,
  },
  {
    when: ({ status }) => status === 403,
    code: "unauthorized",
    words: (host) => `The server at ${host} denies access. Check what the project of this API key may use.{said}`,
  },
  {
    when: ({ status }) => status === 404,
    code: "badRequest",
    words: (host) =>
      `There is no Responses API at this address of ${host}. Check the base URL; it often ends with /v1.{said}`,
  },
  {
    when: ({ status }) => status === 408,
    code: "timeout",
    words: (host) =>
      `The server at ${host} gave up waiting for the request. Check the network and send the message again.{said}`,
  },
  {
    when: ({ status, code }) => overloadCodes.includes(code ?? "") || (status ?? 0) >= 500 || code === "server_error",
    code: "serverFailed",
    words: (host, { status }) =>
      `The server at ${host} failed${status ? ` with status ${status}` : ""}. Send the message again in a moment.{said}`,
  },
  {
    when: ({ status, code }) => status === 429 || code === "rate_limit_exceeded",
    code: "rateLimited",
    words: (host) => `The server at ${host} receives too many requests. Send the message again later.{said}`,
  },
  {
    when: ({ status, type }) => status !== undefined || type === "invalid_request_error",
    code: "badRequest",
    words: (host, { status }) =>
      `The server at ${host} refuses the request${status ? ` with status ${status}` : ""}. Check the model and its settings, or start a new thread.{said}`,
  },
  {
    when: () => true,
    code: "serverFailed",
    words: (host) => `The server at ${host} ended its answer with an error. Send the message again.{said}`,
  },
];

/** Host and port of a base URL, without credentials that someone may have written into it. */
export function hostOf({ baseUrl, redact }: Place): string {
  return URL.canParse(baseUrl) ? redact(new URL(baseUrl).host).slice(0, 200) : "the base URL";
}

/** Text of a server, safe to show within a sentence: redacted, on one line, without control characters, not longer than a paragraph. */
export function excerpt(text: string, { redact }: Place): string {
  const title = /<title[^>]*>([^<]*)/i.exec(text)?.[1];
  const plain = /<(!doctype|html|head|body)\b/i.test(text) ? (title ?? "") : text;
  const line = redact(plain.slice(0, 100_000))
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim();
  return line.length > MAX_EXCERPT_LENGTH ? `${line.slice(0, MAX_EXCERPT_LENGTH).toWellFormed()}…` : line;
}

/** Such as "12 s" or "3 minutes". */
export function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}
