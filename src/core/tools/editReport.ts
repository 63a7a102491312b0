import { decodeText } from "../patch/encoding.ts";
import type { PlannedChange } from "../patch/plan.ts";
import type { AmendedChange } from "../review/amend.ts";
import { hunksOf } from "../review/turnDiff.ts";
import type { AppliedChanges } from "./applyPlanned.ts";

/** How much of the differences of one kind the model is shown, in characters, over all files. */
const MAX_DIFF_CHARS = 8000;

type Show = (path: string) => string;

const letters = { add: "A", delete: "D", update: "M" } as const;

/** What the model is told of an edit that was made. */
export function editReport({ result, changes, mergedPaths }: AppliedChanges, show: Show): string[] {
  const lines = changes.map(({ edit, path, movePath }) =>
    movePath ? `R ${show(path)} -> ${show(movePath)}` : `${letters[edit.kind]} ${show(path)}`,
  );
  for (const path of mergedPaths) {
    lines.push(
      `${show(path)} was changed in other places before this edit was made. Both changes are in it: read it again before the next edit of it.`,
    );
  }
  for (const path of result.unsavedPaths) {
    lines.push(
      `${show(path)} had unsaved changes of the user, so it was left unsaved: commands still see the older text on disk.`,
    );
  }
  const bounded = boundedDiffs();
  for (const [path, bytes] of result.adjusted) {
    const change = changes.find((one) => (one.movePath ?? one.path) === path);
    const diff = change && bounded(textAfter(change), decodeText(bytes)?.text ?? "");
    lines.push(
      diff
        ? `The editor changed ${show(path)} further on saving (such as formatting). From the edit to what the file is now:\n${diff}`
        : `The editor changed ${show(path)} further on saving (such as formatting): read it again before the next edit of it.`,
    );
  }
  return ["Applied.", ...lines];
}

/** What the model is told of a proposal that the user changed; nothing when it was made as it stood. */
export function amendReport(amended: readonly AmendedChange[], show: Show): string[] {
  const parts: string[] = [];
  const bounded = boundedDiffs();
  for (const { proposed, change, kind } of amended) {
    if (kind === "whole") continue;
    const name = show(proposed.movePath ?? proposed.path);
    if (!change) {
      parts.push(`The user accepted nothing of your change to ${name}, so none of it was made.`);
      continue;
    }
    const what =
      kind === "edited"
        ? `The user rewrote your change to ${name}.`
        : `The user accepted only a part of your change to ${name}.`;
    const diff = bounded(textAfter(proposed), textAfter(change));
    parts.push(`${what} From what you proposed to what was made of it:\n${diff}`);
  }
  if (parts.length === 0) return [];
  return [
    ...parts,
    "That is how the user wants it: do not propose again what they left out or changed, unless they ask.",
  ];
}

function textAfter({ edit }: PlannedChange): string {
  return edit.kind === "delete" ? "" : (decodeText(edit.after)?.text ?? "");
}

/**
 * Differences that share one bound: of the rest it is said how much there is. Each line of a file stands behind a sign, so that none can pass
 * for the mark at the end.
 */
function boundedDiffs(): (before: string, after: string) => string {
  let room = MAX_DIFF_CHARS;
  return (before, after) => {
    const diff = cutDiff(hunksOf(before, after).replace(/\n$/, ""), room);
    room -= diff.length;
    return diff && `<diff>\n${diff}\n</diff>`;
  };
}

function cutDiff(diff: string, maxChars: number): string {
  if (diff.length <= maxChars) return diff;
  const kept = diff.slice(0, diff.lastIndexOf("\n", Math.max(maxChars, 0)) + 1);
  const left = diff.slice(kept.length).split("\n").length;
  return `${kept}(${left} more ${left === 1 ? "line" : "lines"} of the difference: read the file.)`;
}
