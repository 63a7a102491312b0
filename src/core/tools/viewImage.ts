import * as z from "zod";
import type { ThreadItem } from "../../protocol/items.ts";
import { asPicture } from "./pictures.ts";
import { readAsJudged } from "./readAsJudged.ts";
import type { CallContext, PreparedCall, Tool } from "./tool.ts";
import { parametersOf, parseArguments } from "./toolArguments.ts";

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
      async run(allowance) {
        const { bytes } = await readAsJudged(absolute, allowance, { host, signal });
        return { output: [asPicture(absolute, bytes)], item };
      },
    };
  },
};
