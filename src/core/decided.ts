import type { FileChangeApprovalAnswer } from "../protocol/approvals.ts";
import type { Amendment } from "./tools/effect.ts";

/** What the user decided, whatever the question was about. */
export type Decided =
  | {
      readonly kind: "allow";
      readonly lasts: "once" | "turn" | "session";
      readonly amendment?: Amendment | undefined;
      readonly always?: Always | undefined;
    }
  | { readonly kind: "decline"; readonly feedback: string | undefined }
  | { readonly kind: "cancel" }
  /** `problem` is for the user, who is asked again. */
  | { readonly kind: "unusable"; readonly problem: string };

/** All commands that begin with these words are to be allowed. */
export interface Always {
  readonly prefix: readonly string[];
  readonly scope: "workspace" | "user";
}

/** The decisions that may be offered where nothing can be allowed for longer. */
export const ONCE: ("accept" | "decline" | "cancel")[] = ["accept", "decline", "cancel"];

/** The decision in a client's answer. */
export function decidedOf(decision: FileChangeApprovalAnswer["decision"], feedback: string | undefined): Decided {
  switch (decision) {
    case "accept":
      return { kind: "allow", lasts: "once" };
    case "acceptForSession":
      return { kind: "allow", lasts: "session" };
    case "decline":
      return { kind: "decline", feedback };
    case "cancel":
      return { kind: "cancel" };
  }
}
