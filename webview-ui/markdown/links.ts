/** Where a link of a message leads; nothing else is a link. */
export type LinkTarget = { kind: "file"; path: string; line?: number; column?: number } | { kind: "web"; url: string };

const EXTENSIONS =
  "ts tsx mts cts js jsx mjs cjs json jsonc md mdx css scss less html htm vue svelte py pyi rb rs go java kt kts scala swift c h cc cpp hpp " +
  "cxx cs fs php pl lua sh bash zsh fish ps1 bat sql yaml yml toml ini cfg conf xml svg txt lock gradle proto graphql tf dart ex exs erl hs " +
  "ml clj r jl m mm zig nim dockerfile";
const known = new Set(EXTENSIONS.split(" "));
const PLACE = /^(.*?)(?::(\d+)(?:[:,](\d+))?(?:-\d+)?|#L(\d+)(?:C(\d+))?(?:-L?\d+(?:C\d+)?)?)?$/;
const SCHEME = /^[a-z][a-z0-9+.-]+:/i;
/** A path with an extension and a line, standing in running text. */
const IN_TEXT = /(?<![\w/.@:-])((?:[\w.@+-]+\/)*[\w.@+-]*\w\.([A-Za-z]\w{0,9}):(\d+)(?::(\d+))?)(?![\w/])/g;

/** The target of a written link: `http(s)` addresses and paths, the latter with an optional line. */
export function linkTarget(href: string): LinkTarget | undefined {
  const place = decoded(href.trim());
  if (/^https?:\/\/[^\s/]/i.test(place)) return { kind: "web", url: href.trim() };
  const windowsPath = /^[A-Za-z]:[\\/]/.test(place);
  if (place === "" || place.startsWith("#") || place.startsWith("//")) return undefined;
  const target = fileTarget(place);
  if (!target || (!windowsPath && SCHEME.test(target.path))) return undefined;
  return target;
}

/** The target of inline code that reads as a file: with a line, or with a folder and a known extension. */
export function codeTarget(code: string): LinkTarget | undefined {
  if (
    !/^[\w.@+~/\\:#()[\]-]+$/.test(code) ||
    SCHEME.test(code.replace(/:\d+(:\d+)?$/, "").replace(/^[A-Za-z]:[\\/]/, ""))
  ) {
    return undefined;
  }
  const target = fileTarget(code);
  if (!target) return undefined;
  const extension = /[^/\\]\.([A-Za-z]\w*)$/.exec(target.path)?.[1]?.toLowerCase() ?? "";
  if (!known.has(extension)) return undefined;
  return target.line !== undefined || /[/\\]/.test(target.path) ? target : undefined;
}

/** The files with a line that running text names, with where they stand in it. */
export function textTargets(text: string): { from: number; to: number; target: LinkTarget }[] {
  const found: { from: number; to: number; target: LinkTarget }[] = [];
  for (const match of text.matchAll(IN_TEXT)) {
    const target = known.has((match[2] ?? "").toLowerCase()) ? fileTarget(match[1] ?? "") : undefined;
    if (target) found.push({ from: match.index, to: match.index + match[0].length, target });
  }
  return found;
}

function fileTarget(place: string): Extract<LinkTarget, { kind: "file" }> | undefined {
  const match = PLACE.exec(place);
  const path = match?.[1]?.replace(/^file:\/\/(?=\/)/i, "") ?? "";
  if (path === "" || /[\n\r\0]/.test(path)) return undefined;
  const line = Number(match?.[2] ?? match?.[4] ?? 0);
  const column = Number(match?.[3] ?? match?.[5] ?? 0);
  return { kind: "file", path, ...(line > 0 ? { line } : {}), ...(column > 0 ? { column } : {}) };
}

function decoded(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}
