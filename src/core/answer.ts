import type { ResponseOutputItem, ResponseUsage } from "openai/resources/responses/responses";

/** A call that the model made: its input is JSON text for a function, free text for a custom tool. */
export interface ModelCall {
  readonly kind: "function" | "custom";
  readonly callId: string;
  readonly name: string;
  readonly input: string;
}

/** A complete answer of the model. */
export interface ModelAnswer {
  /** For the context: each to be serialised once and sent back as it is. */
  readonly inputs: readonly object[];
  readonly calls: readonly ModelCall[];
  readonly usage: ResponseUsage | undefined;
}

/** The answer that these output items make, in order; a call that is there twice counts once. */
export function answerOf(items: readonly ResponseOutputItem[], usage: ResponseUsage | undefined): ModelAnswer {
  const calls = new Map<string, ModelCall>();
  const inputs: object[] = [];
  for (const item of items) {
    const call = callOf(item);
    if (call && calls.has(call.callId)) continue;
    if (call) calls.set(call.callId, call);
    const input = inputOf(item);
    if (input) inputs.push(input);
  }
  return { inputs, calls: [...calls.values()], usage };
}

function callOf(item: ResponseOutputItem): ModelCall | undefined {
  if (item.type === "function_call")
    return { kind: "function", callId: item.call_id, name: item.name, input: item.arguments };
  if (item.type === "custom_tool_call")
    return { kind: "custom", callId: item.call_id, name: item.name, input: item.input };
  return undefined;
}

/** An output item as it is sent back: the fields that the server takes, and undefined for one that it would refuse. */
function inputOf(item: ResponseOutputItem): object | undefined {
  switch (item.type) {
    case "reasoning": {
      const { type, id, summary, content, encrypted_content } = item;
      if (!encrypted_content) return undefined;
      return { type, id, summary, ...(content ? { content } : {}), encrypted_content };
    }
    case "message": {
      const { type, id, role, status, content, phase } = item;
      return { type, id, role, status, content, ...(phase ? { phase } : {}) };
    }
    case "function_call": {
      const { type, id, call_id, name, arguments: args } = item;
      return { type, ...(id ? { id } : {}), call_id, name, arguments: args };
    }
    case "custom_tool_call": {
      const { type, id, call_id, name, input } = item;
      return { type, ...(id ? { id } : {}), call_id, name, input };
    }
    case "compaction": {
      const { type, id, encrypted_content } = item;
      return { type, id, encrypted_content };
    }
    default:
      return item;
  }
}
