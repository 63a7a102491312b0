import type { ToolOutput } from "./tool.ts";

/** What an output says of a call that was stopped. */
export const ABORTED = "Aborted by the user before it ended.";
/** And of one that had not begun by then. */
export const NOT_BEGUN = "Not run: the user stopped the turn before it began.";

/** What the output says of a call whose end was never seen, for whatever reason. */
const CUT_OFF = "Cut off: there is no output, and the call may have done part of its work.";

interface AnsweredCall {
  readonly kind: "function" | "custom";
  readonly callId: string;
}

/** A call's output as the model gets it. */
export function outputItem({ kind, callId }: AnsweredCall, output: ToolOutput): object {
  const type = kind === "custom" ? "custom_tool_call_output" : "function_call_output";
  return { type, call_id: callId, output };
}

/** The output of a call that will get no other. */
export function cutOffOutput(call: AnsweredCall): object {
  return outputItem(call, CUT_OFF);
}
