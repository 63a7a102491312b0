import assert from "node:assert/strict";
import { test } from "node:test";
import { call, customCall, message, type Output } from "../../src/core/model/demo/output.ts";
import { AgentError } from "../../src/protocol/errors.ts";
import { createMemoryHost, type MemoryHostOptions } from "../support/memoryHost.ts";
import { type MemoryCommand, prints } from "../support/memoryProcesses.ts";
import { outputsOf } from "../support/modelInput.ts";
import { type Play, type PlayOptions, play } from "../support/play.ts";

const done = message("Done.");
const patchOf = (text: string) => customCall("apply_patch", `*** Begin Patch\n${text}\n*** End Patch\n`);

interface Called {
  readonly outputs: string[];
  readonly items: readonly {
    type: string;
    status?: string;
    aggregatedOutput?: string | null;
    contentItems?: readonly { text?: string }[] | null;
  }[];
  readonly played: Play;
  readonly asked: readonly unknown[];
}

/** What the model gets for its calls, and what is shown of them. */
async function made(
  calls: readonly Output[],
  host: MemoryHostOptions = {},
  options: Partial<PlayOptions> = {},
): Promise<Called> {
  const asked: unknown[] = [];
  const answer: PlayOptions["answer"] = ({ params }) => {
    asked.push(params);
    return { decision: "accept" };
  };
  const played = await play({ host: createMemoryHost(host), script: [calls, done], answer, ...options });
  const { thread } = await played.start();
  const turn = await played.say(thread.id, "Do it.");
  assert.equal(turn.status, "completed", turn.error?.message);
  const { thread: read } = await played.client.request("thread/read", { threadId: thread.id, includeTurns: true });
  await played.close();
  const items = read.turns[0]?.items.filter(({ type }) => type !== "userMessage" && type !== "agentMessage") ?? [];
  return { outputs: outputsOf(played.server.requests[1]!), items: items as Called["items"], played, asked };
}

test("64 calls at once: one output each, in order, in one request, whatever becomes of each", async () => {
  const calls = Array.from({ length: 64 }, (_, at) => call("read_file", { path: `${at}.txt` }));
  const files = Object.fromEntries(Array.from({ length: 64 }, (_, at) => [`/workspace/${at}.txt`, `text ${at}`]));
  delete files["/workspace/7.txt"];
  calls[20] = call("exec_command", { cmd: "nobody knows it" });
  calls[40] = call("read_file", { path: "/etc/passwd" });
  const { outputs, items } = await made(calls, { files });
  assert.equal(outputs.length, 64);
  assert.equal(items.length, 64);
  for (const [at, output] of outputs.entries()) {
    if (at === 7) assert.match(output, /7\.txt/);
    else if (at === 20) assert.match(output, /no program/);
    else if (at === 40) assert.match(output, /outside the workspace/);
    else assert.equal(output, `1\ttext ${at}`);
  }
});

test("a call that the model makes again in a later answer runs once", async () => {
  const host = createMemoryHost({ commands: [prints("npm test", "ok\n")] });
  const again = call("exec_command", { cmd: "npm test" }, "call_same");
  const played = await play({ host, script: [again, [call("list_files", {}), again], done] });
  const { thread } = await played.start();
  assert.equal((await played.say(thread.id, "Do it.")).status, "completed");
  await played.close();
  assert.equal(host.processes.started.length, 1);
});

test("what a patch quotes of a file is only what may be read", async () => {
  const secret = "-----BEGIN KEY-----\nabc\n";
  const files = { "/home/user/.ssh/id": secret, "/workspace/a.txt": "one\n" };
  for (const text of [
    "*** Update File: /home/user/.ssh/id\n@@\n-BEGIN\n+x",
    "*** Delete File: ../home/user/.ssh/id",
    "*** Update File: a.txt\n*** Move to: ../home/user/.ssh/id\n@@\n-one\n+x",
  ]) {
    const { outputs, asked } = await made([patchOf(text)], { files });
    assert.match(outputs[0] ?? "", /outside the workspace/);
    assert.deepEqual(asked, []);
    assert.ok(!outputs[0]?.includes("BEGIN KEY"));
  }
});
test("a patch of temporary files is asked about and works", async () => {
  const { outputs, asked, played } = await made([patchOf("*** Add File: /tmp/new.txt\n+x")]);
  assert.match(outputs[0] ?? "", /^Applied/);
  assert.equal(asked.length, 1);
  assert.ok(played);
});

