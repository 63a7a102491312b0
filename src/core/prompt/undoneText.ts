import type { UndoneFile } from "../review/undone.ts";
import { nameWithin } from "./ownTags.ts";

const MAX_FILES = 40;

/** What the model is told of changes that the user took back, one line a file; undefined when there are none. */
export function undoneText(files: readonly UndoneFile[], show: (path: string) => string): string | undefined {
  if (files.length === 0) return undefined;
  const lines = files.slice(0, MAX_FILES).map((file) => `${nameWithin(show(file.path))}: ${outcomeOf(file, show)}`);
  const more = files.length - MAX_FILES;
  if (more > 0) lines.push(`(${more} more)`);
  return `<undone_changes>\nSince your last response the user took back changes of yours in these files:\n${lines.join("\n")}\n</undone_changes>`;
}

function outcomeOf({ outcome, hunkIds, movedTo }: UndoneFile, show: (path: string) => string): string {
  switch (outcome) {
    case "restored":
      return "restored to a checkpoint";
    case "gone":
      return "gone again";
    case "back":
      return "there again";
    case "moved":
      return `back at ${nameWithin(show(movedTo ?? ""))}`;
    case "whole":
      return "as it was before";
    case "changed":
      return hunkIds.length === 1 ? "1 change undone" : `${hunkIds.length} changes undone`;
  }
}
