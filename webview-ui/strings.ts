import { english } from "./english.ts";

export type Key = keyof typeof english;
export type Args = Readonly<Record<string, string | number>>;

/** A text by what its language calls a count, such as "one" and "other". */
type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };

interface Language {
  /** As in BCP 47. */
  readonly tag: string;
  readonly words: Readonly<Record<Key, string | Forms>>;
}

/** What the panel speaks; its page says so, too (`panelHtml.ts`). Another language is a table like `english`, to be chosen here. */
export const language: Language = { tag: "en", words: english };

const plural = new Intl.PluralRules(language.tag);

/** The same in parts, so that a caller can show the named values in its own way: even parts are words, odd ones the names of values. */
export function parts(key: Key): string[] {
  const entry = language.words[key];
  return (typeof entry === "string" ? entry : entry.other).split(/\{(\w+)\}/);
}

/** The words for `key`, with `{name}` replaced from `args`. A text with several forms takes the one for `args.count`. */
export function t(key: Key, args: Args = {}): string {
  const entry = language.words[key];
  const text = typeof entry === "string" ? entry : (entry[plural.select(Number(args.count))] ?? entry.other);
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(args[name] ?? whole));
}
