import type { Decliner } from "../../protocol/items.ts";
import type { ApprovalPolicy } from "../../protocol/settings.ts";
import type { Effect } from "../tools/effect.ts";
import { isFree, type PathPlace } from "./classifyPath.ts";
import { exceedsRights } from "./confinement.ts";
import { isCredential } from "./credentials.ts";
import type { EffectPlaces } from "./effectPlaces.ts";
import { hasFullAccess, isConfined, type Permissions, reviewsAfter, runsCommands } from "./permissions.ts";
import * as words from "./refusals.ts";

/** How a command is to run: in the sandbox, there too and without writing or reaching anything, or with all the user's rights. */
export type Run = "confined" | "looking" | "unconfined";

/** `run` is of commands. */
export type Judgement =
  | { readonly kind: "allow"; readonly run: Run }
  /** `sessionKey` names what "for this session" would cover; undefined for what is asked about each time. */
  | { readonly kind: "ask"; readonly sessionKey: string | undefined; readonly run: Run }
  /** `message` is for the model, `by` for the surfaces; absent for a read, whose item does not say it. */
  | { readonly kind: "decline"; readonly message: string; readonly by?: Decliner | undefined };

/**
 * By how far an act reaches, and by the policy. Within: a command in the sandbox, typing into one, an edit of the workspace that is reviewed
 * afterwards; and everything, once the user has given full access. Beyond: a command that leaves the sandbox or has none, an edit that is
 * reviewed before, or of a protected file or one outside the workspace, reading credentials, a tool of another program.
 */
const ANSWERS = {
  within: { untrusted: "ask", "on-request": "allow", never: "allow" },
  beyond: { untrusted: "ask", "on-request": "ask", never: "decline" },
} as const satisfies Record<string, Record<ApprovalPolicy, Judgement["kind"]>>;
type Reach = keyof typeof ANSWERS;

type Read = Extract<Effect, { kind: "read" }>;
type Command = Extract<Effect, { kind: "execute" }>;
type Other = Exclude<Effect, Read | Command | { kind: "none" }>;

/** What to do with a call. What is read, run, edited, typed and called without a question is decided here alone. */
export function judge(effect: Effect, permissions: Permissions, places: EffectPlaces): Judgement {
  const { trusted, trustIsIn = "editor" } = permissions;
  if (effect.kind === "none") return allowed;
  if (effect.kind === "read") return judgeRead(effect, permissions, places);
  if (!trusted) return decline(words.restricted[trustIsIn], { kind: "restrictedMode" });
  return effect.kind === "execute" ? judgeCommand(effect, permissions) : judgeOther(effect, permissions, places);
}

/** A rule answers the question for a run with the rights that it names, or with fewer. */
function judgeCommand(command: Command, permissions: Permissions): Judgement {
  const { known, rights } = command;
  if (known?.rule === "deny") return decline(words.denied, { kind: "rule", prefix: [...(known.denied ?? [])] });
  const confined = isConfined(permissions) && rights === "default";
  const isLifted = known?.rule === "allowUnconfined" || (confined && known?.rule === "allow");
  const run = confined ? "confined" : "unconfined";
  if (isLifted) return { kind: "allow", run };
  const doubt = known?.rule === "unreadable" || known?.rule === "unknown" ? known.rule : undefined;
  const reach: Reach = !doubt && (confined || hasFullAccess(permissions)) ? "within" : "beyond";
  const answer = ANSWERS[reach][permissions.approvalPolicy];
  if (answer === "allow") return { kind: "allow", run };
  if (doubt === "unknown" && answer === "decline") return decline(words.unknown, { kind: "rulesUnread" });
  if (doubt && answer === "decline") return decline(words.unreadable, { kind: "commandUnread" });
  if (confined && known?.looksOnly) return { kind: "allow", run: "looking" };
  if (answer === "decline") return decline(words.commandRefused({ ...factsOf(permissions), rights }), notAsked);
  return { kind: "ask", sessionKey: doubt === "unknown" ? undefined : sessionKeyOf(command, run), run };
}

function judgeOther(effect: Other, permissions: Permissions, places: EffectPlaces): Judgement {
  const answer = ANSWERS[reachOf(effect, permissions, places)][permissions.approvalPolicy];
  if (answer === "allow") return allowed;
  if (answer === "ask") {
    const isObeyed = places.written.some((place) => place.protected);
    return {
      kind: "ask",
      sessionKey: isObeyed ? undefined : sessionKeyOf(landed(effect, places.written)),
      run: "unconfined",
    };
  }
  switch (effect.kind) {
    case "edit": {
      const refused = places.written.filter((place) => !isFree(place)).map(({ path }) => path);
      return decline(words.editRefused({ ...factsOf(permissions), refused }), notAsked);
    }
    case "input":
      return decline(words.inputRefused(effect.rights), notAsked);
    case "tool":
      return decline(words.toolRefused, notAsked);
  }
}

function reachOf(effect: Other, permissions: Permissions, { written }: EffectPlaces): Reach {
  if (hasFullAccess(permissions)) return "within";
  switch (effect.kind) {
    case "edit":
      return reviewsAfter(permissions) && written.every(isFree) ? "within" : "beyond";
    case "input":
      return effect.rights.confined && !exceedsRights(effect.rights, permissions) ? "within" : "beyond";
    case "tool":
      return "beyond";
  }
}

/** Files of the workspace are read, credentials when the user allows it; anything else goes through a command. */
function judgeRead(effect: Read, permissions: Permissions, { read }: EffectPlaces): Judgement {
  const full = hasFullAccess(permissions);
  const outside = full ? undefined : read.find(({ place }) => place === "outside");
  if (outside !== undefined) return decline(words.outside(outside, factsOf(permissions)));
  const secret = read.filter(({ path, realPath }) => isCredential(path) || isCredential(realPath));
  if (secret.length === 0) return allowed;
  const answer = ANSWERS[full ? "within" : "beyond"][permissions.approvalPolicy];
  if (answer === "allow") return allowed;
  if (answer === "ask" && permissions.trusted)
    return { kind: "ask", sessionKey: sessionKeyOf(landed(effect, read)), run: "unconfined" };
  return decline(words.credentialsRefused(secret.map(({ path }) => path)));
}

/** What a session allows is the files that the paths led to, not whatever a link may lead to later. */
function landed<T extends Read | Other>(effect: T, places: readonly PathPlace[]): T {
  return places.length === 0 ? effect : { ...effect, paths: places.flatMap(({ path, realPath }) => [path, realPath]) };
}

function factsOf(permissions: Permissions) {
  return {
    isConfined: isConfined(permissions),
    commandsRun: runsCommands(permissions),
    editsRun: reviewsAfter(permissions),
  };
}

const notAsked: Decliner = { kind: "approvalPolicy" };
const allowed: Judgement = { kind: "allow", run: "unconfined" };

function decline(message: string, by?: Decliner): Judgement {
  return { kind: "decline", message, by };
}

/** Two calls with the same key are the same thing to the user. What is typed answers a question that may be another one each time. */
function sessionKeyOf(effect: Read | Command | Other, rights?: Run): string | undefined {
  switch (effect.kind) {
    case "execute":
      return JSON.stringify(["execute", rights, effect.cwd, ...effect.argv]);
    case "input":
      return undefined;
    case "read":
    case "edit":
      return JSON.stringify([effect.kind, ...[...effect.paths].sort()]);
    case "tool":
      return JSON.stringify(["tool", effect.server, effect.name, effect.args]);
  }
}
