import type { ServerNotification } from "../protocol/methods.ts";
import type { PlanStep, TokenCounts, Turn } from "../protocol/threads.ts";
import { type ExecItem, execItem } from "./execItems.ts";

/** One line of `exec --json`. */
export type ExecEvent =
  | { readonly type: "thread.started"; readonly thread_id: string }
  | { readonly type: "turn.started" }
  | { readonly type: "item.started" | "item.updated" | "item.completed"; readonly item: NumberedItem }
  | { readonly type: "turn.completed"; readonly usage: ExecUsage }
  | { readonly type: "turn.failed"; readonly error: { readonly message: string } }
  | { readonly type: "error"; readonly message: string };

export type NumberedItem = { readonly id: string } & ExecItem;

/** Tokens of the turn, over all its requests. */
export interface ExecUsage {
  input_tokens: number;
  cached_input_tokens: number;
  output_tokens: number;
  reasoning_output_tokens: number;
}

/** Turns what the server tells of one thread into the events of `exec`. An item that was started is completed before the turn ends. */
export class ExecEvents {
  readonly #emit: (event: ExecEvent) => void;
  readonly #ids = new Map<string, string>();
  #todo: { readonly id: string; item: ExecItem } | undefined;
  #nextId = 0;
  /** What a resumed thread used before its turn does not count. */
  #inTurn = false;
  readonly #usage: ExecUsage = {
    input_tokens: 0,
    cached_input_tokens: 0,
    output_tokens: 0,
    reasoning_output_tokens: 0,
  };

  constructor(emit: (event: ExecEvent) => void) {
    this.#emit = emit;
  }

  threadStarted(threadId: string): void {
    this.#emit({ type: "thread.started", thread_id: threadId });
  }

  hear({ method, params }: ServerNotification): void {
    switch (method) {
      case "turn/started":
        this.#inTurn = true;
        this.#emit({ type: "turn.started" });
        break;
      case "item/started":
        this.#item("item.started", params.item.id, execItem(params.item));
        break;
      case "item/completed":
        this.#item("item.completed", params.item.id, execItem(params.item));
        break;
      case "turn/plan/updated":
        this.#plan(params.plan);
        break;
      case "thread/tokenUsage/updated":
        if (this.#inTurn) this.#count(params.tokenUsage.last);
        break;
      case "error":
        if (params.willRetry) this.#emit({ type: "error", message: retryMessage(params) });
        break;
      case "warning":
        this.note(params.message);
        break;
      default:
    }
  }

  /** Something that the user should know and that does not end the turn. */
  note(message: string): void {
    const item = { id: this.#newId(), type: "error", message } as const;
    this.#emit({ type: "item.completed", item });
  }

  turnEnded({ status, error }: Turn): void {
    if (status === "completed") {
      this.#endPlan();
      this.#emit({ type: "turn.completed", usage: this.#usage });
    } else this.failed(error?.message ?? "The turn was stopped.");
  }

  failed(message: string): void {
    this.#endPlan();
    this.#emit({ type: "turn.failed", error: { message } });
  }

  #item(type: "item.started" | "item.completed", id: string, item: ExecItem | undefined): void {
    if (!item) return;
    const known = this.#ids.get(id) ?? this.#newId();
    this.#ids.set(id, known);
    if (type === "item.completed" || hasBeginning(item)) this.#emit({ type, item: { id: known, ...item } });
  }

  #plan(plan: readonly PlanStep[]): void {
    const items = plan.map(({ step, status }) => ({ text: step, completed: status === "completed" }));
    const item: ExecItem = { type: "todo_list", items };
    const type = this.#todo ? "item.updated" : "item.started";
    this.#todo = { id: this.#todo?.id ?? this.#newId(), item };
    this.#emit({ type, item: { id: this.#todo.id, ...item } });
  }

  #endPlan(): void {
    if (this.#todo) this.#emit({ type: "item.completed", item: { id: this.#todo.id, ...this.#todo.item } });
    this.#todo = undefined;
  }

  #count({ inputTokens, cachedInputTokens, outputTokens, reasoningOutputTokens }: TokenCounts): void {
    this.#usage.input_tokens += inputTokens;
    this.#usage.cached_input_tokens += cachedInputTokens;
    this.#usage.output_tokens += outputTokens;
    this.#usage.reasoning_output_tokens += reasoningOutputTokens;
  }

  #newId(): string {
    return `item_${this.#nextId++}`;
  }
}

/** Texts come whole; everything else begins before it ends. */
function hasBeginning({ type }: ExecItem): boolean {
  return type !== "agent_message" && type !== "reasoning";
}

function retryMessage(params: Extract<ServerNotification, { method: "error" }>["params"]): string {
  const { error, attempt, maxAttempts, retryInMs = 0 } = params;
  const count = attempt === undefined ? "" : ` (attempt ${attempt} of ${maxAttempts})`;
  return `${error.message} Trying again in ${(retryInMs / 1000).toFixed(1)} s${count}.`;
}
