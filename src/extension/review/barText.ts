import type { L10n } from "../l10n.ts";
import { labelText } from "../shownWords.ts";

/** What is under review, and where the user is in it. */
export interface BarFacts {
  /** How many files are under review. */
  readonly files: number;
  /** The file in front, when it is one of them. */
  readonly front?: FrontFacts;
}

interface FrontFacts {
  readonly name: string;
  readonly hunks: number;
  /** The hunk with the cursor, counting from 0; -1 outside of all. */
  readonly at: number;
}

/** What the status bar says, and how it is read aloud. */
export interface BarText {
  readonly text: string;
  readonly label: string;
}

/** Undefined when there is nothing to review. */
export function barText({ files: count, front }: BarFacts, l10n: L10n): BarText | undefined {
  if (count === 0) return undefined;
  const all = count === 1 ? l10n.t("1 file to review") : l10n.t("{count} files to review", { count });
  if (!front) return { text: `$(diff-single) ${all}`, label: all };
  const { text, label } = frontText(front, l10n);
  const files = count === 1 ? l10n.t("1 file") : l10n.t("{count} files", { count });
  return { text: `$(diff-single) ${text} · ${files}`, label: `${label}, ${all}` };
}

function frontText({ name, hunks: count, at }: FrontFacts, l10n: L10n): BarText {
  const file = labelText(name);
  if (count === 0) return { text: file, label: l10n.t("{file} as a whole", { file }) };
  if (at < 0) {
    const label =
      count === 1 ? l10n.t("1 change in {file}", { file }) : l10n.t("{count} changes in {file}", { count, file });
    return { text: l10n.t("{count} in {file}", { count, file }), label };
  }
  const number = at + 1;
  return {
    text: l10n.t("{number}/{count} in {file}", { number, count, file }),
    label: l10n.t("Change {number} of {count} in {file}", { number, count, file }),
  };
}
