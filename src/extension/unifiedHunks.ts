/** One hunk of a unified diff: its lines before and after, and where the former begin, counting from 1. */
export interface Hunk {
  readonly oldStart: number;
  readonly newStart: number;
  readonly oldLines: readonly string[];
  readonly newLines: readonly string[];
}

/** The hunks of a unified diff of one file. Lines outside hunks are passed over. */
export function parseHunks(diff: string): Hunk[] {
  const hunks: { oldStart: number; newStart: number; oldLines: string[]; newLines: string[] }[] = [];
  for (const line of diff.split("\n")) {
    const head = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (head) {
      hunks.push({ oldStart: Number(head[1]), newStart: Number(head[2]), oldLines: [], newLines: [] });
      continue;
    }
    const hunk = hunks.at(-1);
    if (!hunk) continue;
    const text = line.slice(1).replace(/\r$/, "");
    if (line[0] === " " || line[0] === "-") hunk.oldLines.push(text);
    if (line[0] === " " || line[0] === "+") hunk.newLines.push(text);
  }
  return hunks;
}

/** The same hunks the other way round. */
export function reversed(hunks: readonly Hunk[]): Hunk[] {
  return hunks.map(({ oldStart, newStart, oldLines, newLines }) => ({
    oldStart: newStart,
    newStart: oldStart,
    oldLines: newLines,
    newLines: oldLines,
  }));
}

/** The lines with the hunks applied where they say, or shifted where they are found exactly; undefined when one is not found. */
export function applyHunks(lines: readonly string[], hunks: readonly Hunk[]): string[] | undefined {
  const parts: (readonly string[])[] = [];
  let at = 0;
  for (const hunk of hunks) {
    const { oldStart, oldLines, newLines } = hunk;
    const expected = oldLines.length === 0 ? oldStart : oldStart - 1;
    const found = findLines(lines, oldLines, { from: at, expected });
    if (found === undefined) return undefined;
    parts.push(lines.slice(at, found), newLines);
    at = found + oldLines.length;
  }
  return [...parts, lines.slice(at)].flat();
}

/** Where the wanted lines stand, at `expected` or nearest to it, not before `from`. */
function findLines(
  lines: readonly string[],
  wanted: readonly string[],
  { from, expected }: { from: number; expected: number },
): number | undefined {
  const last = lines.length - wanted.length;
  const fits = (at: number) => at >= from && at <= last && wanted.every((line, offset) => lines[at + offset] === line);
  for (let distance = 0; distance <= lines.length; distance++) {
    if (fits(expected + distance)) return expected + distance;
    if (fits(expected - distance)) return expected - distance;
    if (wanted.length === 0) return undefined;
  }
  return undefined;
}
