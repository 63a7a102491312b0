import type { ResponseStreamEvent } from "openai/resources/responses/responses";
import type { Ending } from "../../src/core/model/demo/answer.ts";
import type { Output } from "../../src/core/model/demo/output.ts";

/** What the scripted server does with one request. A bare output, or a list of them, is an answer that completes. */
export type Reply = Output | readonly Output[] | AnswerReply | RawReply;

/** A stream of events, whole or damaged on its way. */
export interface AnswerReply {
  readonly type: "answer";
  readonly outputs: readonly Output[];
  readonly ending: Ending;
  readonly delivery: Delivery;
}

export type Delivery =
  | { readonly type: "whole" }
  /** Nothing more comes after so many events, or bytes. */
  | { readonly type: "cut"; readonly after: CutPlace; readonly how: CutKind }
  /** Other events come in place of those of the answer. */
  | { readonly type: "rewritten"; readonly change: (events: readonly ResponseStreamEvent[]) => ResponseStreamEvent[] }
  /** Nothing more comes after so many events, and the socket stays open until the client goes. */
  | { readonly type: "hang"; readonly afterEvents: number }
  /** The rest comes when the promise resolves. */
  | { readonly type: "hold"; readonly afterEvents: number; readonly until: Promise<unknown> }
  /** All events come as text made by `encode`, written in pieces of `pieceBytes`. */
  | { readonly type: "encoded"; readonly encode: (text: string) => string; readonly pieceBytes: number };

export type CutPlace = { readonly events: number } | { readonly bytes: number };
/** The socket is destroyed; or the body ends as if it were whole; or the socket stays open until the client goes. */
export type CutKind = "destroyed" | "ended" | "open";

/** Any status and body. */
export interface RawReply {
  readonly type: "raw";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Iterable<string | Uint8Array>;
  /** With "open" the socket stays open after the body, until the client goes; with "dropped" it is destroyed without a byte. */
  readonly end: "end" | "open" | "dropped";
}

const completed: Ending = { type: "completed" };

/** The socket is destroyed after so many events. */
export function cutAfter(events: number, ...outputs: readonly Output[]): AnswerReply {
  return cutAt({ events }, "destroyed", ...outputs);
}

export function cutAfterBytes(bytes: number, ...outputs: readonly Output[]): AnswerReply {
  return cutAt({ bytes }, "destroyed", ...outputs);
}

export function cutAt(after: CutPlace, how: CutKind, ...outputs: readonly Output[]): AnswerReply {
  return { type: "answer", outputs, ending: completed, delivery: { type: "cut", after, how } };
}

/** What is sent of the answer is what `change` makes of its events. */
export function rewritten(
  change: (events: readonly ResponseStreamEvent[]) => ResponseStreamEvent[],
  ...outputs: readonly Output[]
): AnswerReply {
  return { type: "answer", outputs, ending: completed, delivery: { type: "rewritten", change } };
}

/** Accepts the request and never answers. */
export function hang(): AnswerReply {
  return hangAfter(0);
}

/** Streams so many events, then nothing more, with the socket open. After the last one it is a terminal event with the socket left open. */
export function hangAfter(events: number, ...outputs: readonly Output[]): AnswerReply {
  return { type: "answer", outputs, ending: completed, delivery: { type: "hang", afterEvents: events } };
}

/** Streams so many events, then waits for the promise before the rest. */
export function hold(events: number, until: Promise<unknown>, ...outputs: readonly Output[]): AnswerReply {
  return { type: "answer", outputs, ending: completed, delivery: { type: "hold", afterEvents: events, until } };
}

/** Ends with `response.incomplete`. */
export function incomplete(reason: "max_output_tokens" | "content_filter", ...outputs: readonly Output[]): AnswerReply {
  return { type: "answer", outputs, ending: { type: "incomplete", reason }, delivery: { type: "whole" } };
}

/** Ends with `response.failed`. */
export function failed(
  code: "server_error" | "rate_limit_exceeded" | "invalid_prompt",
  message: string,
  ...outputs: readonly Output[]
): AnswerReply {
  return { type: "answer", outputs, ending: { type: "failed", error: { code, message } }, delivery: { type: "whole" } };
}

/** The same answer, with the socket left open after its terminal event. */
export function leftOpen(reply: AnswerReply): AnswerReply {
  return { ...reply, delivery: { type: "hang", afterEvents: Number.POSITIVE_INFINITY } };
}

/** The events written another way: other line ends, a byte order mark, in pieces of so many bytes. */
export function encoded(
  encode: (text: string) => string,
  pieceBytes: number,
  ...outputs: readonly Output[]
): AnswerReply {
  return { type: "answer", outputs, ending: completed, delivery: { type: "encoded", encode, pieceBytes } };
}

/** An HTTP error with the body of an API error. */
export function fail(
  status: number,
  error: Partial<ApiError> = {},
  headers: Readonly<Record<string, string>> = {},
): RawReply {
  const body = {
    error: { message: `Scripted failure ${status}.`, type: "server_error", param: null, code: null, ...error },
  };
  return raw(status, { "content-type": "application/json", ...headers }, JSON.stringify(body));
}

/** Any status, headers and body. */
export function raw(
  status: number,
  headers: Readonly<Record<string, string>>,
  ...body: readonly (string | Uint8Array)[]
): RawReply {
  return { type: "raw", status, headers, body, end: "end" };
}

/** The socket is destroyed without a byte of an answer. */
export const dropped: RawReply = { ...raw(200, {}), end: "dropped" };

export interface ApiError {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

export function asReply(reply: Reply): AnswerReply | RawReply {
  if (isList(reply)) return { type: "answer", outputs: reply, ending: completed, delivery: { type: "whole" } };
  if (reply.type === "answer" || reply.type === "raw") return reply;
  return asReply([reply]);
}

function isList(reply: Reply): reply is readonly Output[] {
  return Array.isArray(reply);
}
