import type { ResponseStreamEvent } from "openai/resources/responses/responses";

/** Where the model is and how to reach it. Read anew for every request, so that a changed key takes hold at once. */
export interface Provider {
  /** Shown to the user and kept with the thread, such as "openai" or "demo". */
  readonly name: string;
  /** Such as "https://api.openai.com/v1". */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  /** Where the user sets a key, as the end of a sentence; the editor's way when absent. */
  readonly keyAdvice?: string | undefined;
  /** Answers requests in place of the network; the demo model is one. */
  readonly fetch?: typeof fetch | undefined;
}

/** The one way to a model. A call is one attempt: retries belong to the caller, who owns the turn's budget. */
export interface ModelClient {
  /**
   * Sends the serialised request body and yields the events of the answer as they come, in order, up to and including the terminal one
   * (`response.completed`); it ends then, also when the socket stays open.
   * Throws AgentError: `unauthorized`, `badRequest`, `modelNotFound`, `contextWindowExceeded`, `quotaExceeded`, `rateLimited`,
   * `serverFailed`, `connectionFailed` (also a stream that ends without a terminal event), `timeout` (no event for the idle time), `aborted`,
   * `tooLarge` (the answer reached its greatest length). Events of types that are not in the union pass as well; a reader skips them.
   */
  stream(body: string, signal: AbortSignal): AsyncIterable<ResponseStreamEvent>;
  /** Ids of the models that the server lists, in its order. Throws like `stream`. */
  listModels(signal: AbortSignal): Promise<readonly string[]>;
}
