import { AgentError } from "../../protocol/errors.ts";
import type { IndexEntry } from "./threadIndex.ts";

export interface ThreadQuery {
  /** Only threads of this folder, or of these. */
  readonly cwd?: string | readonly string[] | null | undefined;
  readonly archived?: boolean | null | undefined;
  readonly searchTerm?: string | null | undefined;
  readonly limit?: number | null | undefined;
  /** From `nextCursor`. */
  readonly cursor?: string | null | undefined;
}

const DEFAULT_PAGE = 50;

/** One page of the threads that fit, the newest first. Rejects a cursor that is none with `invalid`. */
export function pageOf(entries: readonly IndexEntry[], query: ThreadQuery) {
  const cwds = query.cwd == null ? undefined : [query.cwd].flat();
  const after = query.cursor == null ? undefined : parseCursor(query.cursor);
  const wanted = entries
    .filter(
      (entry) =>
        entry.archived === (query.archived ?? false) &&
        (!cwds || cwds.includes(entry.thread.cwd)) &&
        (!query.searchTerm || matches(entry, query.searchTerm)) &&
        (!after || newestFirst(after, placeOf(entry)) < 0),
    )
    .sort((one, other) => newestFirst(placeOf(one), placeOf(other)));
  const page = wanted.slice(0, query.limit ?? DEFAULT_PAGE);
  const last = page.at(-1);
  return { page, nextCursor: last && page.length < wanted.length ? `${last.usedAtMs}_${last.id}` : null };
}

/** Where a thread stands in the list. A cursor names it, so that threads that move meanwhile leave the other pages as they are. */
interface Place {
  readonly usedAtMs: number;
  readonly id: string;
}

function placeOf({ id, usedAtMs }: IndexEntry): Place {
  return { id, usedAtMs };
}

function newestFirst(one: Place, other: Place): number {
  if (one.usedAtMs !== other.usedAtMs) return other.usedAtMs - one.usedAtMs;
  if (one.id === other.id) return 0;
  return other.id < one.id ? -1 : 1;
}

function parseCursor(cursor: string): Place {
  const [, usedAtMs, id] = /^(\d+)_(.+)$/.exec(cursor) ?? [];
  if (!usedAtMs || !id) throw new AgentError("invalid", "That cursor is none that the list gave. Begin without one.");
  return { usedAtMs: Number(usedAtMs), id };
}

/** True when the words are in the thread's name, preview or messages, ignoring case. */
function matches({ thread, text }: IndexEntry, term: string): boolean {
  const wanted = term.trim().toLowerCase();
  return [thread.name ?? "", thread.preview, text].some((part) => part.toLowerCase().includes(wanted));
}
