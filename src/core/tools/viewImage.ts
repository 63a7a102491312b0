import * as z from "zod";
import { AgentError } from "../../protocol/errors.ts";
import type { ThreadItem } from "../../protocol/items.ts";
import { pictureType, toDataUrl } from "./pictures.ts";
import { type CallContext, type PreparedCall, parametersOf, parseArguments, type Tool } from "./tool.ts";

const MAX_BYTES = 10 * 1024 * 1024;

const schema = z.object({ path: z.string().min(1).describe("A PNG, JPEG, GIF or WebP file.") });

/** Lets the model look at a picture. */
export const viewImage: Tool = {
  name: "view_image",
  spec: () => ({
    type: "function",
    name: "view_image",
    description: "Shows you a picture from a file: PNG, JPEG, GIF or WebP.",
    parameters: parametersOf(schema),
    strict: false,
  }),
  async prepare(input: string, { host, paths, cwd, itemId, signal }: CallContext): Promise<PreparedCall> {
    const { path } = parseArguments("view_image", schema, input);
    const absolute = paths.resolve(cwd, path);
    const item: ThreadItem = { type: "imageView", id: itemId, path: absolute };
    return {
      effect: { kind: "read", paths: [absolute] },
      item,
      async run() {
        const { bytes } = await host.files.read(absolute, signal);
        if (bytes.length > MAX_BYTES)
          throw new AgentError("tooLarge", `${path} is larger than ${MAX_BYTES / 1024 / 1024} MiB.`);
        const type = pictureType(bytes);
        if (!type) throw new AgentError("unsupported", `${path} is not a PNG, JPEG, GIF or WebP picture.`);
        return { output: [{ type: "input_image", image_url: toDataUrl(type, bytes), detail: "auto" }], item };
      },
    };
  },
};
