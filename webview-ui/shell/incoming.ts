import type { EditorNotificationMethod } from "../../src/protocol/editorMethods.ts";
import type { NotificationMethod, ServerRequestMethod } from "../../src/protocol/methods.ts";
import type { WireMessage } from "../../src/rpc/transport.ts";

const questions: Record<ServerRequestMethod, true> = {
  "item/commandExecution/requestApproval": true,
  "item/fileChange/requestApproval": true,
  "item/permissions/requestApproval": true,
  "mcpServer/elicitation/request": true,
};

const told: Record<NotificationMethod | EditorNotificationMethod, true> = {
  "thread/started": true,
  "thread/status/changed": true,
  "thread/name/updated": true,
  "thread/archived": true,
  "thread/unarchived": true,
  "thread/deleted": true,
  "thread/closed": true,
  "thread/reverted": true,
  "thread/revertUndone": true,
  "thread/queue/changed": true,
  "thread/settings/updated": true,
  "thread/tokenUsage/updated": true,
  "turn/started": true,
  "turn/completed": true,
  "turn/diff/updated": true,
  "turn/plan/updated": true,
  "item/started": true,
  "item/completed": true,
  "item/agentMessage/delta": true,
  "item/reasoning/summaryPartAdded": true,
  "item/reasoning/summaryTextDelta": true,
  "item/reasoning/textDelta": true,
  "item/commandExecution/outputDelta": true,
  "item/fileChange/patchUpdated": true,
  "serverRequest/resolved": true,
  error: true,
  warning: true,
  "change/updated": true,
  "rule/updated": true,
  "sandbox/updated": true,
  "account/login/completed": true,
  "account/updated": true,
  "editor/stateChanged": true,
  "editor/showThread": true,
  "editor/startThread": true,
  "editor/newThread": true,
  "editor/showHistory": true,
  "editor/showRules": true,
  "editor/compose": true,
  "editor/focus": true,
  "editor/agentStopped": true,
};

/** A message for this loading of the page, if it is one that the panel knows; anything else is not looked at. */
export function incoming(data: unknown, page: string): WireMessage | undefined {
  if (!isRecord(data) || data.page !== page) return undefined;
  const { page: _page, ...message } = data;
  const { id, method, params } = message;
  if (method === undefined) return isId(id) && ("result" in message || isRecord(message.error)) ? message : undefined;
  if (typeof method !== "string" || !(isRecord(params) || isBare(message))) return undefined;
  if (id === undefined) return Object.hasOwn(told, method) ? message : undefined;
  return isId(id) && Object.hasOwn(questions, method) ? message : undefined;
}

/** The shell asks whether this loading of the page is still there. */
export function isPing(data: unknown, page: string): boolean {
  return isRecord(data) && data.page === page && data.method === "editor/ping";
}

/** Without params comes only that the agent has stopped. */
function isBare({ method, params }: Record<string, unknown>): boolean {
  return method === "editor/agentStopped" && params === undefined;
}

function isId(id: unknown): boolean {
  return typeof id === "string" || typeof id === "number";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
