import * as z from "zod";
import type { UserInput } from "../protocol/items.ts";
import type { L10n } from "./l10n.ts";

/** Lines and columns count from 1; the end is exclusive in its column. */
const range = z.object({ startLine: z.int(), startColumn: z.int(), endLine: z.int(), endColumn: z.int() });
type Range = z.infer<typeof range>;

const problem = z.object({
  message: z.string(),
  severity: z.enum(["error", "warning", "information", "hint"]),
  source: z.string().optional(),
  code: z.string().optional(),
  range,
});
export type Problem = z.infer<typeof problem>;

/** What the commands for problems take: plain JSON, so that key bindings and links can carry it too. */
export const problemsArgument = z.object({
  /** Absolute. */
  path: z.string(),
  problems: z.array(problem).min(1),
});
export type ProblemsArgument = z.infer<typeof problemsArgument>;

export type ProblemTask = "fix" | "explain";

/** Lines of a file around its problems, as the editor has them. */
export interface Surroundings {
  /** For people: relative to the workspace where it is in it, with "/". */
  readonly shownPath: string;
  /** Such as "typescript". */
  readonly language: string;
  /** Counting from 1. */
  readonly firstLine: number;
  readonly lines: readonly string[];
}

const linesAround = 6;
const maxLines = 80;
const maxProblems = 20;
const maxLabel = 60;

/** The lines to show for these problems: from `from` to `to`, counting from 1, both included. */
export function linesFor(problems: readonly Problem[], lineCount: number): { from: number; to: number } {
  const first = Math.min(...problems.map(({ range }) => range.startLine));
  const last = Math.max(...problems.map(({ range }) => lastLine(range)));
  const from = Math.max(1, first - linesAround);
  return { from, to: Math.min(lineCount, last + linesAround, from + maxLines - 1) };
}

export interface FoundProblems {
  readonly problems: readonly Problem[];
  /** Around them. */
  readonly code: Surroundings;
}

/** The message that puts the agent to work on problems. Each problem and the code around them are spans that surfaces show as chips. */
export function problemMessage(task: ProblemTask, { problems, code }: FoundProblems, l10n: L10n): UserInput[] {
  const text = new MarkedText();
  const shown = problems.slice(0, maxProblems);
  text.append(`${request(task, problems.length, l10n)}\n`);
  for (const problem of shown) {
    text.append("\n");
    text.mark(describe(problem, code.shownPath), label(problem));
  }
  const count = problems.length - shown.length;
  if (count > 0) text.append(`\n${l10n.t("(and {count} more in the same place)", { count })}`);
  text.append("\n\n");
  text.mark(excerpt(code, l10n), rangeLabel(code));
  return [{ type: "text", text: text.text, text_elements: text.elements }];
}

function request(task: ProblemTask, count: number, l10n: L10n): string {
  if (task === "fix")
    return count === 1 ? l10n.t("Fix this problem.") : l10n.t("Fix these {count} problems.", { count });
  return count === 1
    ? l10n.t("Explain this problem: what it means, why it is reported here, and how to fix it. Do not change any file.")
    : l10n.t(
        "Explain these {count} problems: what they mean, why they are reported here, and how to fix them. Do not change any file.",
        { count },
      );
}

function describe({ message, severity, source, code, range }: Problem, path: string): string {
  const origin = [source, code].filter(Boolean).join(" ");
  return `${path}:${range.startLine}:${range.startColumn}: ${severity}${origin ? ` (${origin})` : ""}: ${message}`;
}

function label({ message, source, code }: Problem): string {
  const line = message.split("\n")[0] ?? "";
  const text =
    [source, code].filter(Boolean).length > 0 ? `${[source, code].filter(Boolean).join(" ")}: ${line}` : line;
  return text.length > maxLabel ? `${text.slice(0, maxLabel - 1)}…` : text;
}

function excerpt({ shownPath: path, language, firstLine: line, lines }: Surroundings, l10n: L10n): string {
  const fence = "`".repeat(Math.max(3, longestTicks(lines) + 1));
  const last = line + lines.length - 1;
  const place =
    last === line
      ? l10n.t("{path}, line {line}:", { path, line })
      : l10n.t("{path}, lines {first} to {last}:", { path, first: line, last });
  return `${place}\n${fence}${language}\n${lines.join("\n")}\n${fence}`;
}

function rangeLabel({ shownPath, firstLine, lines }: Surroundings): string {
  const name = shownPath.slice(shownPath.lastIndexOf("/") + 1);
  return lines.length === 1 ? `${name}:${firstLine}` : `${name}:${firstLine}–${firstLine + lines.length - 1}`;
}

function longestTicks(lines: readonly string[]): number {
  return Math.max(0, ...lines.flatMap((line) => line.match(/`+/g) ?? []).map(({ length }) => length));
}

/** A range that ends before the first character of a line does not reach into that line. */
function lastLine({ startLine, endLine, endColumn }: Range): number {
  return endColumn === 1 && endLine > startLine ? endLine - 1 : endLine;
}

/** Collects a text with marked spans, whose offsets count UTF-8 bytes. */
class MarkedText {
  text = "";
  #bytes = 0;
  readonly elements: { byteRange: { start: number; end: number }; placeholder: string }[] = [];

  append(part: string): void {
    this.text += part;
    this.#bytes += new TextEncoder().encode(part).length;
  }

  mark(part: string, placeholder: string): void {
    const start = this.#bytes;
    this.append(part);
    this.elements.push({ byteRange: { start, end: this.#bytes }, placeholder });
  }
}
