import type { ApprovalPolicy, EditReview, SandboxPolicy } from "../../protocol/settings.ts";
import type { Effect } from "../tools/tool.ts";
import { isFree } from "./classifyPath.ts";
import type { EffectPlaces } from "./effectPlaces.ts";

/** What the user allows in a thread. */
export interface Permissions {
  readonly approvalPolicy: ApprovalPolicy;
  readonly sandboxPolicy: SandboxPolicy;
  readonly editReview: EditReview;
  /** False in Restricted Mode, and for a thread whose folder is not open: nothing is run or edited. */
  readonly trusted: boolean;
  readonly workspaceRoots: readonly string[];
  /** Folders beside the workspace whose files may be read: for temporary files, and for outputs of commands. */
  readonly readableRoots: readonly string[];
}

export type Judgement =
  | { readonly kind: "allow" }
  /** `sessionKey` names what "for this session" would cover; undefined for what is asked about each time. */
  | { readonly kind: "ask"; readonly sessionKey: string | undefined }
  /** `message` is for the model. */
  | { readonly kind: "decline"; readonly message: string };

const allow: Judgement = { kind: "allow" };

/**
 * What to do with a call. There is no sandbox, so every command and every edit asks; only full access, chosen by the user, runs unasked
 * (and not with `untrusted`, which asks for everything), and `never` declines instead of asking. Edits that the user reviews afterwards run
 * unasked whatever asks for commands.
 */
export function judge(effect: Effect, permissions: Permissions, places: EffectPlaces): Judgement {
  if (effect.kind === "none") return allow;
  const fullAccess = permissions.sandboxPolicy.type === "dangerFullAccess";
  if (effect.kind === "read") return judgeRead(permissions, places);
  if (!permissions.trusted) {
    return decline(
      "Restricted Mode: the thread's folder is not open and trusted in this window, so the agent can read, not edit or run. The user can open and trust it in the editor.",
    );
  }
  if (fullAccess && permissions.approvalPolicy !== "untrusted") return allow;
  if (effect.kind === "edit" && reviewsAfter(permissions) && places.written.every(isFree)) return allow;
  if (permissions.approvalPolicy === "never") {
    if (reviewsAfter(permissions)) return declineUnasked(effect, places);
    return decline(
      "The approval policy is `never` and there is no sandbox, so nothing may be run or edited. Do what reading allows, and say in your answer what you would have done.",
    );
  }
  const isObeyed = places.written.some((place) => place.protected);
  return { kind: "ask", sessionKey: isObeyed ? undefined : sessionKeyOf(effect) };
}

/** Where nobody is asked, and edits of most files run all the same. */
function declineUnasked(effect: Effect, { written }: EffectPlaces): Judgement {
  if (effect.kind !== "edit") {
    return decline(
      "Nobody is asked and there is no sandbox, so no command is run. Do what reading and editing allow, and say in your answer what was not run.",
    );
  }
  const refused = written.filter((place) => !isFree(place)).map(({ path }) => path);
  return decline(
    `Nobody is asked, so nothing of this patch was made: protected, or outside the workspace, is ${refused.join(", ")}. Send the edits of other files as a patch of their own, and say in your answer what you would have changed here.`,
  );
}

/** True when edits of files in the workspace run at once, and the user keeps or undoes them later. */
export function reviewsAfter({ editReview, sandboxPolicy, trusted }: Permissions): boolean {
  return trusted && editReview === "after" && sandboxPolicy.type !== "readOnly";
}

/** Files of the workspace may be read; anything else goes through a command, which asks. */
function judgeRead({ sandboxPolicy }: Permissions, { read }: EffectPlaces): Judgement {
  if (sandboxPolicy.type === "dangerFullAccess") return allow;
  const outside = read.find(({ place }) => place === "outside");
  if (outside === undefined) return allow;
  const { path, realPath } = outside;
  const where = realPath === path ? path : `${path} leads to ${realPath}, which`;
  return decline(
    `${where} is outside the workspace, where this tool does not read. If the task needs that file, read it by exec_command.`,
  );
}

function decline(message: string): Judgement {
  return { kind: "decline", message };
}

/** Two calls with the same key are the same thing to the user. What is typed answers a question that may be another one each time. */
function sessionKeyOf(effect: Exclude<Effect, { kind: "none" | "read" }>): string | undefined {
  switch (effect.kind) {
    case "execute":
      return JSON.stringify(["execute", effect.cwd, ...effect.argv]);
    case "input":
      return undefined;
    case "edit":
      return JSON.stringify(["edit", ...[...effect.paths].sort()]);
  }
}
