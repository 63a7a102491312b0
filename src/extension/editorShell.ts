import type * as z from "zod";
import { type EditorRequestMethod, type EditorRequestResult, editorRequests } from "../protocol/editorMethods.ts";
import { toAgentError } from "../protocol/errors.ts";
import { rpcErrorCodes } from "../rpc/connection.ts";
import type { WireMessage } from "../rpc/transport.ts";

type Params<M extends EditorRequestMethod> = z.output<(typeof editorRequests)[M]["params"]>;

/** What the shell does for the panel; one function a method. */
export type EditorActions = {
  readonly [M in EditorRequestMethod]: (params: Params<M>) => Promise<EditorRequestResult<M>>;
};

/** True for what the shell answers; everything else is the server's. */
export function isForShell(message: WireMessage): boolean {
  return typeof message.method === "string" && message.method.startsWith("editor/");
}

/** Checks and carries out one request of the panel; resolves with the answer to post, undefined for what is no request. */
export async function answerEditorRequest(
  actions: EditorActions,
  { id, method, params }: WireMessage,
): Promise<WireMessage | undefined> {
  if (typeof id !== "string" && typeof id !== "number") return undefined;
  const failed = (code: number, message: string, data?: unknown) => ({ id, error: { code, message, data } });
  if (!isEditorMethod(method)) return failed(rpcErrorCodes.methodNotFound, `Unknown method: ${String(method)}`);
  const parsed = editorRequests[method].params.safeParse(params ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return failed(
      rpcErrorCodes.invalidParams,
      `Invalid params at ${issue?.path.join(".") || "the top"}: ${issue?.message}`,
    );
  }
  try {
    const action = actions[method] as (params: unknown) => Promise<unknown>;
    return { id, result: await action(parsed.data) };
  } catch (error) {
    const { code, message } = toAgentError(error);
    return failed(rpcErrorCodes.internalError, message, { code });
  }
}

function isEditorMethod(method: unknown): method is EditorRequestMethod {
  return typeof method === "string" && Object.hasOwn(editorRequests, method);
}
