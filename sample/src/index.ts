export { describe } from "./describe.ts";
export type { OpeningHours, Range } from "./hours.ts";
export { isOpen } from "./isOpen.ts";
export { nextOpening } from "./nextOpening.ts";
export { parseHours } from "./parse.ts";
export type { Day, Minutes, Moment } from "./time.ts";
