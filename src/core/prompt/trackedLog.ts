import { type LoggedInput, type OpenCall, trackCalls } from "../store/inputs.ts";
import { ContextLog } from "./contextLog.ts";

/** A request's JSON up to its inputs, and the model that it is for. */
export interface ModelHead {
  readonly head: string;
  readonly model: string;
}

/** The context log that one model goes on with, and what the thread must know of the items in it. */
export class TrackedLog {
  readonly model: string;
  readonly #log: ContextLog;
  readonly #messages: LoggedInput[] = [];
  readonly #openCalls = new Map<string, OpenCall>();
  #isSealed = false;
  #endsWithUpdate = false;

  constructor({ head, model }: ModelHead, inputs: readonly LoggedInput[]) {
    this.model = model;
    this.#log = new ContextLog(head);
    this.append(inputs);
  }

  append(inputs: readonly LoggedInput[]): void {
    for (const input of inputs) this.#append(input);
  }

  get head(): string {
    return this.#log.head;
  }

  /** Messages of the user that are in it. */
  get messages(): readonly LoggedInput[] {
    return this.#messages;
  }

  /** Those that have no output yet, in order. */
  get openCalls(): OpenCall[] {
    return [...this.#openCalls.values()];
  }

  /** True when a part of it is condensed in a form that only its model can read. */
  get isSealed(): boolean {
    return this.#isSealed;
  }

  /** True while nothing follows a change of effort: the server refuses two of them side by side. */
  get endsWithUpdate(): boolean {
    return this.#endsWithUpdate;
  }

  /** About how many tokens the next request has. */
  get tokens(): number {
    return this.#log.estimatedTokens;
  }

  /** Takes the server's count of all that is here now. */
  calibrate(tokens: number): void {
    this.#log.calibrate(tokens);
  }

  /** The whole request body. */
  request(): string {
    return this.#log.request();
  }

  /** The body of a request that goes on with these items, which do not become part of the log. */
  requestWith(items: readonly object[]): string {
    return this.#log.requestWith(...items.map((item) => JSON.stringify(item)));
  }

  #append({ item, layer }: LoggedInput): void {
    this.#log.append(JSON.stringify(item));
    trackCalls(this.#openCalls, item);
    this.#endsWithUpdate = item.type === "configuration_update";
    if (item.type === "compaction") this.#isSealed = true;
    if (layer === "userMessage") this.#messages.push({ item, layer });
  }
}
