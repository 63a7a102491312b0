import { AgentError } from "../protocol/errors.ts";

export interface PageQuery {
  /** From `nextCursor`, or from `backwardsCursor` to look the other way. */
  readonly cursor?: string | null | undefined;
  readonly limit?: number | null | undefined;
  readonly sortDirection?: "asc" | "desc" | null | undefined;
}

interface Listed<T> {
  /** In ascending order. */
  readonly all: readonly T[];
  readonly idOf: (entry: T) => string;
  readonly defaultDirection: "asc" | "desc";
}

export interface Page<T> {
  readonly data: T[];
  readonly nextCursor: string | null;
  /** Begins with this page's first entry again when the direction is turned, so that what came meanwhile is found. */
  readonly backwardsCursor: string | null;
}

const DEFAULT_PAGE = 50;

/** One page of a list whose entries never move. A cursor names an entry: "after:ID", or "from:ID" with the entry itself. */
export function pageOf<T>({ all, idOf, defaultDirection }: Listed<T>, query: PageQuery): Page<T> {
  const ordered = (query.sortDirection ?? defaultDirection) === "asc" ? all : [...all].reverse();
  const start = query.cursor == null ? 0 : startOf(query.cursor, ordered.map(idOf));
  const end = start + (query.limit ?? DEFAULT_PAGE);
  const data = ordered.slice(start, end);
  const [first, last] = [data[0], data.at(-1)];
  return {
    data,
    nextCursor: last !== undefined && end < ordered.length ? `after:${idOf(last)}` : null,
    backwardsCursor: first === undefined ? null : `from:${idOf(first)}`,
  };
}

function startOf(cursor: string, ids: readonly string[]): number {
  const [, kind, id = ""] = /^(after|from):(.+)$/s.exec(cursor) ?? [];
  const at = ids.indexOf(id);
  if (at < 0) throw new AgentError("invalid", "That cursor is none that this list gave. Begin without one.");
  return kind === "after" ? at + 1 : at;
}
