import type { Action } from "../actions.ts";

/** Follows the links of the panel, which have no address of their own: `data-path` opens a file, `data-url` a page. */
export function onLinks(root: HTMLElement, perform: (action: Action) => void): void {
  const follow = (event: Event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-path], [data-url]") : null;
    const action = link && actionOf(link.dataset);
    if (!action) return;
    event.preventDefault();
    perform(action);
  };
  root.addEventListener("click", follow);
  root.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.defaultPrevented) follow(event);
  });
}

function actionOf({ path, url, line, column }: DOMStringMap): Action | undefined {
  if (url) return { kind: "openLink", url };
  if (!path) return undefined;
  return {
    kind: "openFile",
    path,
    ...(line ? { line: Number(line) } : {}),
    ...(column ? { column: Number(column) } : {}),
  };
}
