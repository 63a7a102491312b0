/** Thinking as one line: its last heading if it has one, else the last line so far, without marks. */
export function headline(markdown: string): string {
  const headings = [...markdown.matchAll(/^(?:\*\*(.+?)\*\*|#{1,6}\s+(.+))\s*$/gm)];
  const last = headings.at(-1);
  const line = last ? (last[1] ?? last[2] ?? "") : (markdown.trim().split("\n").at(-1) ?? "");
  return line.replace(/[*_`#]/g, "").trim();
}
