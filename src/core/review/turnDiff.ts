import { structuredPatch } from "diff";
import type { FileEdit } from "../../host/host.ts";
import { decodeText } from "../patch/encoding.ts";
import type { PlannedChange } from "../patch/plan.ts";

interface FileChange {
  readonly before: string | undefined;
  after: string | undefined;
  /** Unified hunks, as the patch knew them; undefined once a second edit came on top. */
  hunks: string | undefined;
  movedTo: string | undefined;
}

/** All edits of a turn as one unified diff, in the order in which files were first touched. */
export class TurnDiff {
  readonly #files = new Map<string, FileChange>();
  readonly #show: (path: string) => string;

  /** `show` gives the path as the diff names it. */
  constructor(show: (path: string) => string) {
    this.#show = show;
  }

  add(changes: readonly PlannedChange[]): void {
    for (const change of changes) this.#addOne(change);
  }

  toText(): string {
    return [...this.#files].map(([path, file]) => this.#describe(path, file)).join("");
  }

  #addOne({ edit, path, movePath, diff }: PlannedChange): void {
    const known = this.#find(path);
    const { before, after } = textsOf(edit);
    if (!known) {
      const hunks = edit.kind === "update" ? diff : undefined;
      this.#files.set(path, { before, after, hunks, movedTo: movePath });
      return;
    }
    known.after = after;
    known.hunks = undefined;
    known.movedTo = movePath ?? known.movedTo;
  }

  #find(path: string): FileChange | undefined {
    return this.#files.get(path) ?? [...this.#files.values()].find((file) => file.movedTo === path);
  }

  #describe(path: string, { before, after, hunks, movedTo }: FileChange): string {
    if (before === after && !movedTo) return "";
    const from = this.#show(path);
    const to = this.#show(movedTo ?? path);
    const head = [`diff --git a/${from} b/${to}`];
    if (before === undefined) head.push("new file mode 100644");
    if (after === undefined) head.push("deleted file mode 100644");
    if (movedTo) head.push(`rename from ${from}`, `rename to ${to}`);
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

/** Bounded in effort: two texts that differ too much are shown as one hunk that replaces all. */
function hunksOf(before: string, after: string): string {
  const patch = structuredPatch("", "", before, after, "", "", { context: 3, maxEditLength: 2000, timeout: 200 });
  if (!patch) {
    const lines = [...signed("-", before), ...signed("+", after)];
    return `@@ -1,${before.split("\n").length} +1,${after.split("\n").length} @@\n${lines.join("\n")}\n`;
  }
  return patch.hunks
    .map(
      (hunk) =>
        `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@\n${hunk.lines.join("\n")}\n`,
    )
    .join("");
}

function signed(sign: string, text: string): string[] {
  return text.split("\n").map((line) => sign + line);
}
