import type { Day, Minutes } from "./time.ts";

/** When `closes` is not after `opens`, the range runs past midnight into the next day. */
export interface Range {
  opens: Minutes;
  closes: Minutes;
}

/** The ranges of each day in the order in which they open. A closed day has none. */
export type OpeningHours = Record<Day, Range[]>;

export function runsPastMidnight({ opens, closes }: Range): boolean {
  return closes <= opens;
}

export function alwaysClosed(): OpeningHours {
  return { Mo: [], Tu: [], We: [], Th: [], Fr: [], Sa: [], Su: [] };
}
