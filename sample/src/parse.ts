import { type OpeningHours, type Range, alwaysClosed } from "./hours.ts";
import { type Day, dayAfter, days, parseTime } from "./time.ts";

/**
 * Reads hours such as "Mo-Fr 06:30-12:30,14:00-18:00; Sa 07:00-13:00". A later rule adds to an earlier one for the same day.
 * Throws a RangeError that names the part it cannot read.
 */
export function parseHours(text: string): OpeningHours {
  const hours = alwaysClosed();
  for (const rule of text.split(";").map((part) => part.trim())) {
    const [dayList, rangeList, ...rest] = rule.split(/\s+/);
    if (!dayList || !rangeList || rest.length > 0) throw new RangeError(`Not a rule: "${rule}"`);
    const ranges = rangeList.split(",").map(parseRange);
    for (const day of dayList.split(",").flatMap(parseDays)) hours[day].push(...ranges);
  }
  for (const day of days) hours[day].sort((a, b) => a.opens - b.opens);
  return hours;
}

function parseRange(text: string): Range {
  const [opens, closes, ...rest] = text.split("-");
  if (!opens || !closes || rest.length > 0) throw new RangeError(`Not a range: "${text}"`);
  return { opens: parseTime(opens), closes: parseTime(closes) };
}

/** One day, or a span of days that may run over the end of the week. */
function parseDays(text: string): Day[] {
  const [first, last = first, ...rest] = text.split("-").map(parseDay);
  if (rest.length > 0) throw new RangeError(`Not a span of days: "${text}"`);
  const span = [first];
  for (let day = first; day !== last; day = dayAfter(day, 1)) span.push(dayAfter(day, 1));
  return span;
}

function parseDay(text: string): Day {
  const day = days.find((name) => name === text);
  if (day === undefined) throw new RangeError(`Not a day: "${text}"`);
  return day;
}
