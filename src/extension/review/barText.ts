import { labelText } from "../shownWords.ts";

/** What is under review, and where the user is in it. */
export interface BarFacts {
  /** How many files are under review. */
  readonly files: number;
  /** The file in front, when it is one of them. */
  readonly front?: {
    readonly name: string;
    readonly hunks: number;
    /** The hunk with the cursor, counting from 0; -1 outside of all. */
    readonly at: number;
  };
}

/** What the status bar says, and how it is read aloud. */
export interface BarText {
  readonly text: string;
  readonly label: string;
}

/** Undefined when there is nothing to review. */
export function barText({ files, front }: BarFacts): BarText | undefined {
  if (files === 0) return undefined;
  const all = files === 1 ? "1 file" : `${files} files`;
  if (!front) return { text: `$(diff-single) ${all} to review`, label: `${all} to review` };
  const { hunks, at } = front;
  const name = labelText(front.name);
  const changes = hunks === 1 ? "1 change" : `${hunks} changes`;
  if (hunks === 0) return { text: `$(diff-single) ${name} · ${all}`, label: `${name} is to be reviewed, of ${all}` };
  if (at < 0)
    return { text: `$(diff-single) ${hunks} in ${name} · ${all}`, label: `${changes} in ${name}, ${all} to review` };
  return {
    text: `$(diff-single) ${at + 1}/${hunks} in ${name} · ${all}`,
    label: `Change ${at + 1} of ${hunks} in ${name}, ${all} to review`,
  };
}
