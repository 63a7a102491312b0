import { HIDDEN_CHARACTER } from "../protocol/sanitizeForDisplay.ts";

const hidden = new RegExp(`(?!\\n)(?:${HIDDEN_CHARACTER})`, "gv");

/** The value as one line of JSON, which a program reads as exactly the value, and in which nothing steers a terminal that shows it. */
export function jsonLine(value: unknown): string {
  return `${withoutHidden(JSON.stringify(value))}\n`;
}

/** JSON of the same meaning, with every hidden character as its escape. Only strings can have one, so an escape is allowed wherever one is. */
export function withoutHidden(json: string): string {
  return json.replace(hidden, (char) =>
    char.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
}
