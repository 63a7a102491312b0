/**
 * Folders whose files decide what programs run, or what an agent is told, without the user starting the project's own code: when a folder is
 * opened, a shell enters it, or git, a package manager, a debugger or the prompt of a language is started in it. What the user starts knowingly
 * (package.json, Makefile, build scripts, tests) is not among them. A "/" means one folder directly in the other.
 */
const FOLDERS = [
  ".git",
  ".hg",
  ".svn",
  ".jj",
  ".sl",
  ".vscode",
  ".vscode-server",
  ".idea",
  ".fleet",
  ".zed",
  ".helix",
  ".theia",
  ".devcontainer",
  ".husky",
  ".githooks",
  ".github/workflows",
  ".github/actions",
  ".github/instructions",
  ".github/prompts",
  ".github/agents",
  ".github/hooks",
  ".github/skills",
  ".github/chatmodes",
  ".gitea/workflows",
  ".forgejo/workflows",
  ".circleci",
  ".buildkite",
  ".woodpecker",
  ".yarn/releases",
  ".yarn/plugins",
  ".cargo",
  ".mise",
  ".direnv",
  ".patchwright",
  ".agents",
  ".agent",
  ".codex",
  ".claude",
  ".cursor",
  ".windsurf",
  ".clinerules",
  ".roo",
  ".continue",
  ".gemini",
  ".opencode",
  ".kiro",
  ".junie",
  ".amazonq",
  ".augment",
  ".factory",
  ".kilocode",
  ".pi",
  ".qwen",
  ".trae",
  ".ssh",
  ".gnupg",
];

/** Files of the same kind, by their name anywhere; a "*" stands for any letters. */
const FILES = [
  "*.code-workspace",
  "*.sublime-project",
  ".git",
  ".gitmodules",
  ".gitconfig",
  ".gitlab-ci.yml",
  ".travis.yml",
  "azure-pipelines.yml",
  "bitbucket-pipelines.yml",
  "Jenkinsfile",
  ".drone.yml",
  ".woodpecker.yml",
  ".pre-commit-config.yaml",
  "lefthook*.y*ml",
  ".lefthook*.y*ml",
  ".devcontainer.json",
  ".env*",
  ".tool-versions",
  "mise*.toml",
  ".mise*.toml",
  ".mcp.json",
  "AGENTS.md",
  "AGENTS.override.md",
  "CLAUDE.md",
  "CLAUDE.local.md",
  "GEMINI.md",
  "QWEN.md",
  "WARP.md",
  "opencode.json*",
  "crush.json",
  ".crush.json",
  "copilot-instructions.md",
  ".cursorrules",
  ".windsurfrules",
  ".clinerules",
  ".roomodes",
  ".goosehints",
  ".aider.conf.yml",
  ".bashrc",
  ".bash_profile",
  ".bash_login",
  ".bash_logout",
  ".bash_aliases",
  ".profile",
  ".xprofile",
  ".login",
  ".kshrc",
  ".cshrc",
  ".tcshrc",
  ".zshrc",
  ".zshenv",
  ".zprofile",
  ".zlogin",
  ".zlogout",
  ".inputrc",
  ".tmux.conf",
  ".vimrc",
  ".exrc",
  ".nvimrc",
  ".nvim.lua",
  ".lazy.lua",
  ".dir-locals*.el",
  ".gdbinit",
  ".lldbinit",
  ".pdbrc",
  ".pdbrc.py",
  ".irbrc",
  ".pryrc",
  ".iex.exs",
  ".ghci",
  ".ocamlinit",
  ".octaverc",
  ".Rprofile",
  ".Renviron",
  ".psqlrc",
  ".curlrc",
  ".wgetrc",
  ".npmrc",
  ".yarnrc",
  ".yarnrc.yml",
  ".pnpmfile.*js",
  "bunfig.toml",
  ".ripgreprc",
  ".netrc",
  ".pypirc",
];

/** What is made to be shown, and no program reads in place of the file itself. */
const EXAMPLE = /^\.env.*\.(example|sample|template|dist)$/;

/** A workspace that lies in one of these is no project: its files are the folder's own. */
const NEVER_A_PROJECT = [".git", ".hg", ".svn", ".ssh", ".gnupg"];

/** All names, for who cannot ask about each path. */
export const protectedNamePatterns: readonly string[] = [...new Set([...FOLDERS, ...FILES])];

/** What is protected by an exact name, and so could be a link that is obeyed as what it leads to. */
export const protectedNames: readonly string[] = protectedNamePatterns.filter((name) => !name.includes("*"));

/** This is asked of every entry of a workspace: so exact names are looked up, and the few others are one expression. */
const fileNames = new Set(FILES.filter((name) => !name.includes("*")).map((name) => name.toLowerCase()));
const filePatterns = new RegExp(
  `^(${FILES.filter((name) => name.includes("*"))
    .map((name) => name.toLowerCase().replaceAll(".", "\\.").replaceAll("*", ".*"))
    .join("|")})$`,
);
const folderNames = new Set(FOLDERS.filter((name) => !name.includes("/")));
const folderPaths = FOLDERS.filter((name) => name.includes("/"));

/**
 * Whether an edit of this file always asks first, whatever else runs unasked: because the file makes programs run, or tells an agent what to
 * do. It counts also when it does not exist yet. `relative` has "/" between its parts. Spellings that some file system takes for the same name
 * count as that name: other case, invisible characters, dots, spaces or a stream's name at its end, and short names such as "GIT~1".
 */
export function isProtected(relative: string): boolean {
  const parts = relative.split("/").map(folded);
  if (parts.some((part) => folderNames.has(part) || isShortName(part))) return true;
  const name = parts.at(-1) ?? "";
  if (fileNames.has(name) || (filePatterns.test(name) && !EXAMPLE.test(name))) return true;
  const whole = `/${parts.join("/")}/`;
  return folderPaths.some((folder) => whole.includes(`/${folder}/`));
}

/**
 * Whether a file of a workspace is protected by its name there, or by where the workspace itself lies: one that is called ".github" or ".vscode"
 * holds the same files as the folder of that name elsewhere. A project that only lies below ".vscode/extensions" or the like is one as any other.
 */
export function isProtectedIn(root: string, relative: string): boolean {
  if (isProtected(relative)) return true;
  const above = root.split(/[\\/]+/).filter((part) => part !== "");
  const name = above.at(-1);
  if (name !== undefined && relative !== "." && isProtected(`${name}/${relative}`)) return true;
  return above.map(folded).some((part) => NEVER_A_PROJECT.includes(part));
}

function folded(part: string): string {
  return foldedLetters(part)
    .replace(/:.*$/, "")
    .replace(/[. ]+$/, "");
}

/** Upper case first, since some file systems fold by it: "\u00df" is "SS" there. */
function foldedLetters(part: string): string {
  if (/^[\x20-\x7e]*$/.test(part)) return part.toLowerCase();
  return part
    .normalize("NFKC")
    .toUpperCase()
    .toLowerCase()
    .normalize("NFKC")
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, "");
}

/** The name that Windows may know a longer one by: which one, only its disk can say. */
function isShortName(part: string): boolean {
  return /^(?=[^.]{3,8}(\.|$))[^.]{1,6}~\d+(\.[^.]{0,3})?$/.test(part);
}
