import type { ResponseUsage } from "openai/resources/responses/responses";
import type { TokenCounts } from "../protocol/threads.ts";

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

export const NO_TOKENS: TokenCounts = {
  totalTokens: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningOutputTokens: 0,
};

export function addCounts(one: TokenCounts, other: TokenCounts): TokenCounts {
  return {
    totalTokens: one.totalTokens + other.totalTokens,
    inputTokens: one.inputTokens + other.inputTokens,
    cachedInputTokens: one.cachedInputTokens + other.cachedInputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    reasoningOutputTokens: one.reasoningOutputTokens + other.reasoningOutputTokens,
  };
}
