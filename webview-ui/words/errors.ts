import { RpcError } from "../../src/rpc/connection.ts";

/** Which kind of error the server says that it is; undefined for all others. */
export function codeOf(error: unknown): unknown {
  return error instanceof RpcError ? (error.data as { code?: unknown } | undefined)?.code : undefined;
}

/** What went wrong, as its maker says it. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
