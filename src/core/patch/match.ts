import { narrowSplice, type Splice } from "./draft.ts";
import { LineIndex } from "./lineIndex.ts";
import { contextMismatch, linesMismatch } from "./mismatch.ts";
import type { Hunk } from "./operation.ts";

/**
 * Where the next hunk may be. Each hunk is sought from `strict`, the line after everything that the hunk before it quotes; when it is not
 * there, from `loose`, the line after what that hunk changes, because hunks that share context lines are common.
 */
interface Place {
  readonly strict: number;
  readonly loose: number;
}

interface Search {
  readonly index: LineIndex;
  readonly file: string;
  place: Place;
}

interface Match {
  readonly at: number;
  readonly length: number;
}

/**
 * Finds every hunk in the file's lines and returns what they change, sorted by line. Hunks come in file order.
 * - A `@@ text` header moves the search past the line it names, or to that very line when the hunk quotes it again. A header that names a line
 *   before the hunk before it (the same class, say, for several hunks) already holds.
 * - With `*** End of File` the last lines of the file are tried first.
 * - A hunk that only adds goes after its header's line; without a header, or with `*** End of File`, to the file's end.
 * Throws AgentError `patchMismatch`, written for the model; `file` is the name it gets there.
 */
export function locateHunks(lines: readonly string[], hunks: readonly Hunk[], file: string): readonly Splice[] {
  const search: Search = { index: new LineIndex(lines), file, place: { strict: 0, loose: 0 } };
  const splices = hunks.flatMap((hunk, at) => locateHunk(search, hunk, at + 1));
  return splices.sort((left, right) => left.start - right.start);
}

function locateHunk(search: Search, hunk: Hunk, number: number): readonly Splice[] {
  const quoted = hunk.lines.filter((line) => line.kind !== "add").map((line) => line.text);
  if (quoted.length === 0) return [placeAddition(search, hunk, number)];
  const place = passContexts(search, hunk, number);
  const match = findQuoted(search.index, { quoted, hunk, place });
  if (match === undefined) {
    throw linesMismatch({ index: search.index, file: search.file, hunk, number, from: place.loose });
  }
  const { splices, changedUntil } = splicesOf(hunk, match.at);
  search.place = { strict: match.at + match.length, loose: changedUntil ?? place.loose };
  return splices.flatMap((splice) => narrowSplice(search.index.lines, splice) ?? []);
}

function placeAddition(search: Search, hunk: Hunk, number: number): Splice {
  const added = hunk.lines.map((line) => line.text);
  const end = search.index.lines.length;
  if (hunk.contexts.length === 0) return { start: end, removed: 0, added };
  const place = passContexts(search, hunk, number);
  const start = hunk.endOfFile ? end : place.strict;
  search.place = { strict: start, loose: start };
  return { start, removed: 0, added };
}

/** Moves past the hunk's headers. After one, `strict` is the line below it and `loose` the line itself. */
function passContexts(search: Search, hunk: Hunk, number: number): Place {
  const { index, file } = search;
  let place = search.place;
  for (const context of hunk.contexts) {
    const at = index.find([context], place.strict) ?? index.find([context], place.loose);
    if (at !== undefined) {
      place = { strict: at + 1, loose: at };
      continue;
    }
    const onlyAdds = hunk.lines.every((line) => line.kind === "add");
    if (onlyAdds || index.find([context], 0) === undefined) {
      throw contextMismatch({ index, file, hunk, number, from: place.loose, context });
    }
  }
  return place;
}

function findQuoted(
  index: LineIndex,
  wanted: { readonly quoted: readonly string[]; readonly hunk: Hunk; readonly place: Place },
): Match | undefined {
  const { quoted, hunk, place } = wanted;
  const blanks = new Array<string>(hunk.blanksAfter).fill("");
  const patterns = hunk.blanksAfter > 0 ? [[...quoted, ...blanks], quoted] : [quoted];
  if (hunk.endOfFile) {
    for (const pattern of patterns) {
      const at = index.findAtEnd(pattern, place.loose);
      if (at !== undefined) return { at, length: pattern.length };
    }
  }
  const starts = place.loose < place.strict ? [place.strict, place.loose] : [place.strict];
  for (const start of starts) {
    for (const pattern of patterns) {
      const at = index.find(pattern, start);
      if (at !== undefined) return { at, length: pattern.length };
    }
  }
  return undefined;
}

/** What a hunk found at line `at` changes, and the line after the last change; undefined when it changes nothing. */
function splicesOf(hunk: Hunk, at: number): { readonly splices: readonly Splice[]; readonly changedUntil?: number } {
  const splices: { start: number; removed: number; added: string[] }[] = [];
  let line = at;
  let open: (typeof splices)[number] | undefined;
  for (const { kind, text } of hunk.lines) {
    if (kind === "keep") {
      open = undefined;
      line += 1;
      continue;
    }
    if (open === undefined) {
      open = { start: line, removed: 0, added: [] };
      splices.push(open);
    }
    if (kind === "add") {
      open.added.push(text);
    } else {
      open.removed += 1;
      line += 1;
    }
  }
  const last = splices.at(-1);
  return last === undefined ? { splices } : { splices, changedUntil: last.start + last.removed };
}
