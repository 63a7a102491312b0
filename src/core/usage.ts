import type { ResponseUsage } from "openai/resources/responses/responses";
import type { TokenCounts, TokenUsage } from "../protocol/threads.ts";

/** The server's count of one request. */
export function countsOf(usage: ResponseUsage): TokenCounts {
  return {
    totalTokens: usage.total_tokens,
    inputTokens: usage.input_tokens,
    cachedInputTokens: usage.input_tokens_details?.cached_tokens ?? 0,
    outputTokens: usage.output_tokens,
    reasoningOutputTokens: usage.output_tokens_details?.reasoning_tokens ?? 0,
  };
}

/** The thread's usage after one more request. */
export function addUsage(before: TokenUsage | undefined, last: TokenCounts, modelContextWindow: number): TokenUsage {
  const sum = before?.total;
  const total = sum
    ? {
        totalTokens: sum.totalTokens + last.totalTokens,
        inputTokens: sum.inputTokens + last.inputTokens,
        cachedInputTokens: sum.cachedInputTokens + last.cachedInputTokens,
        outputTokens: sum.outputTokens + last.outputTokens,
        reasoningOutputTokens: sum.reasoningOutputTokens + last.reasoningOutputTokens,
      }
    : last;
  return { total, last, modelContextWindow };
}
