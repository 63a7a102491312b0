import type { Panel } from "./panel.ts";

/** What a chord does in the panel now, wherever the focus is; undefined when it is left to what has the focus. */
export function shortcutOf(panel: Panel, chord: string): (() => void) | undefined {
  if (chord === "Shift+Escape") return () => panel.act({ kind: "stopTurn" });
  if (panel.sent.which) return chord === "Escape" ? () => void panel.sent.hide() : undefined;
  const { approvalRow: row, transcript, writing } = panel;
  const inComposer = panel.composer?.hasFocus ?? false;
  switch (chord) {
    case "Escape":
      return escapeOf(panel);
    case "Ctrl+Enter":
      return row && writing.isBlank ? () => row.allow() : undefined;
    case "Ctrl+ArrowDown":
      return row ? () => row.openChoices() : undefined;
    case "Ctrl+ArrowUp":
      return inComposer ? () => transcript?.focusLastRow() : undefined;
    case "ArrowUp":
      return inComposer && writing.draft.text === "" ? () => panel.act({ kind: "editLast" }) : undefined;
    default:
      return undefined;
  }
}

function escapeOf(panel: Panel): () => void {
  const { approvalRow: row, composer, place, writing } = panel;
  if (writing.editing && composer?.hasFocus) return () => panel.act({ kind: "cancelEdit" });
  if (row && place === "thread") return () => row.deny();
  return () => {
    if (place !== "thread") panel.show("thread");
    void panel.focusComposer();
  };
}
