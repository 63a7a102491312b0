import type { Permissions } from "../policy/judge.ts";

/** What the model is told of its rights. True for what `judge` does, sentence by sentence. */
export function permissionsText({ approvalPolicy, sandboxPolicy, trusted, workspaceRoots }: Permissions): string {
  return `<permissions>\n${rights()}\nThe workspace: ${workspaceRoots.join(", ")}\n</permissions>`;

  function rights(): string {
    if (!trusted) {
      return "Restricted Mode: the thread's folder is not open and trusted in this window. You can read files, but commands and edits are declined; the user can open and trust the folder in the editor.";
    }
    if (sandboxPolicy.type === "dangerFullAccess" && approvalPolicy !== "untrusted") {
      return "The user gave full access: commands and edits run at once, without a sandbox and without asking.";
    }
    if (approvalPolicy === "never") {
      return "Nobody is asked, and there is no sandbox: every command and every edit is declined. The workspace can be read and searched.";
    }
    return "There is no sandbox: the user is asked before each command and each edit, unless they allowed the very same one for this session. Reading and searching the workspace and the folder for temporary files is not asked about. Give each command a justification in one sentence. A declined call is the user's decision.";
  }
}
