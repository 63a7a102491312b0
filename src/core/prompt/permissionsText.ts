import { type Permissions, reviewsAfter } from "../policy/judge.ts";

/** Of edits that the user reviews afterwards; `becomes` says what happens to the others. */
function editsRun(becomes: string): string {
  return `Edits of files in the workspace are made at once, and the user can review them afterwards. A patch with a protected file in it (one that makes programs run, configures them or instructs agents, such as .env, AGENTS.md and all in .git, .vscode and .github/workflows), or with one outside the workspace, ${becomes} as a whole: keep edits of such files in a patch of their own.`;
}

/** What the model is told of its rights. True for what `judge` does, sentence by sentence. */
export function permissionsText(permissions: Permissions): string {
  const { approvalPolicy, sandboxPolicy, trusted, workspaceRoots } = permissions;
  return `<permissions>\n${rights()}\nThe workspace: ${workspaceRoots.join(", ")}\n</permissions>`;

  function rights(): string {
    if (!trusted) {
      return "Restricted Mode: the thread's folder is not open and trusted in this window. You can read and search files, but commands and edits are declined; the user can open and trust the folder in the editor.";
    }
    if (sandboxPolicy.type === "dangerFullAccess" && approvalPolicy !== "untrusted") {
      return "The user gave full access: commands and edits run at once, without a sandbox and without asking.";
    }
    const after = reviewsAfter(permissions);
    if (approvalPolicy === "never") {
      if (after)
        return `Nobody is asked, and there is no sandbox: every command is declined. ${editsRun("is declined")} The workspace can be read and searched, with the tools for that.`;
      return "Nobody is asked, and there is no sandbox: every command and every edit is declined. The workspace can be read and searched, with the tools for that.";
    }
    const reading =
      sandboxPolicy.type === "dangerFullAccess"
        ? "Reading and searching asks nobody."
        : "Reading and searching asks nobody in the workspace, in the folder for temporary files and in the files that outputs name; anything else is read by a command.";
    const asked = after
      ? `There is no sandbox: the user is asked before each command and each text typed into a command. ${editsRun("is asked about first,")}`
      : "There is no sandbox: the user is asked before each command, each edit and each text typed into a command.";
    return `${asked} For a session they may allow the very same command again, or further edits of the very same files. ${reading} Give each command a \`justification\`: one sentence by which the user can judge it.`;
  }
}
