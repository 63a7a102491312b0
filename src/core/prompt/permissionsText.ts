import { networkOf, writableRootsOf } from "../policy/confinement.ts";
import { hasFullAccess, isConfined, type Permissions, reviewsAfter } from "../policy/permissions.ts";

/** What the model is told of its rights. True for what `judge` does and for what the sandbox keeps, sentence by sentence. */
export function permissionsText(permissions: Permissions): string {
  const workspace = `The workspace: ${permissions.workspaceRoots.join(", ")}`;
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
  "For a session they may allow the very same command again, or further edits of the very same files; a rule that they saved answers for them.";
const JUSTIFY =
  "Give each command a `justification`: what it does and why it is needed, in one sentence by which the user can judge it.";

function commands(permissions: Permissions): string[] {
  const { approvalPolicy } = permissions;
  if (!isConfined(permissions)) {
    if (approvalPolicy === "never")
      return [
        "Commands: there is no sandbox on this machine, so every command is declined that no rule of the user allows.",
      ];
    return [
      `Commands: there is no sandbox on this machine, so each runs with all the user's rights, and the user is asked before each, also one that only looks, and before each text typed into one. ${JUSTIFY} ${SESSION}`,
    ];
  }
  return [
    `Commands run in a sandbox${approvalPolicy === "untrusted" ? ". The user is asked before each, unless it plainly only looks, and before each text typed into one" : ", without asking anybody"}.`,
    ...sandbox(permissions),
    ...leaving(permissions),
  ];
}

function sandbox(permissions: Permissions): string[] {
  const { sandboxPolicy } = permissions;
  const writable = writableRootsOf(permissions);
  const writes =
    sandboxPolicy.type === "readOnly"
      ? "- Written is nothing but temporary files, in a folder of the command's own that vanishes with it."
      : `- Written can be files in ${writable.join(", ")}, and nowhere else. Protected files cannot, there either, and cannot be made: ${PROTECTED}. So whatever writes to .git, such as \`git add\` and \`git commit\`, has to leave the sandbox.`;
  return [
    writes,
    "- Read can be what the user can read, but not the credentials in their home folder. The workspace's own, such as .env, can be read, since its tests need them: leave them alone otherwise.",
    `- ${network(permissions)}`,
    "- What a command starts ends with it, and sees no other processes.",
  ];
}

const PROTECTED =
  "what makes programs run, configures them or instructs agents, such as .env, AGENTS.md and all in .git, .vscode and .github/workflows";

function network({ sandboxPolicy, approvalPolicy }: Permissions): string {
  const own = "a server that a command starts is reached by that command alone, so start and use it in one";
  const kind = networkOf(sandboxPolicy);
  if (kind === "on") return "The network is open.";
  if (kind === "off") return `No host is reached, and ${own}.`;
  const listed = sandboxPolicy.type === "workspaceWrite" ? (sandboxPolicy.allowedHosts ?? []) : [];
  const others =
    approvalPolicy === "never"
      ? "No other host is"
      : "For any other host the user is asked when a command wants to reach it; no host is";
  const known = listed.length > 0 ? `Through a proxy these hosts are reached: ${listed.join(", ")}. ${others}` : others;
  return `${known} reached without the proxy that the usual variables name, and ${own}.`;
}

function leaving({ approvalPolicy }: Permissions): string[] {
  if (approvalPolicy === "never")
    return [
      'A command with `sandbox_permissions` "require_escalated", which is to run outside of it, is declined, unless a rule of the user allows it.',
    ];
  return [
    'To run a command outside of it, with all the user\'s rights, give it `sandbox_permissions` "require_escalated" and a `justification`: what it does and why the sandbox is in its way, in one sentence by which the user, who is asked, can judge it. Do so when the task needs what the sandbox does not give, such as the network for installing a package or a commit that was asked for, or when the output shows that the sandbox stopped the command. Do not do so to be on the safe side, and never try to get around the sandbox from within. `prefix_rule` may propose the first words of the command to be allowed always: words after which nothing harmful can come, such as ["npm", "ci"], and none that run whatever follows, such as ["bash"] or ["git"].',
    SESSION,
  ];
}

function edits(permissions: Permissions): string {
  const declines = permissions.approvalPolicy === "never";
  if (!reviewsAfter(permissions))
    return declines ? "Edits: every edit is declined." : "Edits: the user is asked before each.";
  const becomes = declines ? "is declined" : "is asked about first,";
  return `Edits of files in the workspace are made at once, and the user can review them afterwards. A patch with a protected file in it (${PROTECTED}), or with one outside the workspace, ${becomes} as a whole: keep edits of such files in a patch of their own.`;
}

function reading(permissions: Permissions): string {
  const commandsRun = isConfined(permissions) || permissions.approvalPolicy !== "never";
  const rest = commandsRun ? "anything else is read by a command" : "nothing else can be read";
  const secret = permissions.approvalPolicy === "never" ? "are not read" : "are asked about first";
  return `Your tools for reading and searching ask nobody in the workspace, in folders for temporary files and in the files that outputs name; ${rest}. With them, files that may hold credentials, such as .env and private keys, ${secret}, and searches leave them out.`;
}

function others({ approvalPolicy }: Permissions): string[] {
  const tools = "Tools that other programs bring";
  return [
    approvalPolicy === "never"
      ? `${tools} are declined.`
      : `${tools} are asked about each time, unless they only look.`,
  ];
}

/** For the model, with the output of a command that the sandbox may have stopped. */
export function escalationAdvice({ approvalPolicy }: Permissions): string {
  const may = "The sandbox may be the cause.";
  if (approvalPolicy === "never") return `${may} Nobody is asked here, so nothing runs outside of it.`;
  return `${may} If the task needs this, run the command again with sandbox_permissions "require_escalated" and a justification.`;
}
