import { language } from "../strings.ts";

const UNITS = ["bytes", "KB", "MB", "GB", "TB"] as const;

/** Disk space for people: "12 MB", "1.5 GB". Units of 1024. */
export function bytes(count: number): string {
  let value = count;
  let at = 0;
  while (value >= 1024 && at < UNITS.length - 1) {
    value /= 1024;
    at++;
  }
  const shown = at === 0 || value >= 10 ? Math.round(value) : Math.round(value * 10) / 10;
  return `${shown} ${UNITS[at]}`;
}

/** A number of things that a person reads: "303,024". */
export function size(count: number): string {
  return count.toLocaleString(language.tag);
}
