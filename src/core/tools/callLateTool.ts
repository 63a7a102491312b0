import * as z from "zod";
import type { Tool, ToolSpec } from "./tool.ts";
import { parametersOf, parseArguments } from "./toolArguments.ts";

export const CALL_TOOL = "call_tool";

const schema = z.object({
  name: z.string().min(1).describe("The tool's name, as it was announced."),
  arguments: z.record(z.string(), z.unknown()).default({}).describe("What the announced schema of the tool asks for."),
});

export const callLateToolSpec: ToolSpec = {
  type: "function",
  name: CALL_TOOL,
  description:
    "Calls a tool that was announced in the middle of this thread and is not among your own. A tool that is among your own is called directly.",
  parameters: parametersOf(schema),
  strict: false,
};

/** The one way to tools that came after a thread's first request, for models whose list of tools cannot grow. `find` throws when there is none. */
export function callLateTool(find: (name: string) => Tool): Tool {
  return {
    name: CALL_TOOL,
    spec: () => callLateToolSpec,
    async prepare(input, context) {
      const { name, arguments: args } = parseArguments(CALL_TOOL, schema, input);
      return find(name).prepare(JSON.stringify(args), context);
    },
  };
}
