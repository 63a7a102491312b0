import type { SentContext, SentEntry, SentLayer, SentLayerKind } from "../../protocol/sentContext.ts";
import { sentLayerKinds } from "../../protocol/sentContext.ts";
import { condensedAt, traitsOf } from "../model/models.ts";
import type { JournalRecord } from "../store/records.ts";
import { bodyOf, type SentRequest, sentRequest, type WhichRequest } from "../store/sentRequests.ts";
import { tokenEstimate } from "./contextLog.ts";
import { headParts, inputParts, type SentPart } from "./sentLayers.ts";

export interface SentContextQuery extends WhichRequest {
  /** This layer alone, whole. */
  readonly layer?: SentLayerKind | null | undefined;
  readonly includeBody?: boolean | undefined;
}

/**
 * What a request to the model held, from the records of its thread. `contextWindow` is the user's word for it. Reads and computes all of the
 * thread anew: nothing for the course of a turn. Rejects with `notFound`.
 */
export function readSentContext(
  records: readonly JournalRecord[],
  { layer, includeBody, ...which }: SentContextQuery,
  contextWindow: number | undefined,
): { context: SentContext; body: string | null } {
  const request = sentRequest(records, which);
  const parts = [...headParts(request.head), ...inputParts(request.inputs, request.turnId)];
  const traits = traitsOf(request.model, contextWindow);
  const counted = request.usage?.last.inputTokens;
  const layers = layersOf(parts, counted);
  const { turnId, number, count, sentAtMs, model, usage } = request;
  const context: SentContext = {
    turnId,
    number,
    count,
    sentAtMs,
    model,
    effort: effortOf(request),
    tokens: layers.reduce((sum, { tokens }) => sum + tokens, 0),
    tokensBy: counted === undefined ? "estimate" : "server",
    cachedTokens: usage?.last.cachedInputTokens ?? null,
    contextWindow: usage?.contextWindow ?? traits.contextWindow,
    condensedAtTokens: condensedAt(traits),
    layers: layer ? layers.filter(({ kind }) => kind === layer) : layers.map(cut),
  };
  return { context, body: includeBody ? bodyOf(request) : null };
}

/** The newest word on it: the head's, or what was said in mid-thread. */
function effortOf({ head, inputs }: SentRequest): string | null {
  interface Told {
    readonly type?: unknown;
    readonly reasoning?: { readonly effort?: unknown } | null;
  }
  const items = inputs.map(({ item }) => item as Told);
  const told = [JSON.parse(`${head}]}`) as Told, ...items.filter(({ type }) => type === "configuration_update")];
  const effort = told.findLast(({ reasoning }) => typeof reasoning?.effort === "string")?.reasoning?.effort;
  return typeof effort === "string" ? effort : null;
}

function layersOf(parts: readonly SentPart[], counted: number | undefined): SentLayer[] {
  const groups = Map.groupBy(parts, ({ kind }) => kind);
  const kinds = sentLayerKinds.filter((kind) => groups.has(kind));
  const estimates = kinds.map((kind) =>
    (groups.get(kind) ?? []).reduce((sum, part) => sum + tokenEstimate(part.json), 0),
  );
  const tokens = shares(estimates, counted ?? Math.ceil(estimates.reduce((sum, each) => sum + each, 0)));
  return kinds.map((kind, index) => {
    const own = groups.get(kind) ?? [];
    const entries = own.flatMap((part) => part.entries);
    return { kind, role: own[0]?.role ?? null, tokens: tokens[index] ?? 0, count: entries.length, entries };
  });
}

/** The total in whole parts, each as large as its weight has it, so that they are the total together. */
function shares(weights: readonly number[], total: number): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0) || 1;
  let upTo = 0;
  let given = 0;
  return weights.map((weight) => {
    upTo += weight;
    const share = Math.round((upTo / sum) * total) - given;
    given += share;
    return share;
  });
}

/** What an answer with all layers holds of each. */
const MAX_ENTRIES = 40;
const ENTRY_CHARS = 2_000;
const LAYER_CHARS = 8_000;

function cut(layer: SentLayer): SentLayer {
  let left = LAYER_CHARS;
  const entries: SentEntry[] = [];
  for (const entry of layer.entries.slice(0, MAX_ENTRIES)) {
    if (left <= 0) break;
    const text = beginning(entry.text, Math.min(ENTRY_CHARS, left));
    left -= text.length;
    entries.push({ ...entry, text });
  }
  return { ...layer, entries };
}

/** Never half of a surrogate pair. */
function beginning(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const last = text.charCodeAt(chars - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? chars - 1 : chars);
}
