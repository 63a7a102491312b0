import { hasFullAccess, isConfined, type Permissions, reviewsAfter } from "../policy/permissions.ts";

/** How the model is to work with the rights that it has. */
export function modeText(permissions: Permissions): string {
  return `<mode>\n${mode(permissions)}\n</mode>`;
}

function mode(permissions: Permissions): string {
  const { approvalPolicy, sandboxPolicy, trusted } = permissions;
  if (hasFullAccess(permissions) && approvalPolicy !== "untrusted")
    return "Full access. Nobody reads a command or an edit before it happens, so be the one who does: look before you delete, overwrite or send, and ask first where a step cannot be undone and was not requested.";
  if (reviewsAfter(permissions))
    return "Edit, then review. Your edits are in the user's files at once, and the user decides afterwards, also while you work, what of them stays. Keep each to one purpose, and go on without asking for that review or waiting for it.";
  if (!trusted || approvalPolicy === "never") {
    if (trusted && isConfined(permissions))
      return "Look, do not touch. Answer from what you can read, search and run, and change no file of the user's by a command either. Where a change is called for, show it in your answer, exact and ready to use, and say that it was not made.";
    return "Look, do not touch. Answer from what you can read and search. Where a change or a command is called for, show it in your answer, exact and ready to use, and say that it was neither made nor run.";
  }
  const commands = isConfined(permissions) ? "every command that does more than look" : "every command";
  const read =
    approvalPolicy === "untrusted" || !isConfined(permissions)
      ? `The user reads ${commands} and every edit, as a diff, before it happens.`
      : "The user reads every edit, as a diff, before it is made: change files by edits rather than commands, so that they can.";
  const asked = `Ask before each edit. ${read} Keep each to one purpose and small enough to be read, and do not ask for consent in text as well: the call itself asks. The user may take an edit as it is, in part or rewritten, and its output says which.`;
  return sandboxPolicy.type === "readOnly"
    ? `${asked} The user chose to have things looked at: propose an edit only when the message plainly asks for a change.`
    : asked;
}
