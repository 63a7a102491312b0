import fs from "node:fs";
import path from "node:path";
import { parseSync } from "oxc-parser";

export interface SourceFile {
  /** From the repository's root, with "/". */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  readonly from: string;
  /** A file of the project, from its root; or a package or module name as written. */
  readonly to: string;
}

/** Every TypeScript file below these folders. */
export function readSources(root: string, folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => path.posix.join(folder, name.split(path.sep).join("/")))
      .map((name) => ({ path: name, text: fs.readFileSync(path.join(root, name), "utf8") })),
  );
}

/** Static, dynamic, re-exporting and type imports alike. */
export function importsOf({ path: from, text }: SourceFile): Import[] {
  const { module, program, errors } = parseSync(from, text);
  if (errors.length > 0) throw new Error(`${from}: ${errors[0]?.message}`);
  const names = [
    ...module.staticImports.map((one) => one.moduleRequest.value),
    ...module.staticExports.flatMap((one) => one.entries.flatMap((entry) => entry.moduleRequest?.value ?? [])),
    ...module.dynamicImports.map((one) =>
      text.slice(one.moduleRequest.start, one.moduleRequest.end).replace(/^["'`]|["'`]$/g, ""),
    ),
    ...typeQueries(program),
  ];
  return names.map((name) => ({
    from,
    to: name.startsWith(".") ? path.posix.join(path.posix.dirname(from), name) : name,
  }));
}

/** `import("x").Y` in a type. */
function typeQueries(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(typeQueries);
  if (typeof node !== "object" || node === null) return [];
  const { type, source } = node as { type?: string; source?: { value?: string } };
  const own = type === "TSImportType" && source?.value ? [source.value] : [];
  return [...own, ...Object.values(node).flatMap(typeQueries)];
}
