const isMac = /mac/i.test(globalThis.navigator?.platform ?? "");

/** What Ctrl is called on this machine. */
export const ctrlName = isMac ? "⌘" : "Ctrl";

/** A key press as one word, such as "Ctrl+Shift+Enter" or "ArrowUp". On macOS Command counts as Ctrl. */
export function chordOf(event: KeyboardEvent): string {
  const ctrl = isMac ? event.metaKey : event.ctrlKey;
  return [ctrl ? "Ctrl" : "", event.altKey ? "Alt" : "", event.shiftKey ? "Shift" : "", event.key]
    .filter(Boolean)
    .join("+");
}
