import { type OpeningHours, type Range, runsPastMidnight } from "./hours.ts";
import { type Minutes, type Moment, dayAfter } from "./time.ts";

/** Whether the place is open at that moment. */
export function isOpen(hours: OpeningHours, now: Moment): boolean {
  return openRange(hours, now) !== undefined;
}

/** The range that is open at that moment, be it that it began the day before. */
export function openRange(hours: OpeningHours, { day, minute }: Moment): Range | undefined {
  const today = hours[day].find((range) => coversToday(range, minute));
  const yesterday = hours[dayAfter(day, -1)].find((range) => runsPastMidnight(range) && minute < range.closes);
  return today ?? yesterday;
}

function coversToday(range: Range, minute: Minutes): boolean {
  if (minute < range.opens) return false;
  return runsPastMidnight(range) || minute <= range.closes;
}
