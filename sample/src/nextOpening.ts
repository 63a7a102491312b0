import type { OpeningHours } from "./hours.ts";
import { type Moment, dayAfter } from "./time.ts";

/** When the place opens next, after that moment; undefined when it never does. */
export function nextOpening(hours: OpeningHours, now: Moment): Moment | undefined {
  for (let ahead = 0; ahead <= 7; ahead++) {
    const day = dayAfter(now.day, ahead);
    const range = hours[day].find(({ opens }) => ahead > 0 || opens > now.minute);
    if (range) return { day, minute: range.opens };
  }
  return undefined;
}
