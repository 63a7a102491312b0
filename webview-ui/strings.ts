import { english } from "./english.ts";

export type Key = keyof typeof english;
export type Args = Readonly<Record<string, string | number>>;

const plural = new Intl.PluralRules("en");

/** The same in parts, so that a caller can show the named values in its own way: even parts are words, odd ones the names of values. */
export function parts(key: Key): string[] {
  const entry: string | { one: string; other: string } = english[key];
  return (typeof entry === "string" ? entry : entry.other).split(/\{(\w+)\}/);
}

/** The words for `key`, with `{name}` replaced from `args`. A text with two forms takes the one for `args.count`. */
export function t(key: Key, args: Args = {}): string {
  const entry: string | { one: string; other: string } = english[key];
  const text = typeof entry === "string" ? entry : entry[plural.select(Number(args.count)) === "one" ? "one" : "other"];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(args[name] ?? whole));
}
