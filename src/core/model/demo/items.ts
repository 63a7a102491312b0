import type { ResponseOutputItem } from "openai/resources/responses/responses";
import type { Answer } from "./answer.ts";
import type { MessageOutput, ReasoningOutput } from "./output.ts";

/** One output as the item that the server has when it is finished. */
export function finishedItem(answer: Answer, index: number): ResponseOutputItem {
  const output = answer.outputs[index]!;
  const suffix = `${answer.id}_${index}`;
  switch (output.type) {
    case "reasoning":
      return reasoningItem(answer, output, `rs_${suffix}`);
    case "message":
      return messageItem(answer, output, index);
    case "call":
      return {
        id: `fc_${suffix}`,
        type: "function_call",
        status: "completed",
        arguments: output.arguments,
        call_id: output.callId ?? `call_${suffix}`,
        name: output.name,
      };
    case "customCall":
      return {
        id: `ctc_${suffix}`,
        type: "custom_tool_call",
        call_id: output.callId ?? `call_${suffix}`,
        input: output.input,
        name: output.name,
      };
    case "compaction":
      return { id: `cmp_${suffix}`, type: "compaction", encrypted_content: encryptedContent(`cmp_${suffix}`) };
  }
}

/** The summary is there only when the request asked for one, and the encrypted content only when it is included. */
function reasoningItem(answer: Answer, output: ReasoningOutput, id: string): ResponseOutputItem {
  const { reasoning, include } = answer.request;
  const summary = reasoning?.summary ? output.parts.map((text) => ({ type: "summary_text" as const, text })) : [];
  const encrypted = include?.includes("reasoning.encrypted_content");
  return { id, type: "reasoning", summary, ...(encrypted ? { encrypted_content: encryptedContent(id) } : {}) };
}

function messageItem(answer: Answer, output: MessageOutput, index: number): ResponseOutputItem {
  const callFollows = answer.outputs.slice(index + 1).some(({ type }) => type === "call" || type === "customCall");
  const cut = answer.ending.type === "incomplete" && index === answer.outputs.length - 1;
  return {
    id: `msg_${answer.id}_${index}`,
    type: "message",
    status: cut ? "incomplete" : "completed",
    content: [{ type: "output_text", annotations: [], logprobs: [], text: output.text }],
    phase: callFollows ? "commentary" : "final_answer",
    role: "assistant",
  };
}

/** What stands for the encrypted reasoning of an item: opaque to a client, checkable by a server that issued the id. */
export function encryptedContent(itemId: string): string {
  return `gAAAA${btoa(itemId)}`;
}
