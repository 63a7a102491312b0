import type { ResponseCreateParamsStreaming } from "openai/resources/responses/responses";
import { call, customCall, message, type Output } from "./output.ts";
import type { Stop } from "./toolOutputs.ts";

/**
 * What the demo does in one turn. Each yielded answer has calls, and is resumed with their outputs, in order; the returned answer has none
 * and ends the turn. A script does nothing but that, so it can be played again from its beginning at any time.
 */
export type Script = Scene<readonly Output[]>;

/** A part of a script, which finds something out or does something. */
export type Scene<T> = Generator<readonly Output[], T, readonly string[]>;

/** What a script may ask of the thread it plays in. */
export interface Stage {
  patch(text: string): Output;
}

/** The answer that follows the outputs which the turn has so far. */
export function play(script: Script, outputs: readonly string[]): readonly Output[] {
  let taken = 0;
  let step = script.next();
  while (!step.done) {
    const calls = step.value.filter(isCall).length;
    if (taken + calls > outputs.length) break;
    step = script.next(outputs.slice(taken, taken + calls));
    taken += calls;
  }
  return step.value;
}

function isCall({ type }: Output): boolean {
  return type === "call" || type === "customCall";
}

export function say(text: string): readonly Output[] {
  return [message(text)];
}

export function sayStop({ stop }: Stop): readonly Output[] {
  return say(stop);
}

/** `apply_patch` in the form in which the request offers it. */
export function stageOf({ tools = [] }: Pick<ResponseCreateParamsStreaming, "tools">): Stage {
  const takesText = tools.some((tool) => tool.type === "custom" && tool.name === "apply_patch");
  return {
    patch: (text) => (takesText ? customCall("apply_patch", text) : call("apply_patch", { input: text })),
  };
}
