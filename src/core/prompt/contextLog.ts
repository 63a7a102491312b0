import type { ResponseInputItem } from "openai/resources/responses/responses";
import { BYTES_PER_TOKEN, byteLength } from "../tools/bytes.ts";

/** What a picture costs, about, whatever its size in bytes: servers scale it down first. */
const PICTURE_TOKENS = 1500;

/**
 * The append-only list of what the model sees. A request is the frozen head, the items serialised once each, and "]}": so every request
 * continues the one before it byte for byte. No item is ever serialised, counted or copied as an object again.
 */
export class ContextLog {
  /** The request's JSON up to and including `"input":[`. */
  readonly head: string;
  #items = "";
  /** The server's count of what was there at the last `calibrate`. */
  #counted = 0;
  /** What came since, by its bytes. */
  #estimated: number;

  constructor(head: string) {
    this.head = head;
    this.#estimated = tokenEstimate(head);
  }

  /** Adds an item, serialised by the caller with `JSON.stringify`. */
  append(json: string): void {
    this.#items += this.#items === "" ? json : `,${json}`;
    this.#estimated += tokenEstimate(json);
  }

  /** The whole request body. */
  request(): string {
    return `${this.head}${this.#items}]}`;
  }

  /** The body of a request that goes on with these items, serialised, which do not become part of the log. */
  requestWith(...json: readonly string[]): string {
    return `${this.head}${[this.#items, ...json].filter((items) => items !== "").join(",")}]}`;
  }

  /**
   * Takes the server's count of all that is here now in place of the estimate: the input tokens of a request before its answer is
   * appended, or all of its tokens once it is.
   */
  calibrate(totalTokens: number): void {
    this.#counted = totalTokens;
    this.#estimated = 0;
  }

  /** About how many tokens the next request costs: what the server counted, and four bytes a token for what came since. */
  get estimatedTokens(): number {
    return this.#counted + Math.ceil(this.#estimated);
  }
}

/** How a picture begins in an item's JSON. It cannot stand inside a string there, where quotes are escaped. */
const PICTURE = '"image_url":"data:';

/** About what a part of a request costs, by the bytes of its JSON, except for pictures. Not rounded. */
export function tokenEstimate(json: string): number {
  let pictures = 0;
  let text = byteLength(json);
  for (let at = json.indexOf(PICTURE); at >= 0; at = json.indexOf(PICTURE, at + 1)) {
    const start = at + PICTURE.length;
    text -= json.indexOf('"', start) - start;
    pictures++;
  }
  return text / BYTES_PER_TOKEN + pictures * PICTURE_TOKENS;
}

/** What is frozen with a thread's first request. */
export interface RequestHead {
  readonly model: string;
  readonly instructions: string;
  readonly tools: readonly object[];
  readonly reasoning?: { readonly effort: string; readonly summary: "auto" } | undefined;
  readonly verbosity?: "low" | "medium" | "high" | undefined;
  /** The JSON Schema of the answers, serialised; any text will do without it. */
  readonly answerSchema?: string | undefined;
  /** The thread's id: what the server finds its cache by. */
  readonly cacheKey: string;
}

/** The request's JSON up to and including `"input":[`. Stateless: nothing is stored by the server. */
export function serializeHead(frozen: RequestHead): string {
  const { model, instructions, tools, reasoning, verbosity, answerSchema, cacheKey } = frozen;
  const format = answerSchema && {
    type: "json_schema",
    name: "answer",
    strict: true,
    schema: JSON.parse(answerSchema),
  };
  const text = { ...(verbosity ? { verbosity } : {}), ...(format ? { format } : {}) };
  const head = JSON.stringify({
    model,
    instructions,
    tools,
    tool_choice: "auto",
    parallel_tool_calls: true,
    ...(reasoning ? { reasoning, include: ["reasoning.encrypted_content"] } : {}),
    ...(verbosity || format ? { text } : {}),
    store: false,
    stream: true,
    prompt_cache_key: cacheKey,
  });
  return `${head.slice(0, -1)},"input":[`;
}

/** The JSON Schema that a head holds the answers to, serialised as it was given; undefined when it holds them to none. */
export function answerSchemaOf(head: string): string | undefined {
  const { text } = JSON.parse(`${head}]}`) as { text?: { format?: { schema?: object } } };
  return text?.format?.schema && JSON.stringify(text.format.schema);
}

/** A message of ours to the model. */
export function messageItem(role: "developer" | "user", text: string): ResponseInputItem {
  return { type: "message", role, content: [{ type: "input_text", text }] };
}
