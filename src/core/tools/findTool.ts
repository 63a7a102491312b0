import type { HostTool } from "../../host/tools.ts";
import { AgentError } from "../../protocol/errors.ts";
import { CALL_TOOL, callLateTool } from "./callLateTool.ts";
import { asTool, usableTools } from "./hostTools.ts";
import type { Tool } from "./tool.ts";
import { tools } from "./tools.ts";

const own = new Map(tools.map((tool) => [tool.name, tool]));

export interface ToolsAtHand {
  /** The host's tools at this moment. */
  readonly listed: readonly HostTool[];
  /** Whether the model was ever told of a tool with this name. */
  wasTold(name: string): boolean;
}

/** The tool that a call names. Throws `notFound`, in words for the model, when there is none or it went away. */
export function findTool(name: string, at: ToolsAtHand): Tool {
  const found = own.get(name);
  if (found) return found;
  const brought = usableTools(at.listed).tools;
  if (name === CALL_TOOL) return callLateTool((late) => findBrought(late, brought, at));
  return findBrought(name, brought, at);
}

function findBrought(name: string, brought: readonly HostTool[], { wasTold }: ToolsAtHand): Tool {
  const tool = brought.find((one) => one.name === name);
  if (tool) return asTool(tool);
  if (wasTold(name)) {
    throw new AgentError(
      "notFound",
      `The tool ${name} has gone away and was not called. Go on without it, or say what you need it for.`,
    );
  }
  const names = [...own.keys(), ...brought.map((one) => one.name)].join(", ");
  throw new AgentError("notFound", `There is no tool named ${name}. The tools are: ${names}.`);
}
