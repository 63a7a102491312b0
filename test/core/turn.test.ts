import assert from "node:assert/strict";
import { test } from "node:test";
import { call, customCall, message, plan, reasoning } from "../../src/core/model/demo/output.ts";
import { applyNotification } from "../../src/protocol/applyNotification.ts";
import type { ThreadItem } from "../../src/protocol/items.ts";
import type { Thread } from "../../src/protocol/threads.ts";
import { viewOf } from "../../src/protocol/threadView.ts";
import { createFakeClock, quickClock } from "../support/fakeClock.ts";
import { assertGolden } from "../support/golden.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { type MemoryCommand, prints } from "../support/memoryProcesses.ts";
import { cutAfter, fail, hangAfter } from "../support/modelServerReply.ts";
import { type Play, type PlayOptions, play } from "../support/play.ts";
import { normalize } from "../support/transcript.ts";

/** Says one thing to a scripted model and compares the whole conversation on the wire with the golden text of this name. */
async function check(name: string, options: PlayOptions, meanwhile: (played: Play, ids: Ids) => unknown = () => {}) {
  const played = await play(options);
  const { thread } = await played.start();
  const started = { threadId: thread.id, input: [{ type: "text" as const, text: "Do it." }] };
  const { turn } = await played.client.request("turn/start", started);
  await meanwhile(played, { threadId: thread.id, turnId: turn.id });
  await played.told("turn/completed");
  const transcript = [...played.transcript];
  const { host } = new URL(played.server.baseUrl);
  await checkReducer(played, thread);
  await played.close();
  assertGolden(`turn/${name}.txt`, normalize(transcript, { replace: { [host]: "model.test" } }));
}

interface Ids {
  readonly threadId: string;
  readonly turnId: string;
}

/** A surface that applied all notifications shows what one that reads the thread now shows. */
async function checkReducer({ client, transcript }: Play, started: Thread) {
  const view = viewOf({ ...started, turns: [] });
  for (const { from, message } of transcript) {
    if (from === "server" && message.id === undefined) applyNotification(view, structuredClone(message) as never);
  }
  const { thread } = await client.request("thread/read", { threadId: started.id, includeTurns: true });
  const { turns, ...rest } = thread;
  assert.deepEqual({ ...view.thread, updatedAt: rest.updatedAt }, rest);
  assert.deepEqual(view.turns, turns);
}

const patch = "*** Begin Patch\n*** Update File: a.txt\n@@\n-one\n+1\n two\n*** End Patch\n";
const workspace = () =>
  createMemoryHost({
    files: { "/workspace/a.txt": "one\ntwo\n" },
    commands: [prints("npm test", "1 passed\n")],
  });

test("an answer in words", () => check("answer", { script: [[reasoning("Easy."), message("Done.")]] }));

test("a plan, a command and a patch, each allowed", async () => {
  const host = workspace();
  await check("work", {
    host,
    script: [
      [
        reasoning("Look first."),
        plan(["Look", "in_progress"], ["Change", "pending"]),
        call("read_file", { path: "a.txt" }),
      ],
      [call("exec_command", { cmd: "npm test", justification: "Shows what fails." })],
      [customCall("apply_patch", patch)],
      [message("Done.")],
    ],
  });
  const { bytes } = await host.files.read("/workspace/a.txt", new AbortController().signal);
  assert.equal(new TextDecoder().decode(bytes), "1\ntwo\n");
});

test("reads of one answer end in the order of their calls, also when a later one is faster", async () => {
  const host = workspace();
  const { files } = host;
  const slowly: typeof files.read = async (path, signal) => {
    if (path.endsWith("a.txt")) for (let turns = 0; turns < 50; turns++) await new Promise(setImmediate);
    return files.read(path, signal);
  };
  const played = await play({
    host: { ...host, files: { ...files, read: slowly } },
    script: [[call("read_file", { path: "a.txt" }), call("read_file", { path: "missing.txt" })], [message("Done.")]],
  });
  const { thread } = await played.start();
  await played.say(thread.id, "Do it.");
  await played.close();
  const ended = played.transcript.flatMap(({ message: { method, params } }) => {
    const item = method === "item/completed" ? (params as { item: ThreadItem }).item : undefined;
    return item?.type === "dynamicToolCall" ? [item.title] : [];
  });
  assert.deepEqual(ended, ["Read a.txt", "Read missing.txt"]);
});

test("a command and a patch, both declined", () =>
  check("declined", {
    host: workspace(),
    script: [[call("exec_command", { cmd: "npm test" })], [customCall("apply_patch", patch)], [message("Then not.")]],
    answer: ({ method }) =>
      method === "item/fileChange/requestApproval"
        ? { decision: "decline", feedback: "Not now." }
        : { decision: "decline" },
  }));

test("stopped while the model answers", () =>
  check(
    "interrupted",
    { clock: quickClock(), script: [hangAfter(5, message("One two three four five six seven."))] },
    async ({ client, told }, ids) => {
      await told("item/agentMessage/delta");
      await client.request("turn/interrupt", ids);
    },
  ));

test("a server that fails again and again", () => {
  const clock = createFakeClock();
  return check(
    "failed",
    {
      clock,
      settings: { maxRetries: 2 },
      script: [cutAfter(7, message("I begin well enough.")), fail(503), fail(503)],
    },
    async ({ told }) => {
      for (const delayMs of [150, 300]) {
        await told("error");
        await clock.sleeping(delayMs);
        clock.advance(delayMs);
      }
    },
  );
});

test("a command in the background, typed into and stopped", async () => {
  const clock = createFakeClock();
  const asks: MemoryCommand = {
    match: "ask",
    async run({ print, input, forever }) {
      print("Name? ");
      print(`Hello ${await input()}`);
      await forever();
    },
  };
  await check(
    "background",
    {
      clock,
      host: createMemoryHost({ commands: [asks] }),
      script: [
        [call("exec_command", { cmd: "ask", tty: true, yield_time_ms: 1000 })],
        [call("write_stdin", { session_id: 1, chars: "Ada\n", yield_time_ms: 2000 })],
        [call("write_stdin", { session_id: 1, chars: "\u0003" })],
        [message("It said hello.")],
      ],
    },
    async () => {
      for (const ms of [1000, 2000]) {
        await clock.sleeping(ms);
        clock.advance(ms);
      }
    },
  );
});
