import * as z from "zod";
import {
  commandApprovalAnswer,
  commandApprovalParams,
  fileChangeApprovalAnswer,
  fileChangeApprovalParams,
  readApprovalAnswer,
  readApprovalParams,
  toolApprovalAnswer,
  toolApprovalParams,
} from "./approvals.ts";
import { messageRequests } from "./messageMethods.ts";
import type { notifications } from "./notifications.ts";
import { reviewRequests } from "./reviewMethods.ts";
import { newRule, rule } from "./rules.ts";
import { reasoningEffort, sandboxState } from "./settings.ts";
import { empty, nothing } from "./shapes.ts";
import { threadRequests } from "./threadMethods.ts";

const model = z.object({
  id: z.string(),
  model: z.string(),
  displayName: z.string(),
  description: z.string(),
  hidden: z.boolean(),
  isDefault: z.boolean(),
  defaultReasoningEffort: reasoningEffort,
  supportedReasoningEfforts: z.array(z.object({ reasoningEffort, description: z.string() })),
});
export type ListedModel = z.infer<typeof model>;

/** What a client asks of the server. A row is the name, the validation and the types of both ends. */
export const requests = {
  initialize: {
    params: z.object({
      clientInfo: z.object({ name: z.string(), title: z.string().nullish(), version: z.string() }),
      capabilities: z
        .object({ experimentalApi: z.boolean().optional(), optOutNotificationMethods: z.array(z.string()).nullish() })
        .nullish(),
    }),
    result: z.object({
      userAgent: z.string(),
      codexHome: z.string(),
      platformFamily: z.string(),
      platformOs: z.string(),
      /** An addition of Patchwright. */
      sandbox: sandboxState.optional(),
    }),
  },
  ...threadRequests,
  ...messageRequests,
  ...reviewRequests,
  /** An addition of Patchwright, as are the next two: what the user settled for good, in the order in which it was. */
  "rule/list": { params: nothing, result: z.object({ data: z.array(rule) }) },
  /** Without an id a new rule; otherwise this one is changed. What a rule may not say is refused with the reason. */
  "rule/write": {
    params: z.object({ id: z.string().nullish(), rule: newRule }),
    result: z.object({ rule }),
  },
  "rule/delete": { params: z.object({ id: z.string() }), result: z.object({ deleted: z.boolean() }) },
  "model/list": {
    params: z.object({ cursor: z.string().nullish(), limit: z.int().nullish(), includeHidden: z.boolean().nullish() }),
    result: z.object({ data: z.array(model), nextCursor: z.string().nullish() }),
  },
  "account/read": {
    params: z.object({ refreshToken: z.boolean().optional() }),
    result: z.object({
      account: z.object({ type: z.literal("apiKey") }).nullable(),
      requiresOpenaiAuth: z.boolean(),
    }),
  },
  /** No surface, log or journal may show the key. */
  "account/login/start": {
    params: z.object({ type: z.literal("apiKey"), apiKey: z.string() }),
    result: z.object({ type: z.literal("apiKey") }),
  },
  "account/logout": { params: nothing, result: empty },
} as const;

/** What the server asks of its clients, and awaits. The first answer wins; the others get `serverRequest/resolved`. */
export const serverRequests = {
  "item/commandExecution/requestApproval": { params: commandApprovalParams, result: commandApprovalAnswer },
  "item/fileChange/requestApproval": { params: fileChangeApprovalParams, result: fileChangeApprovalAnswer },
  /** A file that may hold credentials is to be read. */
  "item/permissions/requestApproval": { params: readApprovalParams, result: readApprovalAnswer },
  /** A tool that another program brings is to be called. */
  "mcpServer/elicitation/request": { params: toolApprovalParams, result: toolApprovalAnswer },
} as const;

type Rows = Record<string, { params: z.ZodType; result: z.ZodType }>;
type ParamsIn<T extends Rows, M extends keyof T> = z.input<T[M]["params"]>;
type ResultOut<T extends Rows, M extends keyof T> = z.output<T[M]["result"]>;

export type RequestMethod = keyof typeof requests;
export type RequestParams<M extends RequestMethod> = ParamsIn<typeof requests, M>;
export type RequestResult<M extends RequestMethod> = ResultOut<typeof requests, M>;
export type ServerRequestMethod = keyof typeof serverRequests;
export type ServerRequestParams<M extends ServerRequestMethod> = ParamsIn<typeof serverRequests, M>;
export type ServerRequestResult<M extends ServerRequestMethod> = ResultOut<typeof serverRequests, M>;
export type NotificationMethod = keyof typeof notifications;
export type NotificationParams<M extends NotificationMethod> = z.output<(typeof notifications)[M]>;

/** A notification as a value, told apart by its method. */
export type ServerNotification = {
  [M in NotificationMethod]: { method: M; params: NotificationParams<M> };
}[NotificationMethod];
