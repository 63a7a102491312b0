import type { RequestMethod, RequestParams, RequestResult } from "../../src/protocol/methods.ts";
import type { Client } from "../../src/rpc/client.ts";

/** What can be asked about one thread. */
export type ThreadMethod = {
  [M in RequestMethod]: RequestParams<M> extends { threadId: string } ? M : never;
}[RequestMethod];

export interface ThreadQuery {
  searchTerm?: string;
  everywhere?: boolean;
  archived?: boolean;
  cursor?: string | undefined;
}

/** The threads of these folders, the newest first; of all folders when there are none. */
export function listThreads(
  client: Client,
  roots: readonly string[],
  { searchTerm, everywhere, archived, cursor }: ThreadQuery,
): Promise<RequestResult<"thread/list">> {
  return client.request("thread/list", {
    limit: 50,
    cwd: everywhere || roots.length === 0 ? null : [...roots],
    cursor: cursor ?? null,
    archived: archived ?? false,
    searchTerm: searchTerm || null,
  });
}
