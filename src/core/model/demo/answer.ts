import type { ResponseCreateParamsStreaming, ResponseError } from "openai/resources/responses/responses";
import type { Output } from "./output.ts";

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
