import * as z from "zod";
import { defineTool } from "./defineTool.ts";
import { landingOf } from "./readAsJudged.ts";

const DEFAULT_FILES = 500;

export const listFiles = defineTool({
  name: "list_files",
  description:
    "Lists the files below a folder, at any depth, one path a line, sorted. Ignored files are left out, unless path is or lies in an ignored folder.",
  args: z.object({
    path: z.string().default(".").describe("The folder to list."),
    glob: z.string().optional().describe('Only files that match, such as "src/**/*.ts".'),
    limit: z.int().min(1).max(5000).default(DEFAULT_FILES).describe("How many paths to return at most."),
  }),
  title: ({ path, glob }) => (glob ? `List ${glob}` : `List ${path}`),
  effect: ({ path }, { paths, cwd }) => ({ kind: "read", paths: [paths.resolve(cwd, path)] }),
  async run({ path, glob, limit }, { host, paths, cwd, signal }, allowance) {
    const root = paths.resolve(cwd, path);
    const found = await host.files.list(root, { limit, glob, landing: landingOf(root, allowance) }, signal);
    if (found.paths.length === 0) return "No files.";
    const lines = found.paths.map((file) => paths.relative(cwd, file));
    if (found.more)
      lines.push(`(More than ${limit} files; narrow with a glob or a deeper folder, or raise the limit.)`);
    return lines.join("\n");
  },
});
