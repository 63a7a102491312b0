import { networkOf, writableRootsOf } from "../policy/confinement.ts";
import { hasFullAccess, isConfined, type Permissions, reviewsAfter, runsCommands } from "../policy/permissions.ts";
import { nameWithin } from "./ownTags.ts";

/** What the model is told of its rights. True for what `judge` does and for what the sandbox keeps, sentence by sentence. */
export function permissionsText(permissions: Permissions): string {
  const workspace = `The workspace: ${listed(permissions.workspaceRoots)}`;
  return ["<permissions>", ...rights(permissions), workspace, "</permissions>"].join("\n");
}

function rights(permissions: Permissions): string[] {
  const { approvalPolicy, trusted, trustIsIn = "editor" } = permissions;
  if (!trusted) {
    const { why, remedy } = RESTRICTED[trustIsIn];
    return [
      `Restricted Mode: ${why}. You can read and search files, other than those that may hold credentials, but commands, edits and tools that other programs bring are declined; ${remedy}.`,
    ];
  }
  if (hasFullAccess(permissions)) {
    if (approvalPolicy !== "untrusted")
      return [
        "The user gave full access: commands and edits run at once, without a sandbox and without asking. Only a command that a rule of the user denies is declined.",
      ];
    return [
      `There is no sandbox, as the user chose. The user is asked before each command, each edit, each text typed into a command, each call of a tool that another program brings, and before you read a file that may hold credentials. All else is read without a question. ${JUSTIFY} ${SESSION}`,
    ];
  }
  const nobody = approvalPolicy === "never" ? ["Nobody is asked: what would need the user's consent is declined."] : [];
  return [...nobody, ...commands(permissions), edits(permissions), reading(permissions), ...others(permissions)];
}

const RESTRICTED = {
  editor: {
    why: "the thread's folder is not open and trusted in this window",
    remedy: "the user can open and trust the folder in the editor",
  },
  "config.toml": {
    why: "the user's config.toml calls the thread's folder untrusted",
    remedy: "the user can trust the folder in that file",
  },
} as const;

const SESSION =
  "They may allow the very same command, or edits of the very same files, for the session, so do not vary a command that you repeat. Rules that they saved allow or decline without a question.";
const JUSTIFY = "Give each command a `justification`.";
const PROTECTED =
  "what programs or agents obey unasked, such as .env, AGENTS.md and all in .git, .vscode and .github/workflows, but not what the project is built from, such as package.json or a Makefile";

function commands(permissions: Permissions): string[] {
  const { approvalPolicy } = permissions;
  if (isConfined(permissions)) return [...sandbox(permissions), ...leaving(permissions)];
  if (approvalPolicy === "never")
    return ["There is no sandbox on this machine, so every command is declined that no rule of the user allows."];
  return [
    `There is no sandbox on this machine, so commands run with all the user's rights, and the user is asked before each, also before one that only looks, and before each text typed into one. ${JUSTIFY} ${SESSION}`,
  ];
}

function sandbox(permissions: Permissions): string[] {
  const { sandboxPolicy, approvalPolicy } = permissions;
  const asks =
    approvalPolicy === "untrusted"
      ? `The user is asked before each text typed into one and before each command, except plain ones (no variables, no redirections) that only look at the workspace, such as \`git diff\` or \`rg\`, and read no file that may hold credentials: \`grep -r\` and flags of \`rg\` that show hidden or ignored files are asked about. Give what is asked about a \`justification\`.`
      : "They run, and text is typed into them, without a question.";
  const writes =
    sandboxPolicy.type === "readOnly"
      ? "nothing but temporary files, in a folder of its own that vanishes with it."
      : `files in ${listed(writableRootsOf(permissions))} and nowhere else: ${caches(permissions)}. Protected files (${PROTECTED}) it cannot change there either, and new ones are refused or moved away; an empty .git or .vscode may be the sandbox's own and no part of the project. So \`git diff\` and \`git log\` work, while \`git add\`, \`git commit\` and whatever else writes to .git do not.`;
  return [
    `Commands run in a sandbox. ${asks} In the sandbox a command`,
    `- writes ${writes}`,
    "- reads what the user can read, except the credentials in their home folder, so `gh` and the like cannot sign in. It can read those of the workspace, since its tests need them: leave them alone otherwise.",
    `- ${network(permissions)}`,
    "- sees no processes but its own, and what it starts ends with it.",
  ];
}

