import type { HostTool } from "../../host/tools.ts";
import { truncate } from "./boundedText.ts";
import { CALL_TOOL } from "./callLateTool.ts";
import { contentOf, type Tool, type ToolSpec } from "./tool.ts";
import { parseObject } from "./toolArguments.ts";
import { tools } from "./tools.ts";

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const taken = new Set([CALL_TOOL, ...tools.map(({ name }) => name)]);

export interface UsableTools {
  /** Sorted by name, each name once. */
  readonly tools: readonly HostTool[];
  /** Names that cannot be used: not a name for a tool, or taken. */
  readonly refused: readonly string[];
}

/** The tools of a host that a model can be told of. */
export function usableTools(listed: readonly HostTool[]): UsableTools {
  const byName = new Map<string, HostTool>();
  const refused: string[] = [];
  for (const tool of listed) {
    if (!NAME.test(tool.name) || taken.has(tool.name) || byName.has(tool.name)) refused.push(tool.name);
    else byName.set(tool.name, tool);
  }
  return { tools: [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1)), refused };
}

export function hostToolSpec({ name, description, parameters }: HostTool): ToolSpec {
  return { type: "function", name, description, parameters, strict: false };
}

/** A host's tool as one of the agent's own. One that no other program brings only looks, so it has no effect to judge. */
export function asTool(tool: HostTool): Tool {
  const { name, server, description } = tool;
  return {
    name,
    spec: () => hostToolSpec(tool),
    async prepare(input, { itemId, signal }) {
      const args = parseObject(name, input);
      const item = {
        type: "dynamicToolCall",
        id: itemId,
        tool: name,
        arguments: args,
        title: name,
        status: "inProgress",
        contentItems: null,
        success: null,
      } as const;
      return {
        effect: server === undefined ? { kind: "none" } : { kind: "tool", server, name, description, args },
        item,
        async run() {
          const output = truncate(await tool.run(args, signal));
          return { output, item: { ...item, status: "completed", success: true, contentItems: contentOf(output) } };
        },
      };
    },
  };
}
