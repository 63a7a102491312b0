import type { Import } from "./imports.ts";

interface Rule {
  /** The files it is for: the first rule that fits counts. */
  readonly files: RegExp;
  /** What these may import: project files by their path, anything else by its name. */
  readonly may: RegExp;
}

/** The dependency rule, from the inside out. */
export const rules: readonly Rule[] = [
  { files: /^src\/protocol\//, may: /^(src\/protocol\/|zod$)/ },
  { files: /^src\/rpc\//, may: /^(src\/rpc\/|src\/protocol\/|json-rpc-2\.0$)/ },
  { files: /^src\/host\/[^/]+$/, may: /^src\/(host\/[^/]+$|protocol\/)/ },
  {
    files: /^src\/host\/node\//,
    may: /^(src\/host\/(node\/|[^/]+$)|src\/protocol\/|node:|ignore$|picomatch$|web-tree-sitter$)/,
  },
  { files: /^src\/host\/vscode\//, may: /^(src\/host\/|src\/protocol\/|src\/core\/patch\/|vscode$|node:)/ },
  { files: /^src\/core\/model\/responses\.ts$/, may: /^(src\/(core|protocol)\/|src\/host\/[^/]+$|openai(\/|$))/ },
  { files: /^src\/core\/review\//, may: /^(src\/(core|protocol)\/|src\/host\/[^/]+$|diff$)/ },
  { files: /^src\/core\//, may: /^(src\/(core|protocol)\/|src\/host\/[^/]+$|zod$|openai\/resources\/)/ },
  { files: /^src\/server\//, may: /^(src\/(server|core|rpc|protocol)\/|src\/host\/[^/]+$|zod$)/ },
  { files: /^src\/extension\//, may: /^(src\/|vscode$|node:|zod$|uuid$)/ },
  { files: /^src\/cli\//, may: /^(src\/(?!extension\/|host\/vscode\/)|node:|zod$|uuid$|smol-toml$)/ },
  { files: /^webview-ui\/controls\.ts$/, may: /^(webview-ui\/|lit$|@vscode\/webview-ui-toolkit$)/ },
  {
    files: /^webview-ui\//,
    may: /^(webview-ui\/|src\/(rpc|protocol)\/|lit(\/|$)|marked$|dompurify$|highlight\.js\/lib\/|@vscode\/codicons\/)/,
  },
];

/** What breaks the table, one sentence each. */
export function forbiddenImports(imports: readonly Import[]): string[] {
  return imports.flatMap(({ from, to }) => {
    const rule = rules.find(({ files }) => files.test(from));
    if (!rule) return [`${from} is in no folder that the architecture knows.`];
    return rule.may.test(to) ? [] : [`${from} must not import ${to}.`];
  });
}

/** Import cycles among the project's files, each as its path round. */
export function cycles(imports: readonly Import[]): string[] {
  const edges = new Map<string, string[]>();
  for (const { from, to } of imports) edges.set(from, [...(edges.get(from) ?? []), to]);
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) found.push([...way.slice(at), file].join(" -> "));
    if (at >= 0 || done.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
  return found;
}
