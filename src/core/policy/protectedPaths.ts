/** Folders whose files decide what programs run, or what the agent is told. A "/" means one folder directly in the other. */
const FOLDERS = [
  ".git",
  ".hg",
  ".svn",
  ".vscode",
  ".vscode-server",
  ".idea",
  ".fleet",
  ".devcontainer",
  ".husky",
  ".githooks",
  ".github/workflows",
  ".github/actions",
  ".circleci",
  ".patchwright",
  ".agents",
  ".codex",
  ".claude",
  ".cursor",
  ".windsurf",
  ".ssh",
  ".gnupg",
];

/** Files of the same kind, by their name anywhere; a "*" stands for any letters. */
const FILES = [
  "*.code-workspace",
  ".git",
  ".gitmodules",
  ".gitconfig",
  ".gitlab-ci.yml",
  ".pre-commit-config.yaml",
  "lefthook.yml",
  ".env*",
  ".mcp.json",
  "agents.md",
  "agents.override.md",
  "claude.md",
  "claude.local.md",
  "gemini.md",
  "copilot-instructions.md",
  ".cursorrules",
  ".windsurfrules",
  ".clinerules",
  ".bashrc",
  ".bash_profile",
  ".bash_login",
  ".bash_logout",
  ".profile",
  ".zshrc",
  ".zshenv",
  ".zprofile",
  ".zlogin",
  ".inputrc",
  ".npmrc",
  ".yarnrc",
  ".yarnrc.yml",
  ".pnpmfile.cjs",
  ".ripgreprc",
  ".netrc",
  ".pypirc",
];

const patterns = FILES.map((name) => {
  const words = name.split("*").map((word) => word.replaceAll(".", "\\."));
  return new RegExp(`^${words.join(".*")}$`);
});

/**
 * Whether an edit of this file always asks first, whatever else runs unasked: because the file makes programs run, or tells an agent what to
 * do. It counts also when it does not exist yet. `relative` has "/" between its parts. Spellings that some file system takes for the same name
 * count as that name: other case, invisible characters, dots, spaces or a stream's name at its end, and short names such as "GIT~1".
 */
export function isProtected(relative: string): boolean {
  const parts = relative.split("/").map(folded);
  const whole = `/${parts.join("/")}/`;
  if (parts.some(isShortName)) return true;
  if (FOLDERS.some((folder) => whole.includes(`/${folder}/`))) return true;
  const name = parts.at(-1) ?? "";
  return patterns.some((pattern) => pattern.test(name));
}

function folded(part: string): string {
  return part
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\p{Cf}/gu, "")
    .replace(/:.*$/, "")
    .replace(/[. ]+$/, "");
}

/** The name that Windows may know a longer one by: which one, only its disk can say. */
function isShortName(part: string): boolean {
  return /^(?=[^.]{3,8}(\.|$))[^.]{1,6}~\d+(\.[^.]{0,3})?$/.test(part);
}
