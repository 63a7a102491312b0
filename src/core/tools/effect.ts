import type { CommandRights, FileChangeApprovalAnswer } from "../../protocol/approvals.ts";
import type { ReviewedFile } from "../../protocol/review.ts";

/** What a call does to the world. The policy judges this, never the tool's name. */
export type Effect =
  | { readonly kind: "none" }
  | { readonly kind: "read"; readonly paths: readonly string[] }
  | { readonly kind: "edit"; readonly paths: readonly string[]; readonly proposal?: Proposal | undefined }
  | {
      readonly kind: "execute";
      readonly argv: readonly string[];
      readonly cwd: string;
      /** As shown to the user. */
      readonly command: string;
      readonly reason?: string | undefined;
      /** "escalated" when it is to run outside the sandbox. */
      readonly rights: "default" | "escalated";
      /** What the model proposes to be allowed always. */
      readonly prefixRule?: readonly string[] | undefined;
      /** Absent as long as nobody has looked. */
      readonly known?: KnownCommand | undefined;
    }
  /** Typing into a terminal that runs already, with the rights that it was started with. */
  | { readonly kind: "input"; readonly command: string; readonly chars: string; readonly rights: CommandRights }
  /** Calling a tool that another program brings. */
  | {
      readonly kind: "tool";
      readonly server: string;
      readonly name: string;
      /** In the words of that program. */
      readonly description: string;
      readonly args: Readonly<Record<string, unknown>>;
    };

/** What the parsed command line shows, and what the user's rules say of it. */
export interface KnownCommand {
  readonly looksOnly: boolean;
  /**
   * "unreadable": there are rules that deny, and whether one of them means this line cannot be told. "unknown": the rules themselves cannot be read,
   * or not all of them.
   */
  readonly rule?: "deny" | "unreadable" | "unknown" | "allow" | "allowUnconfined" | undefined;
  /** The words of the rule that denies it. */
  readonly denied?: readonly string[] | undefined;
}

/** What the user may change of an edit in allowing it. */
export type Amendment = Pick<FileChangeApprovalAnswer, "acceptedHunks" | "editedContent">;

/** An edit as the user is asked about it. */
export interface Proposal {
  files(): ReviewedFile[];
  /** Throws `invalid` or `unfaithful`, in words for the user, when the edit cannot be made in this way. */
  check(amendment: Amendment): void;
}
