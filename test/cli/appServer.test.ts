import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { call, customCall, message } from "../../src/core/model/demo/output.ts";
import type { ServerNotification } from "../../src/protocol/methods.ts";
import type { Turn } from "../../src/protocol/threads.ts";
import { type Client, connectClient } from "../../src/rpc/client.ts";
import { linesTransport } from "../../src/rpc/lines.ts";
import { recorded, type TranscriptLine } from "../support/transcript.ts";
import { wireProblems } from "../wire/wireCheck.ts";
import { type Child, ended, isAlive, makePlace, type Place } from "./terminal.ts";

/** A client of the server in a process of its own, that allows whatever it is asked. */
interface Conversation {
  readonly child: Child;
  readonly client: Client;
  /** Methods that the server asked for. */
  readonly asked: string[];
  /** Sends a message and resolves with the turn as it ended. */
  say(threadId: string, text: string): Promise<Turn>;
  /** Ends standard input; resolves with the exit code. */
  hangUp(): Promise<number | null>;
}

async function converse(place: Place, lines: TranscriptLine[]): Promise<Conversation> {
  const child = await place.start(["app-server", "--listen", "stdio://"], { stdin: "open" });
  const closed = once(child, "close") as Promise<[number | null]>;
  const asked: string[] = [];
  const ends = new Map<string, (turn: Turn) => void>();
  const write = async (text: string) => void child.stdin.write(text);
  const client = connectClient(recorded(linesTransport({ input: child.stdout, write }), lines), {
    onNotification({ method, params }: ServerNotification) {
      if (method === "turn/completed") ends.get(params.threadId)?.(params.turn);
    },
    async onServerRequest({ method }) {
      asked.push(method);
      return { decision: "accept" };
    },
  });
  await client.request("initialize", {
    clientInfo: { name: "test", title: null, version: "0" },
    capabilities: { experimentalApi: true },
  });
  await client.notify("initialized");
  return {
    child,
    client,
    asked,
    async say(threadId, text) {
      const ended = new Promise<Turn>((resolve) => ends.set(threadId, resolve));
      await client.request("turn/start", { threadId, input: [{ type: "text", text }] });
      return ended;
    },
    async hangUp() {
      child.stdin.end();
      return (await closed)[0];
    },
  };
}

const patch = "*** Begin Patch\n*** Update File: a.txt\n@@\n-old\n+new\n*** End Patch\n";
const waits = "echo $$ > pid; exec sleep 300";

test("a conversation with approvals, an interrupt and a resume fits the protocol", async (t) => {
  const place = await makePlace(t, {
    config: 'model = "gpt-5.4"\n',
    script: [
      [call("exec_command", { cmd: "cat a.txt", justification: "To see it." })],
      [customCall("apply_patch", patch)],
      [message("Changed.")],
      [call("exec_command", { cmd: waits, yield_time_ms: 60_000 })],
      [message("Resumed.")],
    ],
  });
  await writeFile(path.join(place.cwd, "a.txt"), "old\n");
  await promisify(execFile)("mkfifo", [path.join(place.cwd, "pid")]);
  const lines: TranscriptLine[] = [];
  const first = await converse(place, lines);
  const { thread } = await first.client.request("thread/start", { cwd: place.cwd });
  assert.equal((await first.say(thread.id, "Change a.txt")).status, "completed");
  assert.equal(await readFile(path.join(place.cwd, "a.txt"), "utf8"), "new\n");
  const stopped = first.say(thread.id, "Wait");
  const pid = Number(await readFile(path.join(place.cwd, "pid"), "utf8"));
  const { data } = await first.client.request("thread/turns/list", { threadId: thread.id, limit: 1 });
  await first.client.request("turn/interrupt", { threadId: thread.id, turnId: data[0]!.id });
  assert.equal((await stopped).status, "interrupted");
  assert.equal(await isAlive(pid), false);
  assert.deepEqual(first.asked, [
    "item/commandExecution/requestApproval",
    "item/fileChange/requestApproval",
    "item/commandExecution/requestApproval",
  ]);
  assert.equal(await first.hangUp(), 0);

  const second = await converse(place, lines);
  const resumed = await second.client.request("thread/resume", { threadId: thread.id });
  assert.equal(resumed.thread.turns.length, 2);
  assert.equal((await second.say(thread.id, "Go on")).status, "completed");
  assert.equal(await second.hangUp(), 0);
  assert.deepEqual(wireProblems(lines), []);
});

/** Sends lines as they are, and compares what comes back, line by line. */
async function check(t: TestContext, sent: readonly (string | object)[], expected: readonly object[]) {
  const place = await makePlace(t);
  const child = await place.start(["app-server"], { stdin: "open" });
  const end = ended(child);
  for (const line of sent) child.stdin.write(`${typeof line === "string" ? line : JSON.stringify(line)}\n`);
  let count = 0;
  for await (const line of child.stdout) {
    count += line.split("\n").length - 1;
    if (count === expected.length) break;
  }
  child.stdin.end();
  const { code, stdout, stderr } = await end;
  assert.deepEqual([code, stderr], [0, ""]);
  assert.deepEqual(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
    expected,
  );
}
