import type { Key } from "../strings.ts";

const DAY_MS = 86_400_000;

/** When something happened, as short as it can be said: "now", "2 min", "09:12", "Thu", "12 Mar", "12 Mar 2025". */
export function when(atMs: number, nowMs: number, locale?: string): string {
  const ago = nowMs - atMs;
  if (ago < 60_000) return "now";
  if (ago < 3_600_000) return `${Math.floor(ago / 60_000)} min`;
  const days = daysBetween(atMs, nowMs);
  const at = new Date(atMs);
  if (days < 1) return at.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", hour12: false });
  if (days < 7) return at.toLocaleDateString(locale, { weekday: "short" });
  const sameYear = at.getFullYear() === new Date(nowMs).getFullYear();
  const year = sameYear ? {} : ({ year: "numeric" } as const);
  return at.toLocaleDateString(locale, { day: "numeric", month: "short", ...year });
}

export type Period = Extract<Key, "today" | "yesterday" | "lastWeek" | "older">;

/** The heading of the history under which a time stands. */
export function periodOf(atMs: number, nowMs: number): Period {
  const days = daysBetween(atMs, nowMs);
  if (days < 1) return "today";
  if (days < 2) return "yesterday";
  return days < 8 ? "lastWeek" : "older";
}

/** Midnights between two moments, in local time. */
function daysBetween(atMs: number, nowMs: number): number {
  return Math.round((midnight(nowMs) - midnight(atMs)) / DAY_MS);
}

function midnight(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}
