import * as z from "zod";
import { AgentError } from "../../protocol/errors.ts";
import { decodeText } from "../patch/encoding.ts";
import { headOf } from "./bytes.ts";
import { defineTool } from "./defineTool.ts";
import { readAsJudged } from "./readAsJudged.ts";

const DEFAULT_LINES = 2000;
const MAX_LINE_BYTES = 2000;

export const readFile = defineTool({
  name: "read_file",
  description: `Reads a text file and returns its lines numbered from 1, each as the number, a tab and the line; at most ${DEFAULT_LINES} lines unless \`limit\` is given. It shows the file as the user's editor has it, with unsaved changes.`,
  args: z.object({
    path: z.string().min(1).describe("Absolute, or relative to the working directory."),
    offset: z.int().min(1).default(1).describe("First line to return, counting from 1."),
    limit: z.int().min(1).default(DEFAULT_LINES).describe("How many lines to return at most."),
  }),
  title: ({ path }) => `Read ${path}`,
  effect: ({ path }, { paths, cwd }) => ({ kind: "read", paths: [paths.resolve(cwd, path)] }),
  async run({ path, offset, limit }, { host, secrets, paths, cwd, signal }, allowance) {
    const content = await readAsJudged(paths.resolve(cwd, path), allowance, { host, signal });
    const text = decodeText(content.bytes)?.text;
    if (text === undefined) {
      throw new AgentError(
        "unfaithful",
        `${path} is not a text file (${content.bytes.length} bytes). Use view_image for a picture.`,
      );
    }
    const note = content.unsaved
      ? "(The user has unsaved changes in this file: commands see the older text on disk.)\n"
      : "";
    return note + numberLines(secrets.text(text), { offset, limit });
  },
});

/** Lines with their numbers; what was left out is said with the way to go on. */
export function numberLines(text: string, { offset, limit }: { offset: number; limit: number }): string {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  if (lines.length === 0) return "(The file is empty.)";
  if (offset > lines.length) return `(The file has only ${lines.length} lines.)`;
  const shown = lines.slice(offset - 1, offset - 1 + limit);
  const rest = lines.length - (offset - 1) - shown.length;
  const numbered = shown.map((line, index) => `${offset + index}\t${shorten(line)}`);
  if (rest > 0) numbered.push(`(${rest} more lines; continue with offset ${offset + shown.length})`);
  return numbered.join("\n");
}

function shorten(line: string): string {
  const shown = headOf(line, MAX_LINE_BYTES);
  if (shown === line) return line;
  return `${shown}... (${line.length - shown.length} more characters in this line)`;
}
