import type { Action } from "../actions.ts";
import { t } from "../strings.ts";
import type { Panel } from "./panel.ts";

export type ShellAction = Extract<
  Action,
  | { kind: "openFile" | "openLink" | "showDiff" | "showTerminal" | "copy" }
  | { kind: "enterKey" | "startDemo" | "manageTrust" | "openFolder" | "openSettings" }
>;

/** What only the editor around the panel can do. */
export async function askShell(panel: Panel, action: ShellAction): Promise<void> {
  const { session } = panel;
  switch (action.kind) {
    case "openFile": {
      const { kind: _kind, ...place } = action;
      await session.ask("editor/openFile", place);
      return;
    }
    case "openLink":
      await session.ask("editor/openLink", { url: action.url });
      return;
    case "showDiff": {
      const threadId = session.view?.thread.id ?? "";
      await session.ask("editor/showDiff", { threadId, itemId: action.itemId, path: action.path });
      return;
    }
    case "showTerminal":
      await session.ask("editor/showTerminal", { itemId: action.itemId });
      return;
    case "copy":
      await session.ask("editor/copy", { text: action.text });
      panel.announce(t("copied"));
      return;
    case "enterKey":
      await session.ask("editor/enterKey", {});
      return;
    case "startDemo":
      await session.ask("editor/startDemo", {});
      return;
    case "openFolder":
      await session.ask("editor/openFolder", {});
      return;
    case "manageTrust":
      await session.ask("editor/manageTrust", {});
      return;
    case "openSettings":
      await session.ask("editor/openSettings", { query: action.query });
      return;
    default:
      action satisfies never;
  }
}
