import type { ResponseInputContent, ResponseInputItem } from "openai/resources/responses/responses";
import type { Host } from "../../host/host.ts";
import { toAgentError } from "../../protocol/errors.ts";
import type { UserInput } from "../../protocol/items.ts";
import { readPicture } from "../tools/pictures.ts";

/** The user's message as the model gets it. A picture that cannot be sent is named with the reason. Rejects with `aborted` only. */
export async function userMessageItem(
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
