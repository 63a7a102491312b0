import type { JournalledInput } from "../store/inputs.ts";

/** The old model's reasoning, which is encrypted for it; its effort, and its tools, which stand in the new head. */
const LEFT_OUT: ReadonlySet<unknown> = new Set(["reasoning", "configuration_update", "additional_tools"]);

/**
 * A context as another model can read it: without what was for the old one, and without the ids by which messages and calls would ask for it; calls of custom tools become plain ones where the new model takes no custom tools.
 */
export function portableInputs(
  inputs: readonly JournalledInput[],
  { customTools }: { readonly customTools: boolean },
): JournalledInput[] {
  return inputs
    .filter(({ type }) => !LEFT_OUT.has(type))
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
