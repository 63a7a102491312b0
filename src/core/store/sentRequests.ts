import { AgentError } from "../../protocol/errors.ts";
import type { TokenCounts } from "../../protocol/threads.ts";
import { withCacheKey } from "./fork.ts";
import { inputsOf, type LoggedInput } from "./inputs.ts";
import type { JournalRecord } from "./records.ts";

/** A request to the model as the journal has it. */
export interface SentRequest {
  readonly turnId: string;
  /** Counting from 1, over all requests of the thread. */
  readonly number: number;
  readonly count: number;
  readonly sentAtMs: number;
  readonly model: string;
  /** The JSON up to and including `"input":[`. */
  readonly head: string;
  readonly inputs: readonly LoggedInput[];
  /** The server's count; undefined when there is none, as for a request that was stopped or is still being answered. */
  readonly usage: { readonly last: TokenCounts; readonly contextWindow: number | undefined } | undefined;
}

/** Which request: by its number, the first that held a message of the user, a turn's first one, or the newest. */
export interface WhichRequest {
  readonly number?: number | null | undefined;
  readonly itemId?: string | null | undefined;
  readonly turnId?: string | null | undefined;
}

/** The request, rebuilt from the records of its thread. Rejects with `notFound`. */
export function sentRequest(records: readonly JournalRecord[], which: WhichRequest): SentRequest {
  const places = records.flatMap(({ type }, at) => (type === "request" ? [at] : []));
  const at = placeOf(records, places, which);
  const sent = at === undefined ? undefined : records[at];
  const before = records.slice(0, at);
  const head = before.findLast((record) => record.type === "head");
  if (at === undefined || sent?.type !== "request" || !head) throw new AgentError("notFound", missing(which));
  return {
    turnId: sent.turnId,
    number: places.indexOf(at) + 1,
    count: places.length,
    sentAtMs: sent.sentAtMs,
    model: head.model,
    head: sent.cacheKey === undefined ? head.head : withCacheKey(head.head, sent.cacheKey),
    inputs: inputsOf(before),
    usage: usageOf(records.slice(at + 1)),
  };
}

/** The request's body, to the byte. */
export function bodyOf({ head, inputs }: SentRequest): string {
  return `${head}${inputs.map(({ item }) => JSON.stringify(item)).join(",")}]}`;
}

function placeOf(
  records: readonly JournalRecord[],
  places: readonly number[],
  { number, itemId, turnId }: WhichRequest,
): number | undefined {
  if (number != null) return places[number - 1];
  if (itemId != null) return places.find((at) => at > placeOfItem(records, itemId));
  if (turnId == null) return places.at(-1);
  return places.find((at) => (records[at] as { turnId?: string }).turnId === turnId);
}

/** A message is kept before the request that brings it. After all records when there is none. */
function placeOfItem(records: readonly JournalRecord[], itemId: string): number {
  const at = records.findIndex((record) => record.type === "item" && record.item.id === itemId);
  return at < 0 ? records.length : at;
}

function missing({ number, itemId, turnId }: WhichRequest): string {
  if (number != null) return "This thread has no request of that number any more. Look at the newest one.";
  if (itemId != null || turnId != null)
    return "Nothing has been sent to the model for this message, or it is not known any more.";
  return "Nothing has been sent to the model in this thread yet.";
}

/** A count that comes after another request or a cut is not of this one. */
function usageOf(later: readonly JournalRecord[]): SentRequest["usage"] {
  const next = later.find(
    ({ type }) => type === "usage" || type === "request" || type === "head" || type === "history",
  );
  if (next?.type !== "usage") return undefined;
  return { last: next.usage.last, contextWindow: next.usage.modelContextWindow ?? undefined };
}
