import type { ItemOf, ThreadItem } from "../protocol/items.ts";

type Progress = "in_progress" | "completed" | "failed";

/** The items of `exec --json`, as programs that drive a coding agent know them. */
export type ExecItem =
  | { readonly type: "agent_message" | "reasoning"; readonly text: string }
  | {
      readonly type: "command_execution";
      readonly command: string;
      readonly aggregated_output: string;
      readonly exit_code: number | null;
      readonly status: Progress | "declined";
    }
  | {
      readonly type: "file_change";
      readonly changes: readonly { readonly path: string; readonly kind: "add" | "delete" | "update" }[];
      readonly status: Progress;
    }
  | {
      readonly type: "mcp_tool_call";
      readonly server: string;
      readonly tool: string;
      readonly arguments: unknown;
      readonly result: { readonly content: readonly object[]; readonly structured_content: null } | null;
      readonly error: { readonly message: string } | null;
      readonly status: Progress;
    }
  | {
      readonly type: "todo_list";
      readonly items: readonly { readonly text: string; readonly completed: boolean }[];
    }
  | { readonly type: "error"; readonly message: string };

/** The server that the agent's own tools are shown under. */
const OWN_TOOLS = "patchwright";

/** How an item of a thread shows in `exec --json`; undefined for one that does not. */
export function execItem(item: ThreadItem): ExecItem | undefined {
  switch (item.type) {
    case "agentMessage":
      return item.text === "" && item.completedAtMs ? undefined : { type: "agent_message", text: item.text };
    case "reasoning":
      return reasoningItem(item);
    case "commandExecution":
      return {
        type: "command_execution",
        command: item.command,
        aggregated_output: item.aggregatedOutput ?? "",
        exit_code: item.exitCode ?? null,
        status: item.status === "inProgress" ? "in_progress" : item.status,
      };
    case "fileChange":
      return {
        type: "file_change",
        changes: item.changes.map(({ path, kind }) => ({ path, kind: kind.type })),
        status: item.status === "declined" ? "failed" : progressOf(item.status),
      };
    case "dynamicToolCall":
      return toolItem(item);
    case "imageView":
      return ownCall("view_image", { path: item.path }, item.completedAtMs ? "completed" : "in_progress");
    default:
      return undefined;
  }
}

function reasoningItem({ summary, content, completedAtMs }: ItemOf<"reasoning">): ExecItem | undefined {
  const text = (summary.length > 0 ? summary : content).join("\n\n");
  return text.trim() === "" && completedAtMs ? undefined : { type: "reasoning", text };
}

function toolItem({ tool, arguments: args, contentItems, status }: ItemOf<"dynamicToolCall">): ExecItem {
  const texts = (contentItems ?? []).flatMap((part) => (part.type === "inputText" ? [part.text] : []));
  const call = ownCall(tool, args, progressOf(status));
  if (status === "completed")
    return { ...call, result: { content: texts.map((text) => ({ type: "text", text })), structured_content: null } };
  return status === "failed" ? { ...call, error: { message: texts.join("\n") } } : call;
}

function ownCall(tool: string, args: unknown, status: Progress) {
  return {
    type: "mcp_tool_call",
    server: OWN_TOOLS,
    tool,
    arguments: args,
    result: null,
    error: null,
    status,
  } as const satisfies ExecItem;
}

function progressOf(status: "inProgress" | "completed" | "failed"): Progress {
  return status === "inProgress" ? "in_progress" : status;
}