/** What the host gives the tools that everybody has. */
function caches(permissions: Permissions): string {
  const other = "whose cache lies elsewhere, such as in the home folder, one there";
  if (!writableRootsOf(permissions).includes(permissions.folders.temporary)) return `give a tool ${other}`;
  return `npm, yarn, pip, uv and builds of Go have caches of their own there, which are empty at first; give another tool ${other}`;
}

function network({ sandboxPolicy, approvalPolicy, sandbox: { kind: by } }: Permissions): string {
  const sockets = "opens no Unix sockets, which Docker and some test runners need";
  const own =
    by === "seatbelt"
      ? "It cannot start a server."
      : "A server that it starts is reached by the same command only: start and use it in one.";
  const kind = networkOf(sandboxPolicy);
  if (kind === "on") return `reaches the network and the servers of this machine, but ${sockets}.`;
  if (kind === "off") return `reaches no host and no server of this machine, and ${sockets}. ${own}`;
  const hosts = sandboxPolicy.type === "workspaceWrite" ? (sandboxPolicy.allowedHosts ?? []) : [];
  const known = hosts.length > 0 ? `${listed(hosts)} (without a port: at ports 80 and 443)` : "no host by itself";
  const others =
    approvalPolicy === "never" ? "and no other host" : "and others once the user, who is asked then, allows the host";
  return `reaches ${known}, ${others}, by the proxy that the usual variables name; what ignores these reaches nothing. It ${sockets}. ${own}`;
}

const WITHIN = "Do not work around the sandbox from within.";

function leaving({ approvalPolicy, sandboxPolicy }: Permissions): string[] {
  if (approvalPolicy === "never")
    return [
      `A command with \`sandbox_permissions\` "require_escalated", which would run outside the sandbox, is declined unless a rule of the user allows it. ${WITHIN}`,
    ];
  return [
    `To run a command outside the sandbox, with all the user's rights, set its \`sandbox_permissions\` to "require_escalated" and say in its \`justification\` also why it cannot work inside. The user is asked about it, and about each text typed into it. Do so when the task needs ${WITHHELD[networkOf(sandboxPolicy)]}, or when a command that it needs failed because of the sandbox. Do not do so to be on the safe side or for what can run inside. Join the commands that one step takes, such as \`git add\` and \`git commit\`, and add no others. Outside, folders of PATH that lie in the workspace or among temporary files do not count: name a program there by its path, such as \`.venv/bin/python\`. ${WITHIN}`,
    SESSION,
  ];
}

/** Examples of what the sandbox withholds, by what of the network it lets through. */
const WITHHELD = {
  off: "what the sandbox withholds, such as packages to install, a commit that was asked for, or a server that the user is to open",
  asks: "what the sandbox withholds, such as a commit that was asked for or a server that the user is to open (not merely another host, about which the user is asked anyway)",
  on: "what the sandbox withholds, such as a commit that was asked for",
} as const;

function listed(names: readonly string[]): string {
  return names.map(nameWithin).join(", ");
}

function edits(permissions: Permissions): string {
  const declines = permissions.approvalPolicy === "never";
  if (!reviewsAfter(permissions)) return declines ? "Every edit is declined." : "The user is asked before each edit.";
  const becomes = declines ? "is declined" : "is asked about first,";
  const what = isConfined(permissions) ? "a protected file" : `a protected file (${PROTECTED})`;
  return `Edits of files in the workspace are made at once, and the user can review them afterwards. A patch with ${what} in it, or with one outside the workspace, ${becomes} as a whole: keep edits of such files in a patch of their own.`;
}

function reading(permissions: Permissions): string {
  const isNever = permissions.approvalPolicy === "never";
  const rest = runsCommands(permissions) ? "anything else is read by a command" : "nothing else can be read";
  const secret = isNever
    ? "They do not read files that may hold credentials, such as .env and private keys"
    : "The user is asked before they read a file that may hold credentials, such as .env or a private key";
  return `Your tools for reading and searching ask nobody in the workspace, in folders for temporary files and in the files that outputs name; ${rest}. ${secret}; searches leave such files out.`;
}

function others({ approvalPolicy }: Permissions): string[] {
  return [
    approvalPolicy === "never"
      ? "Calls of tools that other programs bring are declined, unless these only look."
      : "The user is asked before each call of a tool that another program brings, unless it only looks.",
  ];
}

/** For the model, with the output of a command that the sandbox may have stopped. */
export function escalationAdvice({ approvalPolicy }: Permissions): string {
  if (approvalPolicy === "never")
    return "If it is the sandbox, nobody is asked here: do without what it withholds, and say in your answer what was not done.";
  return `If it is the sandbox, and the task needs this, run the command again with sandbox_permissions "require_escalated" and a justification.`;
}
