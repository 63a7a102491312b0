import { lineChanges, linesOf } from "../../core/review/lineChanges.ts";

/**
 * A text that was edited with line feeds alone, with the line ends of the file that it is for: a line that the file has keeps its own, a new one
 * takes that of the line whose place it takes, else of the line above. Whether the last line has an end is as the text has it.
 */
export function withLineEnds(text: string, file: string): string {
  const old = linesOf(file);
  const changes = lineChanges(old.map(bare), linesOf(text).map(bare));
  const lines: string[] = [];
  let at = 0;
  for (const { start, end, lines: added } of changes) {
    for (const line of old.slice(at, start)) lines.push(line);
    for (const [nth, line] of added.entries()) {
      const place = start + nth < end ? old[start + nth] : undefined;
      lines.push(line + (endOf(place) || endOf(lines.at(-1)) || endOf(old[0]) || "\n"));
    }
    at = end;
  }
  for (const line of old.slice(at)) lines.push(line);
  return lines.map((line, index) => ended(lines, line, { index, isEnded: text.endsWith("\n") })).join("");
}

interface Place {
  readonly index: number;
  /** Whether the last line is to have an end. */
  readonly isEnded: boolean;
}

function ended(lines: readonly string[], line: string, { index, isEnded }: Place): string {
  if (index === lines.length - 1 && !isEnded) return bare(line);
  return endOf(line) ? line : line + (endOf(lines[index - 1]) || "\n");
}

function bare(line: string): string {
  return line.replace(/[\r\n]+$/, "");
}

function endOf(line: string | undefined): string {
  return line ? line.slice(bare(line).length) : "";
}
