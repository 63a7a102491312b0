import type { SearchQuery } from "../host.ts";

/** Whether a line matches; undefined for a regular expression that JavaScript does not take. */
export function lineMatcher({ pattern, syntax, caseSensitive }: SearchQuery): ((line: string) => boolean) | undefined {
  const source = syntax === "text" ? pattern.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&") : pattern;
  try {
    const regex = new RegExp(source, caseSensitive ? "u" : "iu");
    return (line) => regex.test(line);
  } catch {
    return undefined;
  }
}
