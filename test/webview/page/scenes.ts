import type { ItemOf, ThreadItem } from "../../../src/protocol/items.ts";
import type { Thread } from "../../../src/protocol/threads.ts";
import { askingScenes } from "./askingScenes.ts";
import { model } from "./fakeServer.ts";
import {
  change,
  command,
  edit,
  NOW_MS,
  plan,
  ROOT,
  resetIds,
  running,
  runningCommand,
  say,
  saying,
  thinking,
  thread,
  tool,
  turn,
  user,
} from "./items.ts";
import { queue, queueStopped } from "./queueScenes.ts";
import { reviewScenes } from "./reviewScenes.ts";
import { rightsScenes } from "./rightsScenes.ts";
import * as sample from "./samples.ts";
import { beginning, editor, firstMessage, opened, type Scene, TITLE, usage } from "./scene.ts";

function atWork(): Scene {
  const { first, thought, looked, failed, found } = beginning();
  const items = [
    first,
    thought,
    ...looked,
    failed,
    found,
    edit([sample.retryDiff]),
    runningCommand("npm test -- retry --repeat 50", sample.runningOutput),
  ];
  const steps = plan(
    thought.id,
    ["Reproduce the extra request", "completed"],
    ["Clear the timer when a request settles", "completed"],
    ["Run the retry tests 50 times", "inProgress"],
    ["Run the whole suite", "pending"],
  );
  return opened([thread("t", TITLE, [turn("a", items, { ...running, ...(steps ? { plan: steps } : {}) })])]);
}

function finished(): Scene {
  const { first, thought, looked, failed, found } = beginning();
  const items = [
    first,
    thought,
    ...looked,
    failed,
    found,
    edit([sample.changelogDiff]),
    edit([sample.newTest]),
    edit([sample.retryDiff]),
    command("npm test -- retry --repeat 50", sample.passedOutput),
    command("npm test", "412 passed\n", { durationMs: 48_000 }),
    say(sample.answer),
  ];
  const steps = plan(
    thought.id,
    ["Reproduce", "completed"],
    ["Fix", "completed"],
    ["Prove", "completed"],
    ["All", "completed"],
  );
  const draft = {
    text: "",
    attachments: [
      { kind: "mention", name: "retry.ts", path: `${ROOT}/packages/http/src/retry.ts` },
      { kind: "mention", name: "retry.test.ts:80–96", path: `${ROOT}/packages/http/test/retry.test.ts` },
    ],
  };
  const turns = [turn("a", items, steps ? { plan: steps } : {})];
  return opened([thread("t", TITLE, turns)], { saved: { threadId: "t", draft }, notifications: [usage(41)] });
}

/** A question about edits. */
function askingEdit(changes: Parameters<typeof edit>[0], reason: string): Scene {
  const { first, looked, failed, found } = beginning();
  const asked = edit(changes, "inProgress");
  const params = { threadId: "t", turnId: "a", itemId: asked.id, startedAtMs: NOW_MS - 8000, reason };
  const questions = [{ method: "item/fileChange/requestApproval", params }];
  return opened([thread("t", TITLE, [turn("a", [first, ...looked, failed, found, asked], running)])], { questions });
}

function failing(codexErrorInfo: string, message: string): Scene {
  const { first, found } = beginning();
  const error = { message, codexErrorInfo: codexErrorInfo as never };
  const stopped = turn("s", [user("Try the other way."), say("I will.")], {
    status: "interrupted",
    durationMs: 42_000,
  });
  return opened([thread("t", TITLE, [stopped, turn("a", [first, found], { status: "failed", error })])]);
}

function unanswered(): Scene {
  const error = { message: "The server failed.", codexErrorInfo: "serverOverloaded" as const };
  return opened([thread("t", TITLE, [turn("a", [user("Find the flake.")], { status: "failed", error })])]);
}

