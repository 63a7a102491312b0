/** Shorter values are no secrets (local servers take any word as a key), and cutting them would mangle ordinary text. */
export const MIN_SECRET_LENGTH = 8;
export const REDACTED = "[redacted]";

/**
 * A function that cuts these exact values out of a text, in every form in which they travel: as they are, in base64 (also inside a longer
 * value), in hexadecimal, URL-encoded, and inside a JSON string. Use it where text enters, so that what is sent, kept and shown is the same text.
 */
export function createRedactor(secrets: readonly (string | undefined)[]): (text: string) => string {
  const forms = [...new Set(secrets.flatMap((secret) => formsOf(secret ?? "")))];
  const pattern = patternOf(forms);
  if (!pattern) return (text) => text;
  // Most texts have none, which this finds out several times faster than the pattern.
  return (text) => (forms.some((form) => text.includes(form)) ? text.replace(pattern, REDACTED) : text);
}

/** Finds any of the forms, the longest first; undefined when there are none. */
export function patternOf(forms: readonly string[]): RegExp | undefined {
  if (forms.length === 0) return undefined;
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map((form) => form.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|"), "g");
}

/** How a secret may stand in a text; none for what is too short to be one. */
export function formsOf(secret: string): string[] {
  if (secret.length < MIN_SECRET_LENGTH) return [];
  const url = encodeURIComponent(secret.toWellFormed());
  const lowerCaseUrl = url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  const json = JSON.stringify(secret).slice(1, -1);
  const base64 = [0, 1, 2].map((offset) => base64Core(secret, offset));
  const hex = [...new TextEncoder().encode(secret)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [...new Set([secret, url, lowerCaseUrl, json, ...base64, ...base64.map(urlSafe), hex, hex.toUpperCase()])];
}

/** The base64 digits that depend on the secret alone when it begins at this offset in a group of three bytes. */
function base64Core(secret: string, offset: number): string {
  const bytes = new TextEncoder().encode("\0".repeat(offset) + secret);
  const digits = btoa(String.fromCharCode(...bytes)).replace(/=+$/, "");
  const begin = Math.ceil((offset * 8) / 6);
  const end = Math.floor((bytes.length * 8) / 6);
  return digits.slice(begin, end);
}

function urlSafe(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_");
}
