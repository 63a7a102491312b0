import { networkOf, writableRootsOf } from "../policy/confinement.ts";
import { hasFullAccess, isConfined, type Permissions, reviewsAfter } from "../policy/permissions.ts";
import { nameWithin } from "./ownTags.ts";

/** What the model is told of its rights. True for what `judge` does and for what the sandbox keeps, sentence by sentence. */
export function permissionsText(permissions: Permissions): string {
  const workspace = `The workspace: ${permissions.workspaceRoots.map(nameWithin).join(", ")}`;
  return ["<permissions>", ...rights(permissions), workspace, "</permissions>"].join("\n");
}

function rights(permissions: Permissions): string[] {
  const { approvalPolicy, trusted } = permissions;
  if (!trusted)
    return [
      "Restricted Mode: the thread's folder is not open and trusted in this window. You can read and search files, other than those that may hold credentials, but commands and edits are declined; the user can open and trust the folder in the editor.",
    ];
  if (hasFullAccess(permissions)) {
    if (approvalPolicy !== "untrusted")
      return [
        "The user gave full access: commands and edits run at once, without a sandbox and without asking. Only a command that a rule of the user denies is declined.",
      ];
    return [
      `There is no sandbox, as the user chose: before each command, each edit, each text typed into a command and each call of a tool that another program brings the user is asked, and before a file is read that may hold credentials. All else is read without asking. ${SESSION} ${JUSTIFY}`,
    ];
  }
  const nobody = approvalPolicy === "never" ? ["Nobody is asked: what would need the user's consent is declined."] : [];
  return [...nobody, ...commands(permissions), edits(permissions), reading(permissions), ...others(permissions)];
}

const SESSION =
  "For a session they may allow the very same command again, or further edits of the very same files; rules that they saved answer for them.";
const JUSTIFY =
  "Give each command a `justification`: what it does and why it is needed, in one sentence by which the user can judge it.";
const PROTECTED =
  "what makes programs run, configures them or instructs agents, such as .env, AGENTS.md and all in .git, .vscode and .github/workflows";

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
      ? "The user is asked before each that does more than look, and before each text typed into one."
      : "They run without a question, and text is typed into them without one.";
  const writes =
    sandboxPolicy.type === "readOnly"
      ? "nothing but temporary files, in a folder of its own that vanishes with it."
      : `files in ${writableRootsOf(permissions).map(nameWithin).join(", ")} and nowhere else. Protected files (${PROTECTED}) it cannot change there either, and new ones are refused or moved away. So \`git add\`, \`git commit\` and whatever else writes to .git has to leave the sandbox.`;
  return [
    `Commands run in a sandbox. ${asks} In the sandbox a command`,
    `- writes ${writes}`,
    "- reads what the user can read, except the credentials in their home folder. It can read those of the workspace, since its tests need them: leave them alone otherwise.",
    `- ${network(permissions)}`,
    "- sees no processes but its own, and what it starts ends with it.",
  ];
}

function network({ sandboxPolicy, approvalPolicy }: Permissions): string {
  const own = "A server that it starts is reached by the same command only: start and use one in one command.";
  const kind = networkOf(sandboxPolicy);
  if (kind === "on") return "reaches the network.";
  if (kind === "off") return `reaches no host. ${own}`;
  const listed = sandboxPolicy.type === "workspaceWrite" ? (sandboxPolicy.allowedHosts ?? []) : [];
  const known = listed.length > 0 ? listed.join(", ") : "no host by itself";
  const others =
    approvalPolicy === "never" ? "and no other host" : "and others once the user, who is asked then, allows the host";
  return `reaches ${known}, ${others}, by the proxy that the usual variables name. ${own}`;
}

function leaving({ approvalPolicy }: Permissions): string[] {
  if (approvalPolicy === "never")
    return [
      'A command with `sandbox_permissions` "require_escalated", which would run outside the sandbox, is declined unless a rule of the user allows it.',
    ];
  return [
    'To run one outside the sandbox, with all the user\'s rights, set its `sandbox_permissions` to "require_escalated" and give a `justification`: what it does and why it cannot work inside, in one sentence for the user, who is asked about it and about each text typed into it. Do so when the task needs what the sandbox withholds, such as installing a package or a commit that was asked for, or when a command failed because of the sandbox. Do not do so to be on the safe side, and do not work around the sandbox from within. With `prefix_rule` you may propose first words to be allowed always: only such as are harmless whatever follows them, like ["gh", "pr", "view"], never ["bash"], ["git"] or a script of the workspace.',
    SESSION,
  ];
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
  const rest = isConfined(permissions) || !isNever ? "anything else is read by a command" : "nothing else can be read";
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
  const may = "The sandbox may be the cause.";
  if (approvalPolicy === "never") return `${may} Nobody is asked here, so nothing runs outside of it.`;
  return `${may} If the task needs this, run the command again with sandbox_permissions "require_escalated" and a justification.`;
}
