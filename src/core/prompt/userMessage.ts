import type { ResponseInputContent, ResponseInputItem } from "openai/resources/responses/responses";
import type { Host } from "../../host/host.ts";
import { toAgentError } from "../../protocol/errors.ts";
import type { UserInput } from "../../protocol/items.ts";
import type { InputRecord } from "../store/inputs.ts";
import type { UnsentMessage } from "../store/unsent.ts";
import { readPicture } from "../tools/pictures.ts";

/** Messages of the user, in order, as the journal and the context get them. Rejects as `userMessageItem` does. */
export async function userMessageRecords(
  messages: readonly UnsentMessage[],
  host: Host,
  signal: AbortSignal,
): Promise<InputRecord[]> {
  const records: InputRecord[] = [];
  for (const { turnId, input } of messages) {
    const item = await userMessageItem(input, host, signal);
    records.push({ type: "input", item: { ...item }, layer: "userMessage", turnId });
  }
  return records;
}

/** The user's message as the model gets it. A picture that cannot be sent is named with the reason. Rejects with `aborted` only. */
async function userMessageItem(
  input: readonly UserInput[],
  host: Host,
  signal: AbortSignal,
): Promise<ResponseInputItem> {
  const content: ResponseInputContent[] = [];
  for (const part of input) content.push(await contentOf(part, host, signal));
  return { type: "message", role: "user", content };
}

async function contentOf(part: UserInput, host: Host, signal: AbortSignal): Promise<ResponseInputContent> {
  switch (part.type) {
    case "text":
      return { type: "input_text", text: part.text };
    case "mention":
      return { type: "input_text", text: `The user points at ${part.path}` };
    case "image":
      return { type: "input_image", image_url: part.url, detail: "auto" };
    case "localImage":
      return readPicture(part.path, host, signal).catch((error) => missing(part.path, error));
  }
}

/** The message was taken already, so it goes to the model without the picture, and the model can say so. */
function missing(path: string, error: unknown): ResponseInputContent {
  const { code, message } = toAgentError(error);
  if (code === "aborted") throw error;
  return { type: "input_text", text: `(The user attached the picture ${path}, which could not be sent: ${message})` };
}
