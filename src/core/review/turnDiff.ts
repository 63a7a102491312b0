import { structuredPatch } from "diff";
import type { FileEdit } from "../../host/files.ts";
import { decodeText } from "../patch/encoding.ts";
import type { PlannedChange } from "../patch/plan.ts";

interface FileChange {
  /** Where the file was at first. */
  readonly from: string;
  /** Where it is now. */
  path: string;
  readonly before: string | undefined;
  after: string | undefined;
  /** Unified hunks, as the patch knew them; undefined once a second edit came on top. */
  hunks: string | undefined;
}

/** All edits of a turn as one unified diff, in the order in which files were first touched. */
export class TurnDiff {
  readonly #files: FileChange[] = [];
  readonly #show: (path: string) => string;

  /** `show` gives the path as the diff names it. */
  constructor(show: (path: string) => string) {
    this.#show = show;
  }

  add(changes: readonly PlannedChange[]): void {
    for (const change of changes) this.#addOne(change);
  }

  toText(): string {
    return this.#files.map((file) => this.#describe(file)).join("");
  }

  #addOne({ edit, path: from, movePath, diff }: PlannedChange): void {
    const { before, after } = textsOf(edit);
    const path = movePath ?? from;
    const known = this.#files.findLast((file) => file.path === from);
    if (known) Object.assign(known, { after, path, hunks: undefined });
    else this.#files.push({ from, path, before, after, hunks: edit.kind === "update" ? diff : undefined });
  }

  #describe({ from: fromPath, path, before, after, hunks }: FileChange): string {
    const isNothing = before === after && (before === undefined || path === fromPath);
    if (isNothing) return "";
    const from = this.#show(before === undefined ? path : fromPath);
    const to = this.#show(after === undefined ? fromPath : path);
    const head = [`diff --git a/${from} b/${to}`];
    if (before === undefined) head.push("new file mode 100644");
    else if (after === undefined) head.push("deleted file mode 100644");
    else if (from !== to) head.push(`rename from ${from}`, `rename to ${to}`);
    if (before !== after) {
      head.push(
        before === undefined ? "--- /dev/null" : `--- a/${from}`,
        after === undefined ? "+++ /dev/null" : `+++ b/${to}`,
      );
    }
    const body = hunks ?? hunksOf(before ?? "", after ?? "");
    return `${head.join("\n")}\n${body}${body === "" || body.endsWith("\n") ? "" : "\n"}`;
  }
}

function textsOf(edit: FileEdit): { before: string | undefined; after: string | undefined } {
  const text = (bytes: Uint8Array) => decodeText(bytes)?.text ?? "";
  switch (edit.kind) {
    case "add":
      return { before: undefined, after: text(edit.after) };
    case "delete":
      return { before: text(edit.before), after: undefined };
    case "update":
      return { before: text(edit.before), after: text(edit.after) };
  }
}

/** Unified hunks. Bounded in effort: two texts that differ too much are shown as one hunk that replaces all. */
export function hunksOf(before: string, after: string): string {
  const patch = structuredPatch("", "", before, after, "", "", { context: 3, maxEditLength: 2000, timeout: 200 });
  const hunks = patch?.hunks ?? [replacement(before, after)];
  return hunks
    .map(({ oldStart, oldLines, newStart, newLines, lines }) => {
      const ranges = `-${rangeOf(oldStart, oldLines)} +${rangeOf(newStart, newLines)}`;
      return `@@ ${ranges} @@\n${lines.join("\n")}\n`;
    })
    .join("");
}

/** An empty range is named by the line before it. */
function rangeOf(start: number, lines: number): string {
  return `${lines === 0 ? start - 1 : start},${lines}`;
}

function replacement(before: string, after: string) {
  const old = linesOf(before);
  const next = linesOf(after);
  const lines = [...signed("-", old, before), ...signed("+", next, after)];
  return { oldStart: 1, oldLines: old.length, newStart: 1, newLines: next.length, lines };
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function signed(sign: string, lines: readonly string[], text: string): string[] {
  const unended = text !== "" && !text.endsWith("\n") ? ["\\ No newline at end of file"] : [];
  return [...lines.map((line) => sign + line), ...unended];
}
