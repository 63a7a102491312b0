import type { PathClass } from "./classifyPath.ts";

/** For the user: why an edit asks that would be made at once elsewhere. That a file lies outside of the workspace is seen by itself. */
export function editNote(written: readonly PathClass[]): string | undefined {
  const obeyed = namesOf(written.filter(isObeyed));
  const linked = namesOf(written.filter((place) => place.hardLinked && !isObeyed(place)));
  const sentences = [
    obeyed && `Protected, since programs or agents obey what it says: ${obeyed}.`,
    linked && `Has other names, which may lie outside of the workspace: ${linked}.`,
  ];
  return sentences.filter(Boolean).join(" ") || undefined;
}

/** Where a path leads that is not known counts as protected, too. */
function isObeyed(place: PathClass): boolean {
  return place.known && place.protected;
}

function namesOf(places: readonly PathClass[]): string {
  return [...new Set(places.map(({ path }) => path.split(/[\\/]/).at(-1) ?? path))].join(", ");
}
