import type { ResponseInputItem } from "openai/resources/responses/responses";
import { BYTES_PER_TOKEN, byteLength } from "../tools/bytes.ts";

/**
 * The append-only list of what the model sees. A request is the frozen head, the items serialised once each, and "]}": so every request
 * continues the one before it byte for byte. No item is ever serialised, counted or copied as an object again.
 */
export class ContextLog {
  readonly #head: string;
  #items = "";
  #bytes: number;

  /** `head` is the request's JSON up to and including `"input":[`. */
  constructor(head: string) {
    this.#head = head;
    this.#bytes = byteLength(head);
  }

  /** Adds an item, serialised by the caller with `JSON.stringify`. */
  append(json: string): void {
    this.#items += this.#items === "" ? json : `,${json}`;
    this.#bytes += byteLength(json);
  }

  /** The whole request body. */
  request(): string {
    return `${this.#head}${this.#items}]}`;
  }

  /** About how many tokens a request costs, by its bytes. */
  get estimatedTokens(): number {
    return Math.ceil(this.#bytes / BYTES_PER_TOKEN);
  }
}

/** What is frozen with a thread's first request. */
export interface RequestHead {
  readonly model: string;
  readonly instructions: string;
  readonly tools: readonly object[];
  readonly reasoning?: { readonly effort: string; readonly summary: "auto" } | undefined;
  readonly text?: { readonly verbosity: "low" | "medium" | "high" } | undefined;
  /** The thread's id: what the server finds its cache by. */
  readonly cacheKey: string;
}

/** The request's JSON up to and including `"input":[`. Stateless: nothing is stored by the server. */
export function serializeHead({ model, instructions, tools, reasoning, text, cacheKey }: RequestHead): string {
  const head = JSON.stringify({
    model,
    instructions,
    tools,
    tool_choice: "auto",
    parallel_tool_calls: true,
    ...(reasoning ? { reasoning, include: ["reasoning.encrypted_content"] } : {}),
    ...(text ? { text } : {}),
    store: false,
    stream: true,
    prompt_cache_key: cacheKey,
  });
  return `${head.slice(0, -1)},"input":[`;
}

/** A message of ours to the model. */
export function messageItem(role: "developer" | "user", text: string): ResponseInputItem {
  return { type: "message", role, content: [{ type: "input_text", text }] };
}
