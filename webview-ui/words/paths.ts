/** A path as a card shows it: the name in bold, the folder muted. */
export interface PathParts {
  name: string;
  /** Relative to the workspace where it lies in it; empty for a file at its top. */
  folder: string;
}

export function pathParts(path: string, roots: readonly string[]): PathParts {
  const shown = relativePath(path, roots);
  const cut = shown.lastIndexOf("/");
  if (cut < 0) return { name: shown, folder: "" };
  return { name: shown.slice(cut + 1), folder: shown.slice(0, cut) || "/" };
}

/** The path from the workspace folder that holds it, with forward slashes; "." for the folder itself. An outside path stays whole. */
export function relativePath(path: string, roots: readonly string[]): string {
  const clean = slashes(path);
  for (const root of roots.map(slashes)) {
    if (sameCase(clean, root)) return ".";
    if (sameCase(clean.slice(0, root.length + 1), `${root}/`)) return clean.slice(root.length + 1);
  }
  return clean;
}

/** Absolute and in none of the folders. A relative path counts as inside: it is resolved against them. */
export function isOutside(path: string, roots: readonly string[]): boolean {
  const clean = slashes(path);
  if (clean.split("/").includes("..")) return true;
  if (!clean.startsWith("/") && !/^[A-Za-z]:\//.test(clean)) return false;
  return relativePath(clean, roots) === clean;
}

/** The last part of a folder, for narrow panels: "…/src". */
export function lastFolder(folder: string): string {
  const cut = folder.lastIndexOf("/");
  return cut <= 0 ? folder : `…${folder.slice(cut)}`;
}

function slashes(path: string): string {
  const clean = path.replace(/\\/g, "/");
  return clean.length > 1 ? clean.replace(/\/$/, "") : clean;
}

/** Windows drives come in either case. */
function sameCase(a: string, b: string): boolean {
  return a === b || (/^[A-Za-z]:/.test(a) && a.toLowerCase() === b.toLowerCase());
}
