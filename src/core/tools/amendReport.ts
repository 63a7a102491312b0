import { decodeText } from "../patch/encoding.ts";
import type { PlannedChange } from "../patch/plan.ts";
import type { AmendedChange } from "../review/amend.ts";
import { hunksOf } from "../review/turnDiff.ts";

/** How much of the differences the model is shown, in characters, over all files. */
const MAX_DIFF_CHARS = 8000;

/** What the model is told of a proposal that the user changed; empty when it was made as it stood. */
export function amendReport(amended: readonly AmendedChange[], show: (path: string) => string): string {
  const parts: string[] = [];
  let room = MAX_DIFF_CHARS;
  for (const { proposed, change, kind } of amended) {
    if (kind === "whole") continue;
    const name = show(proposed.movePath ?? proposed.path);
    if (!change) {
      parts.push(`The user accepted nothing of the change of ${name}, which is as it was.`);
      continue;
    }
    const diff = bounded(hunksOf(textAfter(proposed), textAfter(change)), room);
    room -= diff.length;
    const what =
      kind === "edited"
        ? `The user changed the proposal for ${name}. From what you proposed to what the file is now:`
        : `The user did not accept all of the change of ${name}. From what you proposed to what the file is now:`;
    parts.push(`${what}\n${diff}`);
  }
  if (parts.length === 0) return "";
  return `${parts.join("\n")}\nThat is how the user wants it: do not make those changes again unless you are asked to.`;
}

function textAfter({ edit }: PlannedChange): string {
  return edit.kind === "delete" ? "" : (decodeText(edit.after)?.text ?? "");
}

/** Whole lines of a diff, and how many were left out. */
export function bounded(diff: string, maxChars: number): string {
  const text = diff.replace(/\n$/, "");
  if (text.length <= maxChars) return text;
  const kept = text.slice(0, text.lastIndexOf("\n", Math.max(maxChars, 0)) + 1).replace(/\n$/, "");
  const left = text.slice(kept.length).split("\n").filter(Boolean).length;
  return `${kept}${kept ? "\n" : ""}(${left} more lines of the difference; read the file.)`;
}
