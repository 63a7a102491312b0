const PLAIN = /^[\w@%+=:,./*?~^-]+$/;

/** Words of a command as a person would type them: one with spaces or signs of the shell stands in quotes. */
export function argvText(argv: readonly string[]): string {
  return argv.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`)).join(" ");
}

/** Words that a person typed. */
export interface Typed {
  words: readonly string[];
  /** The first sign outside of quotes that a shell would read as more than a part of a word. */
  sign?: string;
}

/** Undefined when a quote is not closed. */
export function typedWords(text: string): Typed | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  let sign: string | undefined;
  for (const character of text) {
    if (quote) {
      if (character === quote) quote = "";
      else word = (word ?? "") + character;
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= "";
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      if (/[;&|<>()`$]/.test(character)) sign ??= character;
      word = (word ?? "") + character;
    }
  }
  if (quote) return undefined;
  return { words: word === undefined ? words : [...words, word], ...(sign === undefined ? {} : { sign }) };
}
