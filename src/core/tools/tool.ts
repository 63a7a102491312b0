import type { FileEdit, Landings } from "../../host/files.ts";
import type { Host } from "../../host/host.ts";
import type { ThreadItem } from "../../protocol/items.ts";
import type { EditReview } from "../../protocol/settings.ts";
import type { PlanStep } from "../../protocol/threads.ts";
import type { Clock } from "../clock.ts";
import type { PlannedChange } from "../patch/plan.ts";
import type { Paths } from "../policy/paths.ts";
import type { Permit } from "../policy/permit.ts";
import type { Secrets } from "../policy/secrets.ts";
import type { AppliedEdits } from "../review/agentEdits.ts";
import type { Amendment, Effect } from "./effect.ts";
import type { Terminals } from "./terminals.ts";

/** How the user allowed a call. */
export interface Allowance {
  /** Where the paths led when the call was judged, of what is edited or read. */
  readonly landings?: Landings | undefined;
  readonly amendment?: Amendment | undefined;
  /** "before" when the user was asked about this very call and said yes: what it does to files is accepted, and needs no review. */
  readonly review?: EditReview | undefined;
  /** Leave to run a command, with the rights that it gets. */
  readonly permit?: Permit | undefined;
}

/** What goes back to the model: text, or pictures with text. */
export type ToolOutput = string | readonly ToolContent[];
export type ToolContent =
  | { readonly type: "input_text"; readonly text: string }
  | { readonly type: "input_image"; readonly image_url: string; readonly detail: "auto" };

/** What a call may use. Paths from the model are resolved against `cwd`. */
export interface CallContext {
  readonly host: Host;
  /** What is cut out of texts of files before they are cut short. The rest is cut where outputs go. */
  readonly secrets: Secrets;
  readonly paths: Paths;
  readonly clock: Clock;
  readonly cwd: string;
  readonly terminals: Terminals;
  /** Which call this is, for what it changes. */
  readonly threadId: string;
  readonly turnId: string;
  readonly itemId: string;
  /** Aborted when the user stops the turn. */
  readonly signal: AbortSignal;
  /** Sends more of a running command's output to the surfaces. */
  onOutput(text: string): void;
  /** Replaces the turn's plan. */
  onPlan(explanation: string | undefined, steps: readonly PlanStep[]): void;
  /** Makes edits by `apply`, so that they come under review, unless they had theirs before. Rejects as `apply` does. */
  edit<T extends AppliedEdits>(
    edits: { readonly edits: readonly FileEdit[]; readonly review: EditReview },
    apply: () => Promise<T>,
  ): Promise<T>;
  /** Reports a command that runs until `ended`: what it does to files comes under review. */
  onCommand(ended: Promise<unknown>): void;
  /** Reports edits that were applied. */
  onEdits(changes: readonly PlannedChange[]): void;
  /** Reports a command that was left in the background once it has ended; resolves when that is kept. Never rejects. */
  onBackgroundEnd(item: ThreadItem): Promise<void>;
  /** Tells the user, in full sentences. */
  warn(message: string): void;
  /** Rejects with `permissionDenied`, in words for the model, when the file may not be read without asking. */
  checkReadable(path: string): Promise<void>;
}

export interface ToolResult {
  readonly output: ToolOutput;
  /** The item as it ended; absent when nothing is shown. */
  readonly item?: ThreadItem | undefined;
}

/** A call whose arguments are understood and whose effect is known, before anything was done. */
export interface PreparedCall {
  readonly effect: Effect;
  /** The item as it starts; absent when nothing is shown. */
  readonly item?: ThreadItem | undefined;
  /** With what the user changed of it, which was checked. */
  run(allowance?: Allowance): Promise<ToolResult>;
}

/** A tool as the model is told of it. Sent byte for byte the same with every request of a thread. */
export type ToolSpec =
  | {
      readonly type: "function";
      readonly name: string;
      readonly description: string;
      readonly parameters: object;
      readonly strict: false;
    }
  | { readonly type: "custom"; readonly name: string; readonly description: string; readonly format: object };

export interface Tool {
  readonly name: string;
  /** `customTools` says whether the model takes free-form input with a grammar. */
  spec(model: { readonly customTools: boolean }): ToolSpec;
  /**
   * Understands the input: JSON text of a function call, or the free text of a custom one. Rejects with AgentError, whose message is for the
   * model, when it cannot; nothing has been done then.
   */
  prepare(input: string, context: CallContext): Promise<PreparedCall>;
}

/** The output as surfaces show it. */
export function contentOf(output: ToolOutput): { type: "inputText"; text: string }[] {
  const texts =
    typeof output === "string" ? [output] : output.flatMap((part) => (part.type === "input_text" ? [part.text] : []));
  return texts.map((text) => ({ type: "inputText", text }));
}
