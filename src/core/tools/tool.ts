import * as z from "zod";
import type { FileEdit, Landings } from "../../host/files.ts";
import type { Host } from "../../host/host.ts";
import type { CommandRights, FileChangeApprovalAnswer } from "../../protocol/approvals.ts";
import { AgentError } from "../../protocol/errors.ts";
import type { ThreadItem } from "../../protocol/items.ts";
import type { ReviewedFile } from "../../protocol/review.ts";
import type { EditReview } from "../../protocol/settings.ts";
import type { PlanStep } from "../../protocol/threads.ts";
import type { Clock } from "../clock.ts";
import type { PlannedChange } from "../patch/plan.ts";
import type { Paths } from "../policy/paths.ts";
import type { Permit } from "../policy/permit.ts";
import type { Secrets } from "../policy/secrets.ts";
import type { AppliedEdits } from "../review/agentEdits.ts";
import { truncate } from "./boundedText.ts";
import type { Terminals } from "./terminals.ts";

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

/** An edit as the user is asked about it. */
export interface Proposal {
  files(): ReviewedFile[];
  /** Throws `invalid` or `unfaithful`, in words for the user, when the edit cannot be made in this way. */
  check(amendment: Amendment): void;
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

/** Parameters as JSON Schema, as the model gets them. */
export function parametersOf(schema: z.ZodType): object {
  const { $schema: _, ...parameters } = z.toJSONSchema(schema, { target: "draft-7", io: "input" });
  return parameters;
}

/** The arguments of a function call. Rejects with `invalid`, naming each field and what is wrong with it. */
export function parseArguments<T extends z.ZodType>(name: string, schema: T, input: string): z.output<T> {
  const parsed = schema.safeParse(parseJson(name, input));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join(".") || "arguments"}: ${issue.message}`);
  throw new AgentError("invalid", `The arguments of ${name} do not fit. ${problems.join("; ")}.`);
}

/** The same for a tool whose schema only its owner knows. */
export function parseObject(name: string, input: string): Record<string, unknown> {
  return parseArguments(name, z.record(z.string(), z.unknown()), input);
}

function parseJson(name: string, input: string): unknown {
  try {
    return JSON.parse(input === "" ? "{}" : input);
  } catch (error) {
    throw new AgentError("invalid", `The arguments of ${name} are not valid JSON: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

interface Definition<T extends z.ZodType> {
  readonly name: string;
  readonly description: string;
  readonly args: T;
  /** What a person reads of the call, in a few words. */
  title(args: z.output<T>): string;
  effect(args: z.output<T>, context: CallContext): Effect;
  /** Resolves with the output for the model, which is truncated when it is too long. An AgentError it throws is told to the model as the call's failure. */
  run(args: z.output<T>, context: CallContext, allowance: Allowance): Promise<ToolOutput>;
}

/** A tool with JSON arguments that surfaces show as one row with a title. */
export function defineTool<T extends z.ZodType>(definition: Definition<T>): Tool {
  const { name, description, args: schema } = definition;
  return {
    name,
    spec: () => ({ type: "function", name, description, parameters: parametersOf(schema), strict: false }),
    async prepare(input, context) {
      const args = parseArguments(name, schema, input);
      const item = {
        type: "dynamicToolCall",
        id: context.itemId,
        tool: name,
        arguments: args,
        title: definition.title(args),
        status: "inProgress",
        contentItems: null,
        success: null,
      } as const satisfies ThreadItem;
      return {
        effect: definition.effect(args, context),
        item,
        async run(allowance = {}) {
          const whole = await definition.run(args, context, allowance);
          const output = typeof whole === "string" ? truncate(whole) : whole;
          return { output, item: { ...item, status: "completed", success: true, contentItems: contentOf(output) } };
        },
      };
    },
  };
}

/** The output as surfaces show it. */
export function contentOf(output: ToolOutput): { type: "inputText"; text: string }[] {
  const texts =
    typeof output === "string" ? [output] : output.flatMap((part) => (part.type === "input_text" ? [part.text] : []));
  return texts.map((text) => ({ type: "inputText", text }));
}
