import type { OpeningHours } from "./hours.ts";
import { openRange } from "./isOpen.ts";
import { nextOpening } from "./nextOpening.ts";
import { type Moment, formatMoment, formatTime } from "./time.ts";

/** What the sign on the door would say, such as "Open until 18:00" or "Closed, opens Tu 06:30". */
export function describe(hours: OpeningHours, now: Moment): string {
  const range = openRange(hours, now);
  if (range) return `Open until ${formatTime(range.closes)}`;
  return `Closed, opens ${formatMoment(nextOpening(hours, now))}`;
}
