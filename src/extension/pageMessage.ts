import { editorRequests } from "../protocol/editorMethods.ts";
import { queueChanges } from "../protocol/messageMethods.ts";
import type { RequestMethod } from "../protocol/methods.ts";
import type { WireMessage } from "../rpc/transport.ts";

/** A message of the panel's page that may be passed on, and the id of the page. */
export interface PageMessage {
  readonly page: string;
  readonly message: WireMessage;
}

/**
 * What the panel asks of the server. The server can do more, such as take another key: that is nobody's business who shows what a model
 * writes.
 */
export const panelMethods: ReadonlySet<string> = new Set<RequestMethod>([
  "initialize",
  "account/read",
  "model/list",
  "thread/start",
  "thread/resume",
  "thread/read",
  "thread/list",
  "thread/context/read",
  "thread/name/set",
  "thread/archive",
  "thread/unarchive",
  "thread/delete",
  "thread/unsubscribe",
  "thread/fork",
  "thread/revert",
  "thread/compact/start",
  ...queueChanges,
  "thread/settings/update",
  "turn/start",
  "turn/steer",
  "turn/interrupt",
  "change/list",
  "change/accept",
  "change/reject",
  "checkpoint/list",
  "checkpoint/restore",
  "rule/list",
  "rule/write",
  "rule/delete",
]);

const notifications = new Set(["initialized", "editor/here"]);

/** More than any message of the panel has, pictures included; in characters. */
const MOST_CHARACTERS = 32 * 2 ** 20;
const MOST_DEPTH = 32;

/** What the page sent, if it is one of its messages: of the right form, of no more than their size, of a method that it has. */
export function pageMessage(value: unknown): PageMessage | undefined {
  if (!isRecord(value) || !isSmall(value)) return undefined;
  const { page, ...message } = value;
  if (typeof page !== "string" || page.length > 100) return undefined;
  return isAnswer(message) || isRequest(message) || isNotification(message) ? { page, message } : undefined;
}

function isRequest({ id, method, params, ...rest }: Record<string, unknown>): boolean {
  if (!isId(id) || typeof method !== "string" || !isNothing(rest) || !isParams(params)) return false;
  return panelMethods.has(method) || Object.hasOwn(editorRequests, method);
}

function isNotification({ method, params, ...rest }: Record<string, unknown>): boolean {
  return typeof method === "string" && notifications.has(method) && isNothing(rest) && isParams(params);
}

/** To a question of the server, which looks at what is in it. */
function isAnswer({ id, result, error, ...rest }: Record<string, unknown>): boolean {
  return isId(id) && isNothing(rest) && (isRecord(result) ? error === undefined : isRecord(error));
}

function isId(id: unknown): boolean {
  return typeof id === "number" || (typeof id === "string" && id.length <= 100);
}

function isParams(params: unknown): boolean {
  return params === undefined || isRecord(params);
}

function isNothing(rest: Record<string, unknown>): boolean {
  return Object.values(rest).every((value) => value === undefined);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** False for what is too much or nested too deep, and for names that are no data. */
function isSmall(value: unknown): boolean {
  let left = MOST_CHARACTERS;
  const fits = (part: unknown, depth: number): boolean => {
    left -= typeof part === "string" ? part.length : 8;
    if (left < 0 || depth > MOST_DEPTH) return false;
    if (Array.isArray(part)) return part.every((each) => fits(each, depth + 1));
    if (!isRecord(part)) return typeof part !== "function";
    return Object.entries(part).every(([name, each]) => {
      left -= name.length;
      return name !== "__proto__" && fits(each, depth + 1);
    });
  };
  return fits(value, 0);
}
