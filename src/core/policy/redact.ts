/** Shorter values are no secrets (local servers take any word as a key), and cutting them would mangle ordinary text. */
const MIN_SECRET_LENGTH = 8;
const REDACTED = "[redacted]";

/**
 * A function that cuts these exact values out of a text, in every form in which they travel: as they are, in base64 (also inside a longer
 * value), URL-encoded, and inside a JSON string. Use it where text enters, so that what is sent, kept and shown is the same text.
 */
export function createRedactor(secrets: readonly (string | undefined)[]): (text: string) => string {
  const forms = secrets.flatMap((secret) => (secret && secret.length >= MIN_SECRET_LENGTH ? formsOf(secret) : []));
  if (forms.length === 0) return (text) => text;
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map((form) => form.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|"), "g");
  return (text) => text.replace(pattern, REDACTED);
}

function formsOf(secret: string): string[] {
  const url = encodeURIComponent(secret);
  const lowerCaseUrl = url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  const json = JSON.stringify(secret).slice(1, -1);
  const base64 = [0, 1, 2].map((offset) => base64Core(secret, offset));
  return [secret, url, lowerCaseUrl, json, ...base64, ...base64.map(urlSafe)];
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
