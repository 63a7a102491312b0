import ignore, { type Ignore } from "ignore";

/** The names of the files that hide others, by precedence: any rule of the first wins over all of the second. */
export const ignoreFiles = [".ignore", ".gitignore"] as const;

/** The rules of one ignore file. */
export interface IgnoreRules {
  /** The folder that holds the file: absolute, with "/", without one at the end. */
  readonly folder: string;
  readonly file: (typeof ignoreFiles)[number];
  readonly rules: Ignore;
}

export function parseIgnoreRules(folder: string, file: IgnoreRules["file"], text: string): IgnoreRules {
  return { folder, file, rules: ignore({ ignorecase: false }).add(text) };
}

/**
 * Whether a file or folder is hidden. `path` is absolute, with "/"; a folder's ends with "/". `all` goes from the outermost folder
 * to the innermost and holds rules of folders above the path only.
 */
export function isHidden(path: string, all: readonly IgnoreRules[]): boolean {
  if (/\/\.git\/?$/.test(path)) return true;
  for (const file of ignoreFiles) {
    for (const { folder, rules } of all.filter((one) => one.file === file).reverse()) {
      const { ignored, unignored } = rules.test(path.slice(folder.length + 1));
      if (ignored) return true;
      if (unignored) return false;
    }
  }
  return false;
}
