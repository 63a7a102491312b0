import type { ResponseError, ResponseOutputItem, ResponseStreamEvent } from "openai/resources/responses/responses";
import type { Answer } from "./answer.ts";
import { finishedItem } from "./items.ts";
import { deltasOf, words } from "./pieces.ts";
import { responseOf, usageOf } from "./response.ts";

type Unnumbered<E> = E extends unknown ? Omit<E, "sequence_number"> : never;
type Draft = Unnumbered<ResponseStreamEvent>;

/** The events of an answer, in the order and with the fields of a Responses API stream. Nothing is reasoned unless the request asks for it. */
export function answerEvents(whole: Answer): ResponseStreamEvent[] {
  const outputs = whole.outputs.filter(({ type }) => type !== "reasoning" || whole.request.reasoning);
  const answer = { ...whole, outputs };
  const items = answer.outputs.map((_, index) => finishedItem(answer, index));
  const begun = responseOf(answer, { status: "in_progress" });
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
        response: responseOf(answer, { status: "completed", output, usage: usageOf(answer) }),
      };
    case "incomplete": {
      const incomplete_details = { reason: ending.reason };
      const ended = responseOf(answer, { status: "incomplete", output, incomplete_details, usage: usageOf(answer) });
      return { type: "response.incomplete", response: ended };
    }
    case "failed": {
      const error = ending.error as ResponseError;
      return { type: "response.failed", response: responseOf(answer, { status: "failed", output, error }) };
    }
  }
}
