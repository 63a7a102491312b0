/** Text in parts, those that match the search marked. Case does not count. */
export function marked(text: string, term: string): { text: string; hit: boolean }[] {
  if (term === "") return [{ text, hit: false }];
  const parts: { text: string; hit: boolean }[] = [];
  const lower = text.toLowerCase();
  const wanted = term.toLowerCase();
  // A letter whose lower case is longer would shift the places: then nothing is marked.
  if (lower.length !== text.length) return [{ text, hit: false }];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    if (at > from) parts.push({ text: text.slice(from, at), hit: false });
    parts.push({ text: text.slice(at, at + wanted.length), hit: true });
    from = at + wanted.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), hit: false });
  return parts;
}
