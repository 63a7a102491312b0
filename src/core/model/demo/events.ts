import type {
  Response,
  ResponseCreateParamsStreaming,
  ResponseError,
  ResponseOutputItem,
  ResponseStreamEvent,
  ResponseUsage,
} from "openai/resources/responses/responses";
import type { MessageOutput, Output, ReasoningOutput } from "./output.ts";

/** One answer of a scripted model: what it says, to which request, and how it ends. */
export interface Answer {
  /** Part of the ids of all its items and calls: unique in the thread. Letters, digits and underscores. */
  readonly id: string;
  readonly request: ResponseCreateParamsStreaming;
  readonly outputs: readonly Output[];
  readonly ending: Ending;
  readonly inputTokens: { readonly total: number; readonly cached: number };
  /** Unix seconds. */
  readonly createdAt: number;
}

export type Ending =
  | { readonly type: "completed" }
  | { readonly type: "incomplete"; readonly reason: "max_output_tokens" | "content_filter" }
  | { readonly type: "failed"; readonly error: Pick<ResponseError, "code" | "message"> };

type Unnumbered<E> = E extends unknown ? Omit<E, "sequence_number"> : never;
type Draft = Unnumbered<ResponseStreamEvent>;

/** The events of an answer, in the order and with the fields of a Responses API stream. */
export function answerEvents(answer: Answer): ResponseStreamEvent[] {
  const items = answer.outputs.map((_, index) => finishedItem(answer, index));
  const begun = response(answer, { status: "in_progress" });
  const drafts: Draft[] = [
    { type: "response.created", response: begun },
    { type: "response.in_progress", response: begun },
    ...items.flatMap((item, index) => itemEvents(item, index, deltasOf(answer.outputs[index]!))),
    terminalEvent(answer, items),
  ];
  return drafts.map((draft, sequence_number) => ({ ...draft, sequence_number }) as ResponseStreamEvent);
}

