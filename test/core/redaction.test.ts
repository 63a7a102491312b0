import assert from "node:assert/strict";
import { test } from "node:test";
import { call, customCall, message } from "../../src/core/model/demo/output.ts";
import type { HostTool } from "../../src/host/tools.ts";
import { createMemoryHost, type MemoryHost } from "../support/memoryHost.ts";
import { prints } from "../support/memoryProcesses.ts";
import { startModelServer } from "../support/modelServer.ts";
import type { Reply } from "../support/modelServerReply.ts";
import { type Play, type PlayOptions, play } from "../support/play.ts";

const key = "sk-proj-A1b2C3d4E5f6G7h8";
const base64 = btoa(`Bearer ${key}`);
const config = `first = 1\nkey = "${key}"\nlast = 3\n`;

interface Told {
  readonly played: Play;
  readonly host: MemoryHost;
  /** What the model was sent, what is kept, and what clients were told. */
  readonly all: readonly string[];
}

/** One turn with these answers of the model, over a server whose key is `key`: nothing that leaves the agent has it. */
async function checkGone(
  replies: readonly Reply[],
  { host, said = "Hello.", ...options }: Omit<Partial<PlayOptions>, "host"> & { host: MemoryHost; said?: string },
): Promise<Told> {
  const server = await startModelServer({ script: replies, apiKey: key });
  const played = await play({ script: [], server, host, ...options });
  const { thread } = await played.start();
  if (said.includes(key)) await played.client.request("thread/name/set", { threadId: thread.id, name: `About ${key}` });
  await played.say(thread.id, said);
  await played.client.request("thread/read", { threadId: thread.id, includeTurns: true });
  await played.client.request("thread/context/read", { threadId: thread.id, withBody: true } as never).catch(() => {});
  await played.client.request("thread/list", {});
  await played.client.request("change/list", {});
  const sent = server.requests.map(({ body }) => body);
  const kept = [...host.storage.entries].filter(([name]) => !name.startsWith("reviews/")).map(([, text]) => text);
  const told = played.transcript.filter(({ from }) => from === "server").map((line) => JSON.stringify(line));
  await played.close();
  await server.close();
  for (const text of [...sent, ...kept, ...told]) {
    assert.ok(!text.includes(key) && !text.includes(base64.slice(12, -4)), text.slice(0, 2000));
  }
  return { played, host, all: [...sent, ...kept, ...told] };
}

/** Each of sent, kept and told shows the mark with these words around it. */
function checkMark({ all }: Told, expected: string): void {
  const count = all.filter((text) => text.includes(JSON.stringify(expected).slice(1, -1))).length;
  assert.ok(count >= 3, `${expected} is in ${count} texts`);
}

const done = [message("Done.")];

test("outputs of commands, whole and in pieces", async () => {
  const pieces = ["a sk-pr", "oj-A1b2C3d4", "E5f6G7h8 b ", ...base64.match(/.{1,5}/g)!, " c sk-"];
  const host = createMemoryHost({ commands: [prints("env", pieces), prints("env2", `x${key}x`)] });
  const told = await checkGone(
    [[call("exec_command", { cmd: "env" })], [call("exec_command", { cmd: "env2" })], done],
    { host },
  );
  checkMark(told, "a [redacted] b ");
  checkMark(told, " c sk-");
  checkMark(told, "x[redacted]x");
});

test("files that are read, searched and followed, also where they are cut short", async () => {
  const long = `${"x".repeat(1990)}${key}`;
  const files = { "/workspace/a.ini": config, "/workspace/AGENTS.md": `Use ${key}.`, "/workspace/long.txt": long };
  const host = createMemoryHost({ files });
  const read = (path: string) => [call("read_file", { path })];
  const told = await checkGone([read("a.ini"), read("long.txt"), [call("search_text", { pattern: "key" })], done], {
    host,
  });
  checkMark(told, '2\tkey = "[redacted]"');
  assert.ok(told.all.every((text) => !text.includes(`x${key.slice(0, 6)}`)));
  assert.ok(told.all.some((text) => text.includes("Use [redacted].")));
});

test("what the user says, and what the server repeats, in pieces too", async () => {
  const host = createMemoryHost();
  const told = await checkGone([[message(`Your key is ${key}, isn't it? sk-`)]], { host, said: `My key is ${key}.` });
  checkMark(told, "My key is [redacted].");
  assert.ok(told.all.some((text) => text.includes("Your key is [redacted], isn't it? sk-")));
});

