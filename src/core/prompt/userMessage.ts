import type { ResponseInputContent, ResponseInputItem } from "openai/resources/responses/responses";
import type { Host } from "../../host/host.ts";
import { AgentError } from "../../protocol/errors.ts";
import type { UserInput } from "../../protocol/items.ts";
import { pictureType, toDataUrl } from "../tools/pictures.ts";

/** The user's message as the model gets it. Rejects with `notFound` or `unsupported` for a picture that cannot be sent. */
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
    case "localImage": {
      const { bytes } = await host.files.read(part.path, signal);
      const type = pictureType(bytes);
      if (!type)
        throw new AgentError(
          "unsupported",
          `${part.path} is not a PNG, JPEG, GIF or WebP picture, so it cannot be sent.`,
        );
      return { type: "input_image", image_url: toDataUrl(type, bytes), detail: "auto" };
    }
  }
}
