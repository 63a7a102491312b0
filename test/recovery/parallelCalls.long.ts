import assert from "node:assert/strict";
import { test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import type { FileSystem } from "../../src/host/files.ts";
import type { Host } from "../../src/host/host.ts";
import { createFakeClock, quickClock } from "../support/fakeClock.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { prints, stays } from "../support/memoryProcesses.ts";
import { type InputItem, inputOf } from "../support/modelInput.ts";
import type { RecordedRequest } from "../support/modelServer.ts";
import { type Play, play } from "../support/play.ts";

const COUNT = 64;
const THROWS = 7;
const HANGS = 20;
const DENIED = 40;

/** 64 calls of which one throws what no tool should throw and one is denied; the test says which one hangs. */
function callsWith(hanging: ReturnType<typeof call>) {
  const calls = Array.from({ length: COUNT }, (_, at) => call("read_file", { path: `${at}.txt` }, `call_${at}`));
  calls[HANGS] = hanging;
  calls[DENIED] = call("exec_command", { cmd: "denied" }, `call_${DENIED}`);
  return calls;
}

/** Reading one file throws, and reading another never ends, whatever is aborted. */
function brokenHost(): Host & { readonly processes: ReturnType<typeof createMemoryHost>["processes"] } {
  const files = Object.fromEntries(Array.from({ length: COUNT }, (_, at) => [`/workspace/${at}.txt`, `text ${at}`]));
  const host = createMemoryHost({ files, commands: [stays("hangs", "begun\n"), prints("denied", "never")] });
  const read: FileSystem["read"] = async (path, signal) => {
    if (path === `/workspace/${THROWS}.txt`) throw new TypeError("Nobody expected this.");
    if (path === "/workspace/hangs") return new Promise(() => {});
    return host.files.read(path, signal);
  };
  return { ...host, files: { ...host.files, read } };
}

const denyOne: Parameters<typeof play>[0]["answer"] = ({ params }) => ({
  decision: "command" in params && params.command === "denied" ? "decline" : "accept",
});

/** One output each, in the order of the calls, of the calls that this request brings back. */
function checkOutputs(request: RecordedRequest, expected: Readonly<Record<number, RegExp>>): void {
  const outputs = inputOf(request).filter((item) => item.type === "function_call_output");
  assert.deepEqual(
    outputs.map((item) => item.call_id),
    Array.from({ length: COUNT }, (_, at) => `call_${at}`),
  );
  for (const [at, output] of outputs.entries()) {
    const wanted = expected[at] ?? new RegExp(`^1\ttext ${at}$`);
    assert.match(String((output as InputItem).output), wanted, `call ${at}`);
  }
}

const thrown = { [THROWS]: /Nobody expected this/, [DENIED]: /declined/ };

async function checkShown({ client }: Play, threadId: string): Promise<number> {
  const { thread } = await client.request("thread/read", { threadId, includeTurns: true });
  const items = thread.turns[0]!.items.filter(({ type }) => type === "dynamicToolCall" || type === "commandExecution");
  assert.equal(items.length, COUNT);
  return items.length;
}

test("one throws, one is denied, and one goes on in the background when its time is over", async (t) => {
  const clock = createFakeClock();
  const hangs = call("exec_command", { cmd: "hangs", yield_time_ms: 5000 }, `call_${HANGS}`);
  const host = brokenHost();
  const played = await play({ host, clock, answer: denyOne, script: [callsWith(hangs), message("Done.")] });
  const { thread } = await played.start();
  const said = played.say(thread.id, "Do it.");
  await clock.sleeping(5000);
  clock.advance(5000);
  assert.equal((await said).status, "completed");
  checkOutputs(played.server.requests[1]!, { ...thrown, [HANGS]: /Still running with session ID 1.*begun/s });
  const shown = await checkShown(played, thread.id);
  await played.close();
  assert.equal(host.processes.started.length, 1);
  t.diagnostic(
    `${COUNT} outputs in order in 1 request, ${shown} items, 1 command run, ${played.server.requests.length} requests`,
  );
});

/** The turn is stopped while one call hangs; the next turn brings an output for each. */
function checkStopped(name: string, hangs: ReturnType<typeof call>, begun: (played: Play) => Promise<unknown>): void {
  test(name, async (t) => {
    const clock = quickClock();
    const host = brokenHost();
    const script = [callsWith(hangs), message("Done.")];
    const played = await play({ host, clock, answer: denyOne, script });
    const { thread } = await played.start();
    const { turn } = await played.client.request("turn/start", {
      threadId: thread.id,
      input: [{ type: "text", text: "Do it." }],
    });
    await begun(played);
    const stopped = played.client.request("turn/interrupt", { threadId: thread.id, turnId: turn.id });
    const ended = played.told("turn/completed");
    await Promise.race([ended, clock.sleeping(3000)]);
    clock.advance(3000);
    await stopped;
    assert.equal((await ended).turn.status, "interrupted");
    assert.equal((await played.say(thread.id, "Go on.")).status, "completed");
    const after = Object.fromEntries(
      Array.from({ length: COUNT - HANGS - 1 }, (_, at) => [HANGS + 1 + at, /Aborted by the user|Not run|text/]),
    );
    checkOutputs(played.server.requests[1]!, { ...after, [THROWS]: /Nobody/, [HANGS]: /Aborted by the user/ });
    await played.close();
    assert.deepEqual(host.processes.running(), []);
    t.diagnostic(`stopped: ${COUNT} outputs in order in the next request, 0 commands left running`);
  });
}

checkStopped(
  "one command hangs until the user stops it",
  call("exec_command", { cmd: "hangs" }, `call_${HANGS}`),
  (played) => played.told("item/commandExecution/outputDelta", ({ delta }) => delta.includes("begun")),
);
checkStopped(
  "one read hangs and does not even end when it is stopped",
  call("read_file", { path: "hangs" }, `call_${HANGS}`),
  (played) =>
    played.told(
      "item/completed",
      ({ item }) => item.type === "dynamicToolCall" && item.title === `Read ${HANGS - 1}.txt`,
    ),
);
