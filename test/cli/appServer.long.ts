import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { call, customCall, message } from "../../src/core/model/demo/output.ts";
import type { ServerNotification } from "../../src/protocol/methods.ts";
import type { Turn } from "../../src/protocol/threads.ts";
import { type Client, connectClient } from "../../src/rpc/client.ts";
import { linesTransport } from "../../src/rpc/lines.ts";
import { recorded, type TranscriptLine } from "../support/transcript.ts";
import { wireProblems } from "../wire/wireCheck.ts";
import { type Child, isAlive, makePlace, type Place } from "./terminal.ts";

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
/** One that asks, and runs where its process can be found. */
const outside = { sandbox_permissions: "require_escalated", justification: "To see." };
const command = (cmd: string) => [call("exec_command", { cmd, yield_time_ms: 60_000, ...outside })];

test("a conversation with approvals, a steer, an interrupt, a resume and a fork fits the protocol", async (t) => {
  const place = await makePlace(t, {
    config: 'model = "gpt-5.4"\n',
    script: [
      command("echo > ready; cat go"),
      [customCall("apply_patch", patch)],
      [message("Changed.")],
      command("echo $$ > ready; exec sleep 300"),
      [message("Resumed.")],
      [message("Forked.")],
    ],
  });
  const [ready, go, file] = ["ready", "go", "a.txt"].map((name) => path.join(place.cwd, name)) as [
    string,
    string,
    string,
  ];
  await promisify(execFile)("mkfifo", [ready, go]);
  await writeFile(file, "old\n");
  const lines: TranscriptLine[] = [];
  const first = await converse(place, lines);
  const { thread } = await first.client.request("thread/start", { cwd: place.cwd });
  const threadId = thread.id;

  const changing = first.say(threadId, "Change a.txt");
  await readFile(ready);
  const expectedTurnId = await newestTurn(first, threadId);
  await first.client.request("turn/steer", {
    threadId,
    expectedTurnId,
    input: [{ type: "text", text: "Make it new" }],
  });
  await writeFile(go, "gone\n");
  assert.equal((await changing).status, "completed");
  assert.equal(await readFile(file, "utf8"), "new\n");
  assert.match(place.server.requests[1]!.body, /gone.*Make it new/s);

  const stopped = first.say(threadId, "Wait");
  const pid = Number(await readFile(ready, "utf8"));
  await first.client.request("turn/interrupt", { threadId, turnId: await newestTurn(first, threadId) });
  assert.equal((await stopped).status, "interrupted");
  assert.equal(await isAlive(pid), false);
  const [run, edit] = ["item/commandExecution/requestApproval", "item/fileChange/requestApproval"];
  assert.deepEqual(first.asked, [run, edit, run]);
  assert.equal(await first.hangUp(), 0);

  const second = await converse(place, lines);
  const resumed = await second.client.request("thread/resume", { threadId });
  assert.equal(resumed.thread.turns.length, 2);
  assert.equal((await second.say(threadId, "Go on")).status, "completed");
  const fork = await second.client.request("thread/fork", { threadId });
  assert.equal((await second.say(fork.thread.id, "Another way")).status, "completed");
  assert.deepEqual((await second.client.request("thread/loaded/list", {})).data, [threadId, fork.thread.id]);
  assert.equal(await second.hangUp(), 0);
  assert.deepEqual(wireProblems(lines), []);
});

async function newestTurn({ client }: Conversation, threadId: string): Promise<string> {
  const { data } = await client.request("thread/turns/list", { threadId, limit: 1 });
  return data[0]!.id;
}

