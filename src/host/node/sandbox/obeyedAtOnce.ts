/** What an editor, git or an agent obeys as soon as it is there, in the folder that is open: it cannot be made while a command runs. */
export const OBEYED_AT_ONCE = [
  ...[".git", ".vscode", ".idea", ".patchwright", ".agents", ".codex", ".claude", ".cursor", ".mcp.json"],
  ...["AGENTS.md", "AGENTS.override.md", "CLAUDE.md"],
];
