import picomatch from "picomatch";
import { AgentError } from "../../protocol/errors.ts";
import type { FileSystem } from "../files.ts";

/** The two methods of FileSystem that need a walk over a folder. */
export type Searcher = Pick<FileSystem, "list" | "search">;

/** The longest line text that a match carries, in UTF-16 units. */
const MAXIMUM_TEXT = 500;

/** Whether a path (relative to the root, with "/") is one that the glob names. Without a glob every path is. */
export function globFilter(glob: string | undefined): (relativePath: string) => boolean {
  if (glob === undefined) return () => true;
  return picomatch(glob.startsWith("./") ? glob.slice(2) : glob, { dot: true, basename: !glob.includes("/") });
}

/** Throws `invalid` for a pattern that could only match across lines. */
export function requireOneLine(pattern: string): void {
  if (!pattern.includes("\n")) return;
  throw new AgentError("invalid", "A search looks at one line at a time: take the line break out of the pattern.");
}

/** A line as a match shows it: without its end, cut between two characters. */
export function matchText(line: string): string {
  const text = line.replace(/\r?\n$/, "");
  if (text.length <= MAXIMUM_TEXT) return text;
  const cut = text.slice(0, MAXIMUM_TEXT);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/** Collects the first `limit` of many strings in code unit order, holding only a few times as many. */
export function createLowest(limit: number): {
  add(value: string): void;
  result(): { paths: string[]; more: boolean };
} {
  let values: string[] = [];
  let dropped = false;

  function prune(): void {
    values.sort();
    if (values.length <= limit) return;
    values = values.slice(0, limit);
    dropped = true;
  }

  return {
    add(value) {
      values.push(value);
      if (values.length > 2 * limit + 1000) prune();
    },
    result() {
      prune();
      return { paths: values, more: dropped };
    },
  };
}
