const SHOWN_MS = 1200;

/** Shows for a moment on a copy button that it did its work. */
export function flashCopied(button: Element): void {
  const glyph = button.querySelector(".codicon-copy");
  if (!glyph) return;
  glyph.classList.replace("codicon-copy", "codicon-check");
  setTimeout(() => glyph.classList.replace("codicon-check", "codicon-copy"), SHOWN_MS);
}