test("the user sees the shell that the model chose", async () => {
  const { asked } = await made(
    [call("exec_command", { cmd: "ls", shell: "/tmp/odd sh" }), call("exec_command", { cmd: "ls" })],
    {
      commands: [prints("ls", "a\n")],
    },
  );
  assert.deepEqual(
    asked.map((params) => (params as { command: string }).command),
    ['"/tmp/odd sh" -c ls', "ls"],
  );
});

const lines = (count: number) => Array.from({ length: count }, (_, line) => `line ${line}\n`).join("");
const prefixed = (count: number): MemoryCommand => prints("big", lines(count).match(/.{1,5000}/gs) ?? []);

interface BigOutput {
  readonly lines: number;
  readonly args?: object;
  /** Whether the whole of it is on disk, and named. */
  readonly kept: boolean;
}

async function checkOutput({ lines: count, args = {}, kept }: BigOutput) {
  const storage = new Map<string, string>();
  const { outputs, items } = await made([call("exec_command", { cmd: "big", ...args })], {
    storage,
    commands: [prefixed(count)],
  });
  const [output = ""] = outputs;
  const files = [...storage].filter(([name]) => name.startsWith("outputs/"));
  assert.equal(files.length, kept ? 1 : 0);
  assert.match(output, /^Exit code: 0\nWall time: 0\.0 s\n/);
  assert.ok(output.length < 41_000, `${output.length}`);
  if (!kept) return assert.ok(output.endsWith(`Output:\n${lines(count)}`));
  const [[name, text] = ["", ""]] = files;
  assert.equal(text, lines(count));
  assert.ok(output.includes(`All of the output so far: /home/user/.patchwright/${name}\n`));
  assert.equal(output.split("Total output lines:").length, 2);
  assert.ok(output.includes(`Total output lines: ${count}\n`));
  const shown = items[0]?.aggregatedOutput ?? "";
  assert.ok(shown.length < 270_000);
  assert.equal(shown.includes(`all of it is in /home/user/.patchwright/${name}`), shown.length < text.length);
}
test("a short output is shown, and not kept beside it", () => checkOutput({ lines: 100, kept: false }));
test("one longer than the model reads is kept whole", () => checkOutput({ lines: 10_000, kept: true }));
test("one longer than surfaces show as well", () => checkOutput({ lines: 60_000, kept: true }));
test("one that the model wants shorter too", () =>
  checkOutput({ lines: 100, args: { max_output_tokens: 50 }, kept: true }));

test("no more than 32 MiB are kept, and the cut is announced", async () => {
  const storage = new Map<string, string>();
  const piece = "x".repeat(1024 * 1024);
  await made([call("exec_command", { cmd: "big" })], { storage, commands: [prints("big", Array(40).fill(piece))] });
  const text = storage.get([...storage.keys()].find((name) => name.startsWith("outputs/")) ?? "") ?? "";
  assert.ok(text.startsWith(piece) && text.endsWith("\n(Cut here: 32 MiB are kept.)\n"));
  assert.equal(text.length, 32 * 1024 * 1024 + "\n(Cut here: 32 MiB are kept.)\n".length);
});

test("an output that the disk does not take is not named", async () => {
  const host = createMemoryHost({ commands: [prefixed(10_000)] });
  const append = host.storage.append.bind(host.storage);
  const full = (name: string, text: string) =>
    name.startsWith("outputs/") ? Promise.reject(new AgentError("internal", "Full.")) : append(name, text);
  const played = await play({
    host: { ...host, storage: { ...host.storage, append: full } },
    script: [call("exec_command", { cmd: "big" }), done],
  });
  const { thread } = await played.start();
  assert.equal((await played.say(thread.id, "Do it.")).status, "completed");
  assert.doesNotMatch(outputsOf(played.server.requests[1]!)[0] ?? "", /outputs/);
  await played.app.dispose();
  await played.server.close();
  assert.equal(played.faults.length, 1);
});

test("a deleted thread takes its outputs along", async () => {
  const storage = new Map<string, string>();
  const { played } = await made([call("exec_command", { cmd: "big" })], { storage, commands: [prefixed(10_000)] });
  const next = await play({ host: played.host, script: [] });
  const { data } = await next.client.request("thread/list", {});
  await next.client.request("thread/delete", { threadId: data[0]!.id });
  await next.close();
  assert.ok(![...storage.keys()].some((name) => name.startsWith("outputs/") || name.startsWith("threads/")));
});

test("what is shown of a long file is what the model gets", async () => {
  const { outputs, items } = await made([call("read_file", { path: "big.txt", limit: 100_000 })], {
    files: { "/workspace/big.txt": lines(50_000) },
  });
  assert.ok((outputs[0]?.length ?? 0) < 41_000);
  assert.equal(items[0]?.contentItems?.[0]?.text, outputs[0]);
});