/** One event as it goes over the wire. */
export function encodeEvent(event: ResponseStreamEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** What stands for the encrypted reasoning of an item: opaque to a client, checkable by a server that issued the id. */
export function encryptedContent(itemId: string): string {
  return `gAAAA${btoa(itemId)}`;
}

function finishedItem(answer: Answer, index: number): ResponseOutputItem {
  const output = answer.outputs[index]!;
  const suffix = `${answer.id}_${index}`;
  switch (output.type) {
    case "reasoning":
      return reasoningItem(answer, output, `rs_${suffix}`);
    case "message":
      return messageItem(answer, output, index);
    case "call":
      return {
        id: `fc_${suffix}`,
        type: "function_call",
        status: "completed",
        arguments: output.arguments,
        call_id: output.callId ?? `call_${suffix}`,
        name: output.name,
      };
    case "customCall":
      return {
        id: `ctc_${suffix}`,
        type: "custom_tool_call",
        call_id: output.callId ?? `call_${suffix}`,
        input: output.input,
        name: output.name,
      };
  }
}

/** The summary is there only when the request asked for one, and the encrypted content only when it is included. */
function reasoningItem(answer: Answer, output: ReasoningOutput, id: string): ResponseOutputItem {
  const { reasoning, include } = answer.request;
  const summary = reasoning?.summary ? output.parts.map((text) => ({ type: "summary_text" as const, text })) : [];
  const encrypted = include?.includes("reasoning.encrypted_content");
  return { id, type: "reasoning", summary, ...(encrypted ? { encrypted_content: encryptedContent(id) } : {}) };
}

function messageItem(answer: Answer, output: MessageOutput, index: number): ResponseOutputItem {
  const callFollows = answer.outputs.slice(index + 1).some(({ type }) => type === "call" || type === "customCall");
  const cut = answer.ending.type === "incomplete" && index === answer.outputs.length - 1;
  return {
    id: `msg_${answer.id}_${index}`,
    type: "message",
    status: cut ? "incomplete" : "completed",
    content: [{ type: "output_text", annotations: [], logprobs: [], text: output.text }],
    phase: callFollows ? "commentary" : "final_answer",
    role: "assistant",
  };
}

function itemEvents(item: ResponseOutputItem, output_index: number, deltas: readonly string[]): Draft[] {
  const done: Draft = { type: "response.output_item.done", item, output_index };
  const added = (begun: ResponseOutputItem): Draft => ({
    type: "response.output_item.added",
    item: begun,
    output_index,
  });
  switch (item.type) {
    case "reasoning": {
      const parts = item.summary.flatMap(({ text }, index) => summaryEvents(item.id, { output_index, index, text }));
      return [added({ ...item, summary: [] }), ...parts, done];
    }
    case "message":
      return [added({ ...item, status: "in_progress", content: [] }), ...textEvents(item, output_index, deltas), done];
    case "function_call": {
      const place = { item_id: item.id!, output_index };
      return [
        added({ ...item, status: "in_progress", arguments: "" }),
        ...deltas.map((delta): Draft => ({ type: "response.function_call_arguments.delta", delta, ...place })),
        { type: "response.function_call_arguments.done", arguments: item.arguments, ...place },
        done,
      ];
    }
    case "custom_tool_call": {
      const place = { item_id: item.id!, output_index };
      return [
        added({ ...item, input: "" }),
        ...deltas.map((delta): Draft => ({ type: "response.custom_tool_call_input.delta", delta, ...place })),
        { type: "response.custom_tool_call_input.done", input: item.input, ...place },
        done,
      ];
    }
    default:
      return [added(item), done];
  }
}

function summaryEvents(
  item_id: string,
  { output_index, index, text }: { output_index: number; index: number; text: string },
): Draft[] {
  const place = { item_id, output_index, summary_index: index };
  return [
    { type: "response.reasoning_summary_part.added", part: { type: "summary_text", text: "" }, ...place },
    ...words(text).map((delta): Draft => ({ type: "response.reasoning_summary_text.delta", delta, ...place })),
    { type: "response.reasoning_summary_text.done", text, ...place },
    { type: "response.reasoning_summary_part.done", part: { type: "summary_text", text }, ...place },
  ];
}

function textEvents(
  item: Extract<ResponseOutputItem, { type: "message" }>,
  output_index: number,
  deltas: readonly string[],
): Draft[] {
  const place = { item_id: item.id, output_index, content_index: 0 };
  const part = { type: "output_text" as const, annotations: [], logprobs: [] };
  const text = deltas.join("");
  return [
    { type: "response.content_part.added", part: { ...part, text: "" }, ...place },
    ...deltas.map((delta): Draft => ({ type: "response.output_text.delta", delta, logprobs: [], ...place })),
    { type: "response.output_text.done", text, logprobs: [], ...place },
    { type: "response.content_part.done", part: { ...part, text }, ...place },
  ];
}

function terminalEvent(answer: Answer, output: ResponseOutputItem[]): Draft {
  const { ending } = answer;
  switch (ending.type) {
    case "completed":
      return {
        type: "response.completed",
        response: response(answer, { status: "completed", output, usage: usage(answer) }),
      };
    case "incomplete": {
      const incomplete_details = { reason: ending.reason };
      const ended = response(answer, { status: "incomplete", output, incomplete_details, usage: usage(answer) });
      return { type: "response.incomplete", response: ended };
    }
    case "failed": {
      const error = ending.error as ResponseError;
      return { type: "response.failed", response: response(answer, { status: "failed", output, error }) };
    }
  }
}

/** `output_text` is an addition of client libraries and not on the wire. */
function response(answer: Answer, state: Partial<Response>): Response {
  const { request } = answer;
  const fields: Omit<Response, "output_text" | "access_programs"> = {
    id: `resp_${answer.id}`,
    object: "response",
    created_at: answer.createdAt,
    background: false,
    error: null,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    model: request.model ?? "",
    output: [],
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: null,
    prompt_cache_key: request.prompt_cache_key ?? null,
    reasoning: request.reasoning ?? null,
    service_tier: "default",
    temperature: 1,
    text: { format: { type: "text" }, ...request.text },
    tool_choice: request.tool_choice ?? "auto",
    tools: request.tools ?? [],
    top_p: 1,
    truncation: "disabled",
    metadata: {},
    ...state,
  };
  return fields as Response;
}

/** Counted as four bytes a token. */
function usage(answer: Answer): ResponseUsage {
  const reasoning_tokens = tokens(answer.outputs.filter(({ type }) => type === "reasoning"));
  const output_tokens = tokens(answer.outputs);
  const { total, cached } = answer.inputTokens;
  return {
    input_tokens: total,
    input_tokens_details: { cached_tokens: cached, cache_write_tokens: 0 },
    output_tokens,
    output_tokens_details: { reasoning_tokens },
    total_tokens: total + output_tokens,
  };
}

function tokens(outputs: readonly Output[]): number {
  return Math.ceil(outputs.flatMap(deltasOf).join("").length / 4);
}

function deltasOf(output: Output): string[] {
  switch (output.type) {
    case "reasoning":
      return output.parts.flatMap(words);
    case "message":
      return words(output.text);
    case "call":
      return slices(output.arguments);
    case "customCall":
      return slices(output.input);
  }
}

/** Words with the white space before them; what follows the last word goes with it. */
function words(text: string): string[] {
  return text.match(/\s*\S+(\s+$)?|\s+$/g) ?? [];
}

/** Pieces of 16 characters, never cutting a surrogate pair. */
function slices(text: string): string[] {
  return text.match(/[\s\S]{1,16}/gu) ?? [];
}
