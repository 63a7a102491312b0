import assert from "node:assert/strict";
import { before, type TestContext, test } from "node:test";
import type { ResponseStreamEvent } from "openai/resources/responses/responses";
import { encodeEvent } from "../../src/core/model/demo/events.ts";
import { call, customCall, message, reasoning } from "../../src/core/model/demo/output.ts";
import type { NotificationParams } from "../../src/protocol/methods.ts";
import { createFakeClock } from "../support/fakeClock.ts";
import { outputsOf } from "../support/modelInput.ts";
import { type AnswerReply, type CutKind, type CutPlace, cutAt, rewritten } from "../support/modelServerReply.ts";
import { play } from "../support/play.ts";
import { normalize, type TranscriptLine } from "../support/transcript.ts";
import { sayRetrying, workspace } from "./recover.ts";

const outputs = [
  reasoning("First I look.", "Then I run it."),
  message("Größe und 😀: alles gut."),
  call("exec_command", { cmd: "npm test" }),
  customCall("apply_patch", "*** Begin Patch\n*** Update File: a.txt\n@@\n one\n+more\n*** End Patch"),
];

/** A play in which each thread has one turn, whose first answer is what the test says and then the whole one. */
async function openSeries() {
  const clock = createFakeClock();
  const host = workspace();
  const replies: AnswerReply[] = [];
  const played = await play({
    clock,
    host,
    script: (_, request) => (outputsOf(request).length > 0 ? message("Done.") : (replies.shift() ?? outputs)),
  });
  return {
    played,
    /** The conversation about one turn and the turn as it is read, with what it did. */
    async turn(first?: AnswerReply) {
      if (first) replies.push(first);
      host.files.put("/workspace/a.txt", "one\ntwo\n");
      const from = played.transcript.length;
      const commands = host.processes.started.length;
      const { thread } = await played.start();
      const retries: NotificationParams<"error">[] = [];
      const ended = sayRetrying(played, { threadId: thread.id, clock, retries });
      if (first && isOpen(first)) await letIdle(clock, () => retries.length > 0);
      assert.equal((await ended).status, "completed");
      await played.client.request("thread/read", { threadId: thread.id, includeTurns: true });
      const said = questionsFromOne(played.transcript.slice(from));
      const transcript = normalize(said, { leaveOut: (method) => method === "error" });
      const runs = host.processes.started.length - commands;
      return { transcript, retries: retries.length, runs, file: host.files.snapshot()["/workspace/a.txt"] };
    },
  };
}

/** The server counts its questions over all threads. */
function questionsFromOne(lines: readonly TranscriptLine[]): TranscriptLine[] {
  const asked = lines.filter(({ from, message: { id, method } }) => from === "server" && method && id !== undefined);
  const ids = asked.map(({ message: { id } }) => id);
  return lines.map((line) => {
    const { id, method, params } = line.message;
    const isQuestion = id !== undefined && (line.from === "server") === (method !== undefined);
    if (isQuestion) return { ...line, message: { ...line.message, id: ids.indexOf(id) + 1 } };
    if (method !== "serverRequest/resolved") return line;
    const { requestId } = params as { requestId: number };
    return {
      ...line,
      message: { ...line.message, params: { ...(params as object), requestId: ids.indexOf(requestId) + 1 } },
    };
  });
}

function isOpen({ delivery }: AnswerReply): boolean {
  return delivery.type === "cut" && delivery.how === "open";
}

/** Lets the longest silence pass that a server is given, once what it sent had time to arrive. */
async function letIdle(clock: ReturnType<typeof createFakeClock>, retried: () => boolean): Promise<void> {
  while (!retried()) {
    for (let pause = 0; pause < 20; pause++) await new Promise(setImmediate);
    clock.advance(60_000);
  }
}

let events: readonly ResponseStreamEvent[] = [];
let uncut = "";
before(async () => {
  const { played, turn } = await openSeries();
  const note = (all: readonly ResponseStreamEvent[]) => {
    events = all;
    return [...all];
  };
  ({ transcript: uncut } = await turn(rewritten(note, ...outputs)));
  await played.close();
});

function firstOfPatch(): number {
  return events.findIndex(({ type }) => type === "response.custom_tool_call_input.delta");
}

/** Each cut costs one retry, and is not to be seen in anything else. */
async function check(t: TestContext, cuts: readonly CutPlace[], how: CutKind) {
  const { played, turn } = await openSeries();
  let shown = 0;
  let doubled = 0;
  let retried = 0;
  for (const after of cuts) {
    const { transcript, retries, runs, file } = await turn(cutAt(after, how, ...outputs));
    const place = `after ${JSON.stringify(after)} (${how})`;
    // While a server is silent, time passes, and the patch that it has begun is shown.
    const isShown = how === "open" && "events" in after && after.events > firstOfPatch();
    if (isShown) shown++;
    else assert.equal(transcript, uncut, place);
    if (runs !== 1 || file !== "one\nmore\ntwo\n") doubled++;
    retried += retries;
    assert.ok(retries <= 1, place);
  }
  await played.close();
  t.diagnostic(
    `cut at ${cuts.length} places (${how}): ${cuts.length - shown} transcripts equal, ${shown} with the patch shown earlier, ${retried} retries, ${doubled} double side effects`,
  );
  assert.equal(doubled, 0);
}

for (const how of ["destroyed", "ended", "open"] as const) {
  test(`cut at the boundary of any two events, ${how}`, (t) =>
    check(
      t,
      events.map((_, index) => ({ events: index })),
      how,
    ));
}

/** The places in the bytes of the last event that fits, from its first byte to its last. */
function bytesOf(fits: (event: ResponseStreamEvent) => boolean): CutPlace[] {
  const at = events.findLastIndex(fits);
  const lengths = events.map((event) => Buffer.byteLength(encodeEvent(event)));
  const start = lengths.slice(0, at).reduce((sum, length) => sum + length, 0);
  return Array.from({ length: lengths[at]! }, (_, offset) => ({ bytes: start + offset }));
}

const isEmoji = (event: ResponseStreamEvent) =>
  event.type === "response.output_text.delta" && event.delta.includes("😀");
const isCall = (event: ResponseStreamEvent) =>
  event.type === "response.output_item.done" && event.item.type === "function_call";
const isArguments = ({ type }: ResponseStreamEvent) => type === "response.function_call_arguments.delta";
const isEnd = ({ type }: ResponseStreamEvent) => type === "response.completed";

test("cut after any byte of a piece of text", (t) => check(t, bytesOf(isEmoji), "destroyed"));
test("cut after any byte of the end of a command's call", (t) => check(t, bytesOf(isCall), "destroyed"));
test("cut after any byte of a piece of a command's call", (t) => check(t, bytesOf(isArguments), "destroyed"));
test("ended in the end of a command's call", (t) => check(t, bytesOf(isCall).slice(-40), "ended"));
/** It is long: it repeats the tools and all items. */
for (const how of ["destroyed", "ended"] as const) {
  test(`cut in the terminal event, ${how}`, (t) => {
    const places = bytesOf(isEnd);
    return check(t, [...places.slice(0, 40), ...places.slice(-40)], how);
  });
}
