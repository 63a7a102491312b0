import { AgentError } from "../../protocol/errors.ts";
import { type PatchSource, type PlannedChange, planPatch } from "./plan.ts";

/** Files above this size, in bytes, are not shown while their patch is being written. */
const MAX_PREVIEWED_BYTES = 1024 * 1024;

/**
 * What a patch does that is still being written, as far as its whole lines go; undefined while they make no patch yet, or none that fits.
 * Never rejects: what is wrong with it is judged when it is whole.
 */
export async function planPartial(text: string, source: PatchSource): Promise<PlannedChange[] | undefined> {
  const lines = text.slice(0, text.lastIndexOf("\n") + 1);
  const patch = /^\*\*\* End Patch/m.test(lines) ? lines : `${lines}*** End Patch\n`;
  const read = async (path: string) => {
    const bytes = await source.read(path);
    if (bytes && bytes.length > MAX_PREVIEWED_BYTES)
      throw new AgentError("tooLarge", `${path} is too large to preview.`);
    return bytes;
  };
  try {
    return await planPatch(patch, { resolve: (path) => source.resolve(path), read });
  } catch {
    return undefined;
  }
}

/** The `input` of a function call whose JSON is still being written, as far as it has come. */
export function partialInput(json: string): string {
  const start = /"input"\s*:\s*"/.exec(json);
  if (!start) return "";
  const [written = ""] =
    /^(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-f]{4}))*/i.exec(json.slice(start.index + start[0].length)) ?? [];
  try {
    return JSON.parse(`"${written}"`);
  } catch {
    return "";
  }
}