function retrying(): Scene {
  const { first, found } = beginning();
  const error = { message: "Atlas 4 asks to wait.", codexErrorInfo: "rateLimitExceeded" };
  const params = { threadId: "t", turnId: "a", error, willRetry: true, attempt: 2, maxAttempts: 5, retryInMs: 8000 };
  const items = [turn("a", [first, found], running)];
  return opened([thread("t", TITLE, items)], { notifications: [usage(92), { method: "error", params }] });
}

function rowStates(): Scene {
  const kinds = [
    user("Show every kind of row."),
    thinking("**Does the timer outlive the request?**\n\nIt must."),
    tool("read_file", { path: "src/backoff.ts" }, "inProgress"),
    command("npm test -- retry --repeat 50", sample.passedOutput, { completedAtMs: NOW_MS }),
    command("npm run nothing", "", { exitCode: 0, durationMs: 90, completedAtMs: NOW_MS }),
    command("sleep 100", "", { status: "failed", exitCode: null, durationMs: 9000, completedAtMs: NOW_MS }),
    command("rm -rf /", "", { status: "declined", exitCode: null, durationMs: null, completedAtMs: NOW_MS }),
    edit([change("src/backoff.ts", "@@ -1 +1 @@\n-a\n+b\n")], "inProgress"),
    edit([change("src/backoff.ts", "@@ -1 +1 @@\n-a\n+b\n")], "declined"),
    edit([change("src/backoff.ts", "@@ -1 +1 @@\n-a\n+b\n")], "failed"),
    tool("teleport", { to: "moon" }, "failed"),
    edit([sample.retryDiff, sample.newTest]),
    saying("Now I look at the `retry` options, and"),
  ];
  return opened([thread("t", "Row states", [turn("a", kinds, running)])]);
}

function history(): Scene {
  const hours = 3600;
  const at = (id: string, name: string, ago: number, more: Partial<Thread> = {}) =>
    thread(id, name, [], { updatedAt: NOW_MS / 1000 - ago, preview: `${name}, please`, ...more });
  const waiting: Thread["status"] = { type: "active", activeFlags: ["waitingOnApproval"] };
  const list = [
    at("h1", "Rename the retry transport", 120, { status: waiting }),
    at("h2", TITLE, 5, { status: { type: "active", activeFlags: [] } }),
    at("h3", "Retry on HTTP 429 as well", 40 * 60),
    at("h4", "Explain the retry budget", 1.5 * hours, { elsewhere: "a window of Code with /home/ada/acme-docs" }),
    at("h5", "Add a changelog", 26 * hours),
    at("h6", "Move retry options into one type", 6 * 24 * hours),
    at("h7", "Port retry tests to the new runner", 7 * 24 * hours, { status: { type: "systemError" } }),
    at("h8", "Set up the workspace", 60 * 24 * hours),
  ];
  return opened([thread("t", TITLE, [turn("a", [firstMessage()])])], { history: list });
}

/** Turns of one message and one answer, `count` of them. */
export function longThread(count: number): Scene {
  const turns = Array.from({ length: count }, (_, at) =>
    turn(`turn-${at}`, [user(`Question ${at}`), say(`Answer ${at}\n\nwith a second paragraph.`)], { durationMs: 1000 }),
  );
  return opened([thread("t", "Long thread", turns)]);
}

/** A fork that was condensed twice and is being condensed again. */
function condensed(): Scene {
  const compaction = (more: Partial<ItemOf<"contextCompaction">>): ThreadItem => ({
    type: "contextCompaction",
    id: `c${more.tokensBefore}`,
    startedAtMs: NOW_MS - 9000,
    completedAtMs: NOW_MS - 2000,
    ...more,
  });
  const copied = turn("z", [user("Make the client retry."), say("It retries now.")], {
    startedAt: NOW_MS / 1000 - 200,
  });
  const first = [user("Find the flake."), compaction({ reason: "auto", tokensBefore: 182_000, tokensAfter: 12_400 })];
  const stopped = turn("c", [compaction({ reason: "manual", tokensBefore: 40_000 })], { status: "interrupted" });
  const live = compaction({ reason: "manual", tokensBefore: 190_000, completedAtMs: null });
  const turns = [
    copied,
    turn("b", [...first, say("The timer outlives the request.")]),
    stopped,
    turn("a", [user("Fix it."), say("I clear the timer when the request settles."), live], running),
  ];
  const message =
    "This thread has been condensed 2 times, and each time details are lost. For a new task, start a new thread.";
  const warning = { method: "warning", params: { threadId: "t", message, remedy: "newThread" } };
  const origin = thread("origin", "Make the client retry", []);
  const fork = thread("t", TITLE, turns, { forkedFromId: "origin" });
  return opened([fork, origin], { notifications: [usage(94), warning] });
}

