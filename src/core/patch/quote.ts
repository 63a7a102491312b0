const LONGEST = 120;

/** A line of text between quotes for an error message, cut at 120 characters. */
export function quote(text: string): string {
  return `"${shorten(text)}"`;
}

/** At most 120 characters of a line, with "..." where it was cut. */
export function shorten(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}...`;
}
