export const days = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"] as const;

export type Day = (typeof days)[number];

/** Minutes since midnight; 1440 is the midnight at the end of the day. */
export type Minutes = number;

export interface Moment {
  day: Day;
  minute: Minutes;
}

/** Reads "09:30". Throws a RangeError for anything that is not a time between 00:00 and 24:00. */
export function parseTime(text: string): Minutes {
  const match = /^(\d\d):(\d\d)$/.exec(text);
  const minute = match ? Number(match[1]) * 60 + Number(match[2]) : Number.NaN;
  if (!match || Number(match[2]) > 59 || minute > 1440) throw new RangeError(`Not a time: "${text}"`);
  return minute;
}

export function formatTime(minute: Minutes): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

export function formatMoment({ day, minute }: Moment): string {
  return `${day} ${formatTime(minute)}`;
}

/** The day that comes `count` days later; before it when negative. */
export function dayAfter(day: Day, count: number): Day {
  return days[(days.indexOf(day) + count + days.length) % days.length];
}
