import type { ResponseInputItem } from "openai/resources/responses/responses";

export const hello: ResponseInputItem = { role: "user", content: "Hello" };

export interface RequestChanges {
  readonly input?: unknown;
  readonly [member: string]: unknown;
}

/** A right request as the bytes that are sent, with the list of inputs last; `changes` may make it wrong. */
export function requestBody(changes: RequestChanges = {}): string {
  const { input = [hello], ...others } = changes;
  const settings = { model: "gpt-6.1-sol", stream: true, store: false, include: ["reasoning.encrypted_content"] };
  return JSON.stringify({ ...settings, prompt_cache_key: "thread-1", ...others, input });
}
