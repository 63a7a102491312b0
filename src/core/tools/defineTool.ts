import type * as z from "zod";
import type { ThreadItem } from "../../protocol/items.ts";
import { truncate } from "./boundedText.ts";
import type { Effect } from "./effect.ts";
import { type Allowance, type CallContext, contentOf, type Tool, type ToolOutput } from "./tool.ts";
import { parametersOf, parseArguments } from "./toolArguments.ts";

interface Definition<T extends z.ZodType> {
  readonly name: string;
  readonly description: string;
  readonly args: T;
  /** What a person reads of the call, in a few words. */
  title(args: z.output<T>): string;
  effect(args: z.output<T>, context: CallContext): Effect;
  /** Resolves with the output for the model, which is truncated when it is too long. An AgentError it throws is told to the model as the call's failure. */
  run(args: z.output<T>, context: CallContext, allowance: Allowance): Promise<ToolOutput>;
}

/** A tool with JSON arguments that surfaces show as one row with a title. */
export function defineTool<T extends z.ZodType>(definition: Definition<T>): Tool {
  const { name, description, args: schema } = definition;
  return {
    name,
    spec: () => ({ type: "function", name, description, parameters: parametersOf(schema), strict: false }),
    async prepare(input, context) {
      const args = parseArguments(name, schema, input);
      const item = {
        type: "dynamicToolCall",
        id: context.itemId,
        tool: name,
        arguments: args,
        title: definition.title(args),
        status: "inProgress",
        contentItems: null,
        success: null,
      } as const satisfies ThreadItem;
      return {
        effect: definition.effect(args, context),
        item,
        async run(allowance = {}) {
          const whole = await definition.run(args, context, allowance);
          const output = typeof whole === "string" ? truncate(whole) : whole;
          return { output, item: { ...item, status: "completed", success: true, contentItems: contentOf(output) } };
        },
      };
    },
  };
}
