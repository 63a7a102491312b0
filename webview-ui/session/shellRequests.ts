import type { EditorNotificationMethod, EditorNotificationParams } from "../../src/protocol/editorMethods.ts";
import { type Draft, draftOf } from "./draft.ts";

/** What the shell around the panel asks it to show. */
export type ShellRequest =
  | { kind: "compose"; draft: Draft }
  | { kind: "history" }
  | { kind: "rules" }
  | { kind: "thread" }
  | { kind: "focus" };

/** What a notification of the shell means for what the panel shows. */
export function shellRequest(method: string, params: unknown): ShellRequest | undefined {
  switch (method as EditorNotificationMethod) {
    case "editor/showThread":
    case "editor/startThread":
    case "editor/newThread":
      return { kind: "thread" };
    case "editor/showHistory":
      return { kind: "history" };
    case "editor/showRules":
      return { kind: "rules" };
    case "editor/compose":
      return { kind: "compose", draft: draftOf((params as EditorNotificationParams<"editor/compose">).input) };
    case "editor/focus":
      return { kind: "focus" };
    default:
      return undefined;
  }
}
