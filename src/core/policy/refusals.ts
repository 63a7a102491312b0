import type { TrustPlace } from "../settings.ts";
import type { PathPlace } from "./classifyPath.ts";

/** What the model is told of calls that nobody is asked about. */

export const restricted = {
  editor:
    "Restricted Mode: the thread's folder is not open and trusted in this window, so the agent can read, not edit or run. The user can open and trust it in the editor.",
  "config.toml":
    "Restricted Mode: the user's config.toml calls the thread's folder untrusted, so the agent can read, not edit or run. The user can trust it in that file.",
} as const satisfies Record<TrustPlace, string>;

export const denied =
  "Not run: a rule of the user denies this command. Do not reach the same by another one; go on without it, or end your turn with what you need and why.";

export const unreadable =
  "Not run: the user has rules that deny commands, whether one of them means this one cannot be told, and nobody is asked. Write it as plain commands for bash, or go on without it, and say in your answer what was not run.";

export const unknown =
  "Not run: the user's saved rules cannot be read, one of them may deny this, and nobody is asked. No command runs until the user has mended them, so go on without, and say that in your answer.";

export function inputRefused({ confined }: { readonly confined: boolean }): string {
  const why = confined ? "was started with rights that commands do not have any more" : "runs outside the sandbox";
  return `Not typed: the command ${why}, and nobody is asked. Go on without it, and say in your answer what was not done.`;
}

export const toolRefused =
  "Not called: another program brings this tool, and nobody is asked. Go on without it, and say in your answer what was not done.";

interface Facts {
  readonly isConfined: boolean;
  /** Whether commands run at all, unasked or asked. */
  readonly commandsRun: boolean;
  /** Whether edits of most files are made without a question. */
  readonly editsRun: boolean;
}

export function commandRefused(facts: Facts & { rights: "default" | "escalated" }): string {
  const rest = facts.editsRun ? "reading and editing allow" : "reading allows";
  if (!facts.isConfined)
    return `Not run: there is no sandbox here, and nobody is asked. Do what ${rest}, and say in your answer what was not run.`;
  return "Not run: nobody is asked, so nothing leaves the sandbox. Run it inside, without sandbox_permissions, if it can do its work there. Else go on without it, and say in your answer what was not run.";
}

export function editRefused({ editsRun, refused }: Facts & { refused: readonly string[] }): string {
  if (!editsRun)
    return "Nothing of this patch was made: edits are asked about here, and nobody is. Do what reading allows, and say in your answer what you would have changed.";
  return `Nothing of this patch was made: protected, or outside the workspace, is ${refused.join(", ")}, and nobody is asked. Send the edits of other files as a patch of their own, and say in your answer what you would have changed here.`;
}

export function credentialsRefused(paths: readonly string[]): string {
  return `Not read: ${paths.join(", ")} may hold credentials, and nobody is asked. Go on without it, and say in your answer what you needed of it.`;
}

export function credentialsUnread(path: string): string {
  return `Nothing was done: ${path} may hold credentials, and you have not read it in this turn. Read it with read_file first, which asks the user.`;
}

export function outside(
  { path, realPath }: Pick<PathPlace, "path" | "realPath">,
  { commandsRun }: Pick<Facts, "commandsRun">,
): string {
  const where = realPath === path ? path : `${path} leads to ${realPath}, which`;
  const rest = commandsRun
    ? "If the task needs that file, read it by exec_command."
    : "Commands do not run here either, so go on without it, and say in your answer what you needed of it.";
  return `${where} is outside the workspace, where this tool does not read. ${rest}`;
}
