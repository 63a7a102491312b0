import type { JournalRecord, Layer } from "./records.ts";

/** An item of the model's context, as far as the thread looks into it. */
export interface JournalledInput {
  readonly type?: unknown;
  readonly role?: unknown;
  readonly call_id?: unknown;
  readonly content?: unknown;
}

/** An item of the context with what it is. */
export interface LoggedInput {
  readonly item: JournalledInput;
  readonly layer?: Layer | undefined;
  /** The turn that a message of the user began or steered, as long as no cut has come since. */
  readonly turnId?: string | undefined;
}

type HeadRecord = Extract<JournalRecord, { type: "head" }>;
export type InputRecord = Extract<JournalRecord, { type: "input" }>;
type HistoryRecord = Extract<JournalRecord, { type: "history" }>;

/** A call that has no output yet. */
export interface OpenCall {
  readonly kind: "function" | "custom";
  readonly callId: string;
}

/**
 * The model's context: what was appended since the last cut, after what the cut left. What the server would refuse because a line beside it
 * is lost (a torn answer, a damaged journal) is left out: it never was part of a request, or the request can not be continued anyway.
 */
export function inputsOf(records: readonly JournalRecord[]): LoggedInput[] {
  let inputs: LoggedInput[] = [];
  for (const record of records) {
    if (record.type === "history") inputs = [...record.inputs];
    else if (record.type === "input") inputs.push({ item: record.item, layer: record.layer, turnId: record.turnId });
  }
  return wellFormed(inputs);
}

/** The line that adds an input to the context. */
export function inputRecord({ item, layer }: LoggedInput): InputRecord {
  return { type: "input", item: { ...item }, ...(layer ? { layer } : {}) };
}

/** The line that replaces the context by these. */
export function historyRecord(inputs: readonly LoggedInput[]): HistoryRecord {
  return { type: "history", inputs: inputs.map(({ item, layer }) => ({ item: { ...item }, layer })) };
}

/**
 * The head of the requests as they stand; undefined when none was made. One in place of an earlier one comes with the context that is for it:
 * without that, since the write was torn, the earlier one still holds.
 */
export function headOf(records: readonly JournalRecord[]): HeadRecord | undefined {
  let head: HeadRecord | undefined;
  for (const [at, record] of records.entries()) {
    if (record.type === "head" && (!head || records[at + 1]?.type === "history")) head = record;
  }
  return head;
}

/** The inputs that a server takes together: without outputs of calls, calls and reasoning that lack what belongs to them. */
export function wellFormed(inputs: readonly LoggedInput[]): LoggedInput[] {
  return withoutLooseReasoning(withoutLooseCalls(inputs));
}

/** Keeps the calls without an output, in order; tell it of every item that is appended. */
export function trackCalls(open: Map<string, OpenCall>, { type, call_id: callId }: JournalledInput): void {
  if (typeof callId !== "string") return;
  if (isCall(type)) open.set(callId, { kind: type === "custom_tool_call" ? "custom" : "function", callId });
  else open.delete(callId);
}

/** True for what only a model says: after reasoning there must be some of it. */
export function isAnswer({ type, role }: JournalledInput): boolean {
  return type === "reasoning" || isCall(type) || role === "assistant" || (!role && !isOutput(type) && !isOurs(type));
}

function withoutLooseCalls(inputs: readonly LoggedInput[]): LoggedInput[] {
  const open = new Map<string, OpenCall>();
  const called = new Set<unknown>();
  return inputs.filter(({ item }) => {
    const { type, call_id: callId } = item;
    if (isCall(type) && called.has(callId)) return false;
    if (isOutput(type) && !open.has(String(callId))) return false;
    if (isCall(type)) called.add(callId);
    trackCalls(open, item);
    return true;
  });
}

function withoutLooseReasoning(inputs: readonly LoggedInput[]): LoggedInput[] {
  const kept: LoggedInput[] = [];
  for (const input of inputs.toReversed()) {
    const next = kept.at(-1);
    if (input.item.type !== "reasoning" || (next && isAnswer(next.item))) kept.push(input);
  }
  return kept.reverse();
}

function isCall(type: unknown): boolean {
  return type === "function_call" || type === "custom_tool_call";
}

function isOutput(type: unknown): boolean {
  return type === "function_call_output" || type === "custom_tool_call_output";
}

/** What the agent says beside messages and outputs. */
function isOurs(type: unknown): boolean {
  return type === "configuration_update" || type === "additional_tools";
}