/** Sends lines as they are; what comes back, line by line, until standard input ends. */
async function check(t: TestContext, sent: readonly (string | object)[], expected: readonly object[]) {
  const place = await makePlace(t);
  const child = await place.start(["app-server"], { stdin: "open" });
  const end = once(child, "close");
  const stderr: Buffer[] = [];
  child.stderr.on("data", (piece: Buffer) => stderr.push(piece));
  const received: object[] = [];
  const { promise: complete, resolve } = Promise.withResolvers<void>();
  const reader = linesTransport({ input: child.stdout, write: async () => {} });
  reader.onMessage((line) => {
    received.push(line);
    if (received.length === expected.length) resolve();
  });
  reader.onClose(resolve);
  for (const line of sent) child.stdin.write(`${typeof line === "string" ? line : JSON.stringify(line)}\n`);
  await complete;
  child.stdin.end();
  assert.deepEqual(await end, [0, null]);
  assert.deepEqual(received, expected);
  assert.match(Buffer.concat(stderr).toString(), /^(Sandbox|No sandbox): .*\n$/);
}

const initialize = { id: 0, method: "initialize", params: { clientInfo: { name: "t", version: "0" } } };
/** What answers `initialize`, whose result another test looks at. */
const mute = { id: "x", method: "initialize", params: { clientInfo: { name: 1 } } };
const refused = (id: number | string | null, code: number, text: string) => ({ id, error: { code, message: text } });

test("before the handshake nothing is answered but an error", (t) =>
  check(t, [{ id: 1, method: "thread/list" }], [refused(1, -32600, "Not initialized")]));
test("bad params are named with their path", (t) =>
  check(
    t,
    [mute],
    [
      refused(
        "x",
        -32602,
        "params.clientInfo.name: Invalid input: expected string, received number; params.clientInfo.version: Invalid input: expected string, received undefined",
      ),
    ],
  ));
test("a line that is no message does not end the conversation", (t) =>
  check(
    t,
    ["{nonsense", { id: 2, method: "model/list" }],
    [
      refused(null, -32700, "Parse error: Expected property name or '}' in JSON at position 1 (line 1 column 2)"),
      refused(2, -32600, "Not initialized"),
    ],
  ));

test("the handshake happens once, and an unknown method is said to be unknown", async (t) => {
  const place = await makePlace(t);
  const { client, hangUp } = await converse(place, []);
  await assert.rejects(client.requestOther("initialize", initialize.params), {
    code: -32600,
    message: "Already initialized",
  });
  await assert.rejects(client.requestOther("thread/nonsense", {}), { code: -32601 });
  await assert.rejects(client.requestOther("thread/turns/list", { threadId: 1 }), {
    code: -32602,
    message: /^params\.threadId: /,
  });
  assert.equal(await hangUp(), 0);
});

test("a stop signal ends the commands, and the exit code is 0", async (t) => {
  const cmd = "sleep 300 & echo $! > ready; wait";
  const place = await makePlace(t, { script: [command(cmd)] });
  const ready = path.join(place.cwd, "ready");
  await promisify(execFile)("mkfifo", [ready]);
  const { child, client, say } = await converse(place, []);
  const closed = once(child, "close");
  const { thread } = await client.request("thread/start", { cwd: place.cwd, sandbox: "danger-full-access" });
  const turn = say(thread.id, "Wait");
  const pid = Number(await readFile(ready, "utf8"));
  child.kill("SIGTERM");
  assert.equal((await turn).status, "interrupted");
  assert.deepEqual(await closed, [0, null]);
  assert.equal(await isAlive(pid), false);
});

/** Started in a way that it cannot be. */
async function refuse(t: TestContext, args: string[], said: RegExp) {
  const place = await makePlace(t);
  const { code, stdout, stderr } = await place.run(["app-server", ...args]);
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, said);
}
test("no web socket yet", (t) =>
  refuse(
    t,
    ["--listen", "ws://127.0.0.1:1"],
    /^--listen ws:\/\/127\.0\.0\.1:1 is not available yet\. Use --listen stdio:\/\/\./,
  ));
test("nowhere else", (t) => refuse(t, ["--listen", "/tmp/x"], /^--listen takes stdio:\/\/, and not "\/tmp\/x"\./));

test("a client that goes without a word ends it", async (t) => {
  const place = await makePlace(t);
  const child = await place.start(["app-server"], { stdin: "open" });
  const closed = once(child, "close");
  child.stdout.destroy();
  child.stdin.end(`${JSON.stringify({ id: 1, method: "thread/list" })}\n`);
  assert.deepEqual(await closed, [0, null]);
});
