import process from "node:process";
import { sanitizeForDisplay } from "../protocol/sanitizeForDisplay.ts";

/** Lines for the person at the terminal, whoever chose their words. Standard output is for results alone. */
export function say(text: string): void {
  process.stderr.write(`${sanitizeForDisplay(text)}\n`);
}

/** A fault of this program, with what it takes to find it. */
export function logFault(fault: unknown): void {
  say(fault instanceof Error ? (fault.stack ?? fault.message) : String(fault));
}
