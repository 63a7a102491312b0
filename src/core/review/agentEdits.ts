import type { FileEdit } from "../../host/files.ts";
import type { ChangeAuthor } from "../../protocol/review.ts";
import type { EditReview } from "../../protocol/settings.ts";

/** An edit of the agent, and when the user reviews it: what was allowed before is accepted once it is made. */
export interface PlannedEdits {
  readonly edits: readonly FileEdit[];
  readonly author: ChangeAuthor;
  readonly review: EditReview;
}

/** What an edit of the agent came to. */
export interface AppliedEdits {
  readonly changes: readonly { readonly edit: FileEdit }[];
  readonly result: { readonly adjusted: ReadonlyMap<string, Uint8Array> };
}
