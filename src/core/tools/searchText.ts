import * as z from "zod";
import { isCredential } from "../policy/credentials.ts";
import { defineTool } from "./defineTool.ts";
import { landingOf } from "./readAsJudged.ts";

const DEFAULT_MATCHES = 100;

export const searchText = defineTool({
  name: "search_text",
  description:
    "Searches files line by line for a text or a regular expression (ripgrep's, without lookaround) and returns each match as path:line: text. Binary files are left out, and ignored ones unless path is one or lies in an ignored folder. Prefer it to grep in a shell.",
  args: z.object({
    pattern: z.string().min(1).describe("What to look for."),
    path: z.string().default(".").describe("The folder or file to search."),
    glob: z.string().optional().describe('Only files that match, such as "**/*.ts".'),
    regex: z.boolean().default(false).describe("Read the pattern as a regular expression."),
    case_sensitive: z.boolean().default(true),
    limit: z.int().min(1).max(1000).default(DEFAULT_MATCHES).describe("How many matches to return at most."),
  }),
  title: ({ pattern }) => `Search ${pattern}`,
  effect: ({ path }, { paths, cwd }) => ({ kind: "read", paths: [paths.resolve(cwd, path)] }),
  async run({ pattern, path, glob, regex, case_sensitive, limit }, { host, paths, cwd, signal }, allowance) {
    const root = paths.resolve(cwd, path);
    const how = { syntax: regex ? "regex" : "text", caseSensitive: case_sensitive } as const;
    const query = { pattern, ...how, glob, limit, landing: landingOf(root, allowance) };
    const { matches, more } = await host.files.search(root, query, signal);
    const shown = matches.filter((match) => match.path === root || !isCredential(match.path));
    const hidden = new Set(
      matches.filter((match) => !shown.includes(match)).map((match) => paths.relative(cwd, match.path)),
    );
    const note = `(Matches in files that may hold credentials are left out: ${[...hidden].join(", ")}. read_file asks the user for one.)`;
    if (matches.length === 0) return "No matches.";
    const lines = shown.map((match) => `${paths.relative(cwd, match.path)}:${match.line}: ${match.text}`);
    if (hidden.size > 0) lines.push(note);
    if (more) lines.push(`(More than ${limit} matches; narrow the search, or raise the limit.)`);
    return lines.join("\n");
  },
});