test("tools that a host brings, when they answer and when they fail", async () => {
  const host = createMemoryHost();
  const tool = (name: string, run: HostTool["run"]): HostTool => ({
    name,
    description: `Knows ${key}.`,
    parameters: { type: "object", properties: {} },
    run,
  });
  host.setTools([
    tool("says", async () => `It is ${key}.`),
    tool("fails", () => Promise.reject(new Error(`No ${key}.`))),
  ]);
  const told = await checkGone([[call("says", {})], [call("fails", {})], done], { host });
  checkMark(told, "It is [redacted].");
  checkMark(told, "No [redacted].");
});

test("diffs, before and after an edit, and review", async () => {
  const host = createMemoryHost({ files: { "/workspace/a.ini": config } });
  const patch = `*** Begin Patch\n*** Update File: a.ini\n@@\n-first = 1\n+first = 2\n*** End Patch\n`;
  const told = await checkGone([[customCall("apply_patch", patch)], done], { host, settings: { editReview: "after" } });
  assert.equal(await textOf(host), config.replace("first = 1", "first = 2"));
  assert.ok(told.all.some((text) => text.includes('key = \\"[redacted]\\"')));
});

async function textOf(host: MemoryHost): Promise<string> {
  const { bytes } = await host.files.read("/workspace/a.ini", new AbortController().signal);
  return new TextDecoder().decode(bytes);
}

/** The patch is refused in these words, and the file stays as it was. */
function checkRefused(
  name: string,
  patch: string,
  expected: RegExp,
  options: Omit<Partial<PlayOptions>, "host"> = {},
): void {
  test(name, async () => {
    const host = createMemoryHost({ files: { "/workspace/a.ini": config } });
    const replies = [[call("read_file", { path: "a.ini" })], [customCall("apply_patch", patch)], done];
    const { all } = await checkGone(replies, { host, ...options });
    assert.equal(await textOf(host), config);
    assert.ok(
      all.some((text) => expected.test(text)),
      all.at(-1),
    );
  });
}

const patched = (...lines: readonly string[]) => ["*** Begin Patch", ...lines, "*** End Patch", ""].join("\n");
const MISMATCH = /the file has a secret that is not shown to you: choose hunks that do not quote it/;
const WOULD_WRITE = /This would write \\"\[redacted\]\\" into \/workspace\/\S+, where the mark stands for a secret/;
checkRefused(
  "a patch whose context has the mark is not applied",
  patched("*** Update File: a.ini", "@@", ' key = "[redacted]"', "-last = 3", "+last = 4"),
  MISMATCH,
);
checkRefused(
  "a patch that writes the mark beside the secret is not applied",
  patched("*** Update File: a.ini", "@@", "-last = 3", '+key = "[redacted]"', "+last = 3"),
  WOULD_WRITE,
);
checkRefused(
  "a patch that writes the whole file anew from what was read is not applied",
  patched("*** Delete File: a.ini", "*** Add File: a.ini", "+first = 2", '+key = "[redacted]"'),
  WOULD_WRITE,
);
checkRefused(
  "a new file with what was read is not made",
  patched("*** Add File: b.ini", '+key = "[redacted]"'),
  WOULD_WRITE,
);

let asked = 0;
checkRefused(
  "a proposal that the user's editor sends back with the mark is not made",
  patched("*** Update File: a.ini", "@@", "-last = 3", "+last = 4"),
  WOULD_WRITE,
  {
    settings: { approvalPolicy: "untrusted", editReview: "before" },
    answer: ({ method }) => {
      if (method !== "item/fileChange/requestApproval" || ++asked > 1) return { decision: "decline" };
      const text = config.replace(key, "[redacted]").replace("3", "4");
      return { decision: "accept", editedContent: [{ path: "/workspace/a.ini", text }] };
    },
  },
);

test("where nothing was cut out, the mark is a text like any other", async () => {
  const host = createMemoryHost({ files: { "/workspace/a.ini": "a\n" } });
  const patch = patched("*** Update File: a.ini", "@@", "-a", "+[redacted]");
  const { played } = await checkGone([[customCall("apply_patch", patch)], done], { host, said: "Hello." });
  assert.ok(played);
  assert.equal(await textOf(host), "[redacted]\n");
});
