import * as z from "zod";
import type { FileDiagnostic } from "../../host/editor.ts";
import { defineTool } from "./defineTool.ts";

const MAX_DIAGNOSTICS = 200;

export const readDiagnostics = defineTool({
  name: "read_diagnostics",
  description:
    "Returns the problems that the editor's language services report now, each as path:line:column: severity: message. After an edit, ask for the changed files. Many services, TypeScript's among them, check only files that the user has open in a tab; a type checker in the shell checks them all.",
  args: z.object({
    paths: z.array(z.string()).optional().describe("Only these files; all when absent."),
  }),
  title: ({ paths }) => (paths?.length ? `Check problems in ${paths.join(", ")}` : "Check problems"),
  effect: ({ paths: asked = [] }, { paths, cwd }) => ({
    kind: "read",
    paths: asked.map((path) => paths.resolve(cwd, path)),
  }),
  async run({ paths: asked }, { host, paths, cwd, signal }) {
    const wanted = asked?.map((path) => paths.resolve(cwd, path));
    const found = await host.editor.diagnostics(wanted, signal);
    if (!found) return "No editor reports problems here. Run the project's own type checker or linter instead.";
    if (found.length === 0)
      return "No problems reported. Of a file without an open tab that may only mean that nobody looked.";
    const lines = found
      .slice(0, MAX_DIAGNOSTICS)
      .map((diagnostic) => describeProblem(diagnostic, paths.relative(cwd, diagnostic.path)));
    if (found.length > MAX_DIAGNOSTICS) lines.push(`(${found.length - MAX_DIAGNOSTICS} more.)`);
    return lines.join("\n");
  },
});

/** A problem as the model reads it. */
export function describeProblem({ range, severity, message, source, code }: FileDiagnostic, path: string): string {
  const origin = [source, code].filter(Boolean).join(" ");
  return `${path}:${range.startLine}:${range.startColumn}: ${severity}: ${message}${origin ? ` (${origin})` : ""}`;
}
