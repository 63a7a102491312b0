import type { EditorState } from "../../../src/protocol/editorMethods.ts";
import type { ListedModel } from "../../../src/protocol/methods.ts";
import type { Checkpoint, RestoredFile, ReviewedFile } from "../../../src/protocol/review.ts";
import type { Rule } from "../../../src/protocol/rules.ts";
import type { ApprovalPolicy, EditReview, SandboxPolicy, SandboxState } from "../../../src/protocol/settings.ts";
import type { Thread } from "../../../src/protocol/threads.ts";
import { command, ROOT, read, say, search, think, userWithProblem } from "./items.ts";
import * as sample from "./samples.ts";

/** What can be restored, and what that does. */
export interface SampleCheckpoints {
  data: Checkpoint[];
  files: RestoredFile[];
}

/** One state of the panel: what the server and the shell say, and what was saved before. */
export interface Scene {
  saved: { threadId?: string; draft?: unknown } | undefined;
  hasKey: boolean;
  editor: EditorState;
  /** Requests of this method are only answered once the test says so. */
  silent?: string;
  threads?: Thread[];
  /** The list of the history, when it differs from the threads. */
  history?: Thread[];
  models?: ListedModel[];
  model?: string;
  provider?: string;
  fullAccess?: boolean;
  approvalPolicy?: ApprovalPolicy;
  sandboxPolicy?: SandboxPolicy;
  /** What confines commands; bubblewrap unless given. */
  sandbox?: SandboxState;
  rules?: Rule[];
  /** The files under review. */
  changes?: ReviewedFile[];
  editReview?: EditReview;
  checkpoints?: SampleCheckpoints;
  /** Sent after a thread was opened. */
  notifications?: { method: string; params: unknown }[];
  questions?: { method: string; params: { itemId: string } & Record<string, unknown> }[];
}

export const editor: EditorState = {
  workspaceName: "acme-http",
  workspaceRoots: [ROOT],
  demoOffered: true,
  trusted: true,
  storageRoot: "/home/dev/.patchwright",
  defaults: {
    approvalPolicy: "on-request",
    sandboxPolicy: { type: "workspaceWrite", writableRoots: [], networkAccess: false },
    editReview: "after",
  },
  windowId: "window-1",
};

export const usage = (percent: number) => {
  const count = percent * 2000;
  const counts = {
    totalTokens: count,
    inputTokens: count - 800,
    cachedInputTokens: 0,
    outputTokens: 800,
    reasoningOutputTokens: 0,
  };
  const tokenUsage = { total: counts, last: counts, modelContextWindow: 200_000 };
  return { method: "thread/tokenUsage/updated", params: { threadId: "t", turnId: "a", tokenUsage } };
};

export function opened(threads: Thread[], more: Partial<Scene> = {}): Scene {
  return { saved: { threadId: "t" }, hasKey: true, editor, threads, notifications: [usage(38)], ...more };
}

export const TITLE = "Fix flaky retry test";
export const firstMessage = () =>
  userWithProblem(
    "The retry test is flaky on CI: some runs send a fourth request. Find the cause and fix it.",
    "Timer may be used before it is set",
    "retry.ts:44: Variable 'timer' is used before being assigned. ts(2454)",
  );

export function beginning() {
  const first = firstMessage();
  const thought = think(
    "**Reading the timer**\n\nThe fourth request is sent 200 ms after the third settles. That is one delay, so a timer from an earlier attempt must still be pending.\n\nOnly line 43 sets a timer, and nothing clears it.",
    6,
  );
  const looked = [
    read("src/retry.ts", 1, 62),
    read("src/backoff.ts", 1, 40),
    search("setTimeout\\("),
    read("test/retry.test.ts", 60, 61),
    read("package.json"),
    search("clearTimeout"),
  ];
  const failed = command("npm test -- retry --repeat 20", sample.failedOutput, {
    status: "failed",
    exitCode: 1,
    durationMs: 3400,
  });
  const found = say(
    "Reproduced: 1 run in 20 sends a fourth request. The timer set at [retry.ts:43](packages/http/src/retry.ts:43) outlives a request that has already settled.",
  );
  return { first, thought, looked, failed, found };
}
