import type { JournalledInput, LoggedInput } from "../store/inputs.ts";
import { messageItem } from "./contextLog.ts";

const UNREADABLE = messageItem(
  "developer",
  "An earlier part of this thread was condensed for another model and cannot be read by you. Where it matters, look at the files, or ask the user.",
);

/** The old model's reasoning, which is encrypted for it; its effort, and its tools, which stand in the new head. */
const LEFT_OUT: ReadonlySet<unknown> = new Set(["reasoning", "configuration_update", "additional_tools"]);

/**
 * A context as another model can read it: without what was for the old one, and without the ids by which messages and calls would ask for
 * it; calls of custom tools become plain ones where the new model takes no custom tools.
 */
export function portableInputs(
  inputs: readonly LoggedInput[],
  { customTools }: { readonly customTools: boolean },
): LoggedInput[] {
  return inputs
    .filter(({ item }) => !LEFT_OUT.has(item.type))
    .map(({ item, layer }) => {
      if (item.type === "compaction") return { item: { ...UNREADABLE }, layer: "note" as const };
      const { id: _id, ...rest } = item as JournalledInput & { id?: unknown };
      return { item: customTools ? rest : asFunction(rest), layer };
    });
}

function asFunction(input: JournalledInput): JournalledInput {
  if (input.type === "custom_tool_call_output") return { ...input, type: "function_call_output" };
  if (input.type !== "custom_tool_call") return input;
  const { input: text, ...rest } = input as JournalledInput & { input?: unknown };
  return { ...rest, type: "function_call", arguments: JSON.stringify({ input: text }) } as JournalledInput;
}
