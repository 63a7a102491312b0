import type { RequestParams, RequestResult } from "../../protocol/methods.ts";

/** All changes of the agent that the user has neither kept nor undone, over all threads of this host. */
export class ChangeStore {
  async list(_selection: RequestParams<"change/list">): Promise<RequestResult<"change/list">> {
    return { data: [] };
  }

  async read(_file: RequestParams<"change/read">): Promise<RequestResult<"change/read">> {
    return { baseline: null, current: null };
  }

  async accept(_selection: RequestParams<"change/accept">): Promise<RequestResult<"change/accept">> {
    return { skipped: [] };
  }

  async reject(_selection: RequestParams<"change/reject">): Promise<RequestResult<"change/reject">> {
    return { skipped: [] };
  }
}
