/** One thing that a scripted model says or does, before it is streamed as events. */
export type Output = ReasoningOutput | MessageOutput | CallOutput | CustomCallOutput | CompactionOutput;

export interface ReasoningOutput {
  readonly type: "reasoning";
  /** One text a summary part, in Markdown. */
  readonly parts: readonly string[];
}

export interface MessageOutput {
  readonly type: "message";
  readonly text: string;
}

export interface CallOutput {
  readonly type: "call";
  readonly name: string;
  /** JSON, or on purpose something else. */
  readonly arguments: string;
  /** Made from the answer's id when absent. */
  readonly callId?: string | undefined;
}

export interface CustomCallOutput {
  readonly type: "customCall";
  readonly name: string;
  readonly input: string;
  readonly callId?: string | undefined;
}

/** The context in a condensed form that only the server can read. */
export interface CompactionOutput {
  readonly type: "compaction";
}

export function reasoning(...parts: readonly string[]): ReasoningOutput {
  return { type: "reasoning", parts };
}

export function message(text: string): MessageOutput {
  return { type: "message", text };
}

/** A call of a function tool. Arguments given as a string are sent as they are, so that a test can send malformed ones. */
export function call(name: string, args: object | string, callId?: string): CallOutput {
  return { type: "call", name, arguments: typeof args === "string" ? args : JSON.stringify(args), callId };
}

/** A call of a custom tool, whose input is free text. */
export function customCall(name: string, input: string, callId?: string): CustomCallOutput {
  return { type: "customCall", name, input, callId };
}

export function compaction(): CompactionOutput {
  return { type: "compaction" };
}

export type StepStatus = "pending" | "in_progress" | "completed";

/** A call of `update_plan`. */
export function plan(...steps: readonly (readonly [step: string, status: StepStatus])[]): CallOutput {
  return call("update_plan", { plan: steps.map(([step, status]) => ({ step, status })) });
}