function streaming(): Scene {
  const items = [user("Write."), say("Earlier."), { ...saying(""), id: "live" }];
  return opened([thread("t", "Streaming", [turn("old", [user("Before"), say("Done.")]), turn("a", items, running)])]);
}

const noKey = (demoOffered: boolean): Scene => ({
  saved: undefined,
  hasKey: false,
  editor: { ...editor, demoOffered },
  models: [],
});

const made: Record<string, () => Scene> = {
  "welcome-demo": () => noKey(true),
  "welcome-no-key": () => noKey(false),
  welcome: () => ({ saved: undefined, hasKey: true, editor }),
  "welcome-restricted": () => ({ saved: undefined, hasKey: true, editor: { ...editor, trusted: false } }),
  "welcome-in-demo": () => ({ saved: undefined, hasKey: true, editor, models: [model("demo", "demo", "")] }),
  "welcome-no-folder": () => ({
    saved: undefined,
    hasKey: true,
    editor: { ...editor, workspaceName: undefined, workspaceRoots: [] },
  }),
  "welcome-late": () => ({ saved: undefined, hasKey: true, editor, silent: "editor/state" }),
  "at-work": atWork,
  finished,
  "approval-edit": () => askingEdit([sample.retryDiff], "Clears the timer when a request settles."),
  "approval-long-lines": () => askingEdit([sample.longLines], "Says that nothing may come back."),
  "approval-edits": () => askingEdit([sample.retryDiff, sample.newTest], "Fixes the timer and proves it."),
  "approval-outside": () =>
    askingEdit(
      [change("/home/dev/.npmrc", "@@ -4 +4,2 @@\n save-exact=true\n+fetch-timeout=120000\n")],
      "Makes npm wait for slow networks, as CI does.",
    ),
  failed: () =>
    failing(
      "serverOverloaded",
      "The model closed the connection after 5 attempts. Your files are safe. Try again in a minute.",
    ),
  unauthorized: () => failing("unauthorized", "The server does not accept this API key. Enter another one."),
  unanswered,
  retrying,
  "row-states": rowStates,
  history,
  demo: () => ({ ...atWork(), provider: "demo", model: "demo", models: [model("demo", "demo", "")] }),
  "demo-over": () => ({ ...atWork(), provider: "demo", model: "demo" }),
  restricted: () => ({ ...finished(), editor: { ...editor, trusted: false } }),
  full: () => ({ ...finished(), fullAccess: true }),
  markdown: () => opened([thread("t", "Markdown", [turn("a", [user("Tell me."), say(sample.richAnswer)])])]),
  hostile: () => opened([thread("t", "Hostile", [turn("a", [user("<b>bold?</b>"), say(sample.hostileAnswer)])])]),
  streaming,
  queue,
  "queue-stopped": queueStopped,
  "steer-by-enter": () => ({ ...queue(), editor: { ...editor, enterWhileRunning: "steer" } }),
  condensed,
  "two-turns": () =>
    opened([
      thread("t", TITLE, [
        turn("b", [user("Make the client retry."), say("It retries now.")]),
        turn("a", [firstMessage(), say("The timer outlives the request.")]),
      ]),
    ]),
  long: () => longThread(300),
  ...askingScenes(),
  ...rightsScenes({ finished }),
  ...reviewScenes({ atWork, finished, askingEdit }),
};

export const scenes: Record<string, () => Scene> = Object.fromEntries(
  Object.entries(made).map(([name, scene]) => [
    name,
    () => {
      resetIds();
      return scene();
    },
  ]),
);
