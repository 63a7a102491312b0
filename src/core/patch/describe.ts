import { type Marker, patchLines, readMarker } from "./patchReader.ts";

/** What one section of a patch does to one file, as far as its text shows. Paths are as written there. */
export interface SectionSummary {
  readonly kind: "add" | "delete" | "update";
  readonly path: string;
  readonly movePath?: string;
  /** Lines that start with "+" and "-" so far. A deletion shows none: its lines are not in the patch. */
  readonly added: number;
  readonly removed: number;
}

/**
 * The sections of a patch in their order, read without judging it: for titles, approvals and the preview of a patch that is still
 * arriving. Never throws. A header counts once its line has ended, because a path that is still being written is not yet a path.
 */
export function describePatch(text: string): readonly SectionSummary[] {
  const sections: { -readonly [K in keyof SectionSummary]: SectionSummary[K] }[] = [];
  const lines = patchLines(text);
  const unfinished = lines.length - 1;
  for (const [at, line] of lines.entries()) {
    const section = sections.at(-1);
    const marker = at === unfinished ? undefined : markerWithin(line, section?.kind);
    if (marker === undefined) {
      if (section !== undefined && line.startsWith("+")) section.added += 1;
      if (section !== undefined && line.startsWith("-")) section.removed += 1;
    } else if (marker.kind !== "move") {
      sections.push({ kind: marker.kind, path: marker.path, added: 0, removed: 0 });
    } else if (section?.kind === "update") {
      section.movePath = marker.path;
    }
  }
  return sections;
}

/** An indented line in an update is context, whatever it says; elsewhere an indented marker is a marker. */
function markerWithin(line: string, section: SectionSummary["kind"] | undefined): Marker | undefined {
  return section === "update" && !line.startsWith("***") ? undefined : readMarker(line);
}
