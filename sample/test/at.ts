import { type Day, type Moment, parseTime } from "../src/time.ts";

/** A moment as people say it: at("Mo 09:30"). */
export function at(text: string): Moment {
  const [day, time] = text.split(" ");
  return { day: day as Day, minute: parseTime(time) };
}
