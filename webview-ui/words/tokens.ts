/** A number of tokens: "640", "8.2k", "41k", "200k", "1.2M". */
export function tokens(count: number): string {
  if (count < 1000) return String(Math.round(count));
  if (count < 9950) return `${(count / 1000).toFixed(1)}k`;
  if (count < 999_500) return `${Math.round(count / 1000)}k`;
  return `${(count / 1_000_000).toFixed(1)}M`;
}

/** How full the context is, in whole percent from 0 to 100; undefined when the size of the window is not known. */
export function contextPercent(used: number, window: number | null | undefined): number | undefined {
  if (!window || window <= 0) return undefined;
  return Math.min(100, Math.max(0, Math.round((used / window) * 100)));
}
