import type { FileUpdateChange } from "../../src/protocol/items.ts";

export interface DiffLine {
  sign: "+" | "-" | " ";
  /** The line's number in the file it is shown from: the old one for a removed line, else the new one. Counts from 1. */
  number: number;
  text: string;
}

/** Changed lines that belong together, with a line of context at each end. */
export interface Hunk {
  /** Numbers of the first and last changed line, in the new file; in the old one when lines were only removed. */
  from: number;
  to: number;
  lines: DiffLine[];
}

export interface FileDiff {
  hunks: Hunk[];
  added: number;
  removed: number;
}

const CONTEXT_LINES = 1;
const HUNK_HEAD = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

/** What a change does, line by line. An added or deleted file is one hunk; text that is no unified diff gives no hunks. */
export function parseChange(change: FileUpdateChange): FileDiff {
  if (change.kind.type === "update") return counted(parseHunks(change.diff));
  const sign = change.kind.type === "add" ? "+" : "-";
  const lines = splitLines(change.diff).map((text, index): DiffLine => ({ sign, number: index + 1, text }));
  return counted(lines.length === 0 ? [] : [{ from: 1, to: lines.length, lines }]);
}

function counted(hunks: Hunk[]): FileDiff {
  const count = (sign: DiffLine["sign"]) =>
    hunks.reduce((sum, { lines }) => sum + lines.filter((line) => line.sign === sign).length, 0);
  return { hunks, added: count("+"), removed: count("-") };
}

function parseHunks(diff: string): Hunk[] {
  const hunks: Hunk[] = [];
  let lines: DiffLine[] = [];
  let oldLine = 0;
  let newLine = 0;
  const finish = () => {
    hunks.push(...trimmed(lines));
    lines = [];
  };
  for (const raw of splitLines(diff)) {
    const head = HUNK_HEAD.exec(raw);
    if (head) {
      finish();
      oldLine = Number(head[1]);
      newLine = Number(head[2]);
    } else if (oldLine > 0 || newLine > 0) {
      const sign = raw.charAt(0) || " ";
      if (sign !== "+" && sign !== "-" && sign !== " ") continue;
      lines.push({ sign, number: sign === "-" ? oldLine : newLine, text: raw.slice(1) });
      if (sign !== "+") oldLine++;
      if (sign !== "-") newLine++;
    }
  }
  finish();
  return hunks;
}

/** Leaves a little context around the changes, and parts changes that have more than that between them. */
function trimmed(lines: readonly DiffLine[]): Hunk[] {
  const hunks: Hunk[] = [];
  let start = -1;
  let end = -1;
  lines.forEach((line, at) => {
    if (line.sign === " ") return;
    if (start >= 0 && at - end > 2 * CONTEXT_LINES + 2) {
      hunks.push(hunkOf(lines, start, end));
      start = -1;
    }
    if (start < 0) start = at;
    end = at;
  });
  if (start >= 0) hunks.push(hunkOf(lines, start, end));
  return hunks;
}

function hunkOf(all: readonly DiffLine[], first: number, last: number): Hunk {
  const lines = all.slice(Math.max(0, first - CONTEXT_LINES), last + CONTEXT_LINES + 1);
  const changed = (sign: DiffLine["sign"]) => lines.filter((line) => line.sign === sign);
  const numbered = changed("+").length > 0 ? changed("+") : changed("-");
  return { from: numbered[0]?.number ?? 1, to: numbered.at(-1)?.number ?? 1, lines };
}

/** Lines without their ends; a final newline does not begin another line. */
function splitLines(text: string): string[] {
  if (text === "") return [];
  return text.replace(/\r?\n$/, "").split(/\r?\n/);
}
