import type { Response, ResponseUsage } from "openai/resources/responses/responses";
import type { Answer } from "./answer.ts";
import type { Output } from "./output.ts";
import { deltasOf } from "./pieces.ts";

/** The response as its events carry it, in this state. `output_text` is an addition of client libraries and not on the wire. */
export function responseOf(answer: Answer, state: Partial<Response>): Response {
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
export function usageOf(answer: Answer): ResponseUsage {
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
