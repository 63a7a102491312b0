import { AgentError } from "../protocol/errors.ts";
import type { ApprovalPolicy, EditReview, SandboxMode } from "../protocol/settings.ts";
import { type AgentSettings, sandboxPolicyOf } from "./settings.ts";
import type { JournalledSettings } from "./store/records.ts";
import type { ThreadDeps } from "./threadDeps.ts";

/** What a client may choose when it opens a thread; the user's settings hold for the rest. */
export interface ThreadOptions {
  readonly cwd?: string | null | undefined;
  readonly model?: string | null | undefined;
  readonly approvalPolicy?: ApprovalPolicy | null | undefined;
  readonly sandbox?: SandboxMode | null | undefined;
  readonly editReview?: EditReview | null | undefined;
}

/** What a client may say of a new thread besides. */
export interface NewThreadOptions extends ThreadOptions {
  /** What starts it, for whoever lists threads. */
  readonly threadSource?: string | null | undefined;
}

/** What a new thread begins with. */
export async function newThreadSettings(
  options: ThreadOptions,
  deps: Pick<ThreadDeps, "settings" | "provider">,
): Promise<JournalledSettings> {
  const settings = deps.settings();
  const { model, effort, approvalPolicy, sandboxMode, editReview } = settings;
  const provider = await deps.provider();
  return {
    model: model ?? "",
    modelProvider: provider.name,
    effort: effort ?? null,
    approvalPolicy,
    sandboxPolicy: sandboxPolicyOf(sandboxMode, settings),
    editReview: editReview ?? "before",
    ...chosenSettings(options, settings),
  };
}

/** What the client chose. */
export function chosenSettings(
  { model, approvalPolicy, sandbox, editReview }: ThreadOptions,
  settings: AgentSettings,
): Partial<JournalledSettings> {
  return {
    ...(model ? { model } : {}),
    ...(approvalPolicy ? { approvalPolicy } : {}),
    ...(sandbox ? { sandboxPolicy: sandboxPolicyOf(sandbox, settings) } : {}),
    ...(editReview ? { editReview } : {}),
  };
}

/** Rejects with `invalid` what is not the absolute path of a folder. */
export async function requireFolder(path: string, { host, paths }: Pick<ThreadDeps, "host" | "paths">): Promise<void> {
  const isAbsolute = paths.resolve("/", path) === paths.resolve("/elsewhere", path);
  const there = isAbsolute ? await host.files.stat(path, new AbortController().signal) : undefined;
  if (there?.kind === "folder") return;
  throw new AgentError("invalid", `${path} is not a folder to work in. Give the absolute path of one that is there.`);
}
