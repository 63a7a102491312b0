import type { JournalledInput } from "../store/inputs.ts";

/**
 * A context as another model can read it. The old one's reasoning is encrypted for it, so that goes, and the ids by which messages and calls
 * would ask for it; calls of custom tools become plain ones where the new model takes no custom tools.
 */
export function portableInputs(
  inputs: readonly JournalledInput[],
  { customTools }: { readonly customTools: boolean },
): JournalledInput[] {
  return inputs
    .filter(({ type }) => type !== "reasoning")
    .map((input) => {
      const { id: _id, ...rest } = input as JournalledInput & { id?: unknown };
      return customTools ? rest : asFunction(rest);
    });
}

function asFunction(input: JournalledInput): JournalledInput {
  if (input.type === "custom_tool_call_output") return { ...input, type: "function_call_output" };
  if (input.type !== "custom_tool_call") return input;
  const { input: text, ...rest } = input as JournalledInput & { input?: unknown };
  return { ...rest, type: "function_call", arguments: JSON.stringify({ input: text }) } as JournalledInput;
}
