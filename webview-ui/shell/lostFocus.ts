/**
 * Calls `recover` when the element that has the focus goes off the page: the keys would go nowhere then. Whoever takes the focus in the
 * same step, or another part of the editor that has it, keeps it. Returns what ends this.
 */
export function onLostFocus(root: HTMLElement, recover: () => void): () => void {
  let focused: EventTarget | null = null;
  const remember = (event: FocusEvent) => {
    focused = event.target;
  };
  const observer = new MutationObserver(() => {
    if (document.activeElement !== document.body || !(focused instanceof Node) || focused.isConnected) return;
    focused = null;
    if (document.hasFocus()) recover();
  });
  root.addEventListener("focusin", remember);
  observer.observe(root, { childList: true, subtree: true });
  return () => {
    root.removeEventListener("focusin", remember);
    observer.disconnect();
  };
}
