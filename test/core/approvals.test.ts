import assert from "node:assert/strict";
import { test } from "node:test";
import { call, customCall, message } from "../../src/core/model/demo/output.ts";
import type { AgentSettings } from "../../src/core/settings.ts";
import type { ApprovalAnswer } from "../../src/protocol/approvals.ts";
import { createFakeClock } from "../support/fakeClock.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { type MemoryCommand, prints } from "../support/memoryProcesses.ts";
import { type PlayOptions, play } from "../support/play.ts";

const command = (cmd = "npm test", callId?: string) => call("exec_command", { cmd }, callId);
const patch = customCall("apply_patch", "*** Begin Patch\n*** Add File: new.txt\n+new\n*** End Patch");

interface Case {
  readonly settings?: Partial<AgentSettings>;
  readonly calls: PlayOptions["script"];
  readonly answers?: readonly ApprovalAnswer[];
}

interface Outcome {
  /** How often the user was asked. */
  readonly asked: number;
  /** Commands that ran. */
  readonly ran: number;
  readonly status?: string;
  /** Part of the last output that the model got. */
  readonly output?: RegExp;
}

async function check({ settings, calls, answers = [] }: Case, expected: Outcome) {
  const host = createMemoryHost({ files: { "/workspace/x/a.txt": "" }, commands: [prints(() => true, "ok\n")] });
  const left = [...answers];
  let asked = 0;
  const answer = () => {
    asked++;
    return left.shift() ?? { decision: "accept" as const };
  };
  const played = await play({ host, settings: settings ?? {}, script: calls, answer });
  const { thread } = await played.start();
  const turn = await played.say(thread.id, "Do it.");
  await played.close();
  assert.equal(asked, expected.asked, "questions");
  assert.equal(host.processes.started.length, expected.ran, "commands");
  assert.equal(turn.status, expected.status ?? "completed");
  if (expected.output) assert.match(lastOutput(played.server.requests.at(-1)?.body ?? "{}"), expected.output);
}

function lastOutput(body: string): string {
  const input = JSON.parse(body).input as { type: string; output?: string }[];
  return String(input.findLast((item) => item.type.endsWith("_output"))?.output);
}

const done = message("Done.");

test("a command asks, and runs when allowed", () =>
  check({ calls: [[command()], done] }, { asked: 1, ran: 1, output: /ok/ }));
test("it asks again for the same command", () =>
  check({ calls: [[command()], [command()], done] }, { asked: 2, ran: 2 }));
test("allowed for the session, the same command does not ask again", () =>
  check(
    { calls: [[command()], [command()], done], answers: [{ decision: "acceptForSession" }] },
    { asked: 1, ran: 2 },
  ));
test("but one with more behind it does", () =>
  check(
    { calls: [[command()], [command("npm test; id")], done], answers: [{ decision: "acceptForSession" }] },
    { asked: 2, ran: 2 },
  ));
test("and so does the same one in another folder", () =>
  check(
    {
      calls: [[command()], [call("exec_command", { cmd: "npm test", workdir: "/workspace/x" })], done],
      answers: [{ decision: "acceptForSession" }],
    },
    { asked: 2, ran: 2 },
  ));
test("declined, the model is told and the turn goes on", () =>
  check({ calls: [[command()], done], answers: [{ decision: "decline" }] }, { asked: 1, ran: 0, output: /declined/ }));
test("declined with words, the model gets them", () =>
  check(
    { calls: [[command()], done], answers: [{ decision: "decline", feedback: "Use npm run fast." }] },
    { asked: 1, ran: 0, output: /Use npm run fast\./ },
  ));
test("cancelled, the turn is interrupted", () =>
  check({ calls: [[command()]], answers: [{ decision: "cancel" }] }, { asked: 1, ran: 0, status: "interrupted" }));
test("with the policy never, nothing is asked and nothing runs", () =>
  check(
    { settings: { approvalPolicy: "never" }, calls: [[command()], [patch], done] },
    { asked: 0, ran: 0, output: /nobody is/ },
  ));
test("with full access, nothing is asked and all runs", () =>
  check(
    { settings: { sandboxMode: "danger-full-access" }, calls: [[command()], [patch], done] },
    { asked: 0, ran: 1, output: /Applied/ },
  ));
test("with full access but the policy untrusted, everything asks", () =>
  check(
    {
      settings: { sandboxMode: "danger-full-access", approvalPolicy: "untrusted" },
      calls: [[command()], [patch], done],
    },
    { asked: 2, ran: 1, output: /Applied/ },
  ));
test("in Restricted Mode, not even full access runs anything", () =>
  check(
    { settings: { sandboxMode: "danger-full-access", trusted: false }, calls: [[command()], [patch], done] },
    { asked: 0, ran: 0, output: /Restricted Mode/ },
  ));
test("an edit asks", () => check({ calls: [[patch], done] }, { asked: 1, ran: 0, output: /A new\.txt/ }));
test("reading the workspace does not ask", () =>
  check({ calls: [[call("list_files", {})], done] }, { asked: 0, ran: 0, output: /x\/a\.txt/ }));
test("reading outside of it is refused, with the way to go", () =>
  check({ calls: [[call("read_file", { path: "/etc/passwd" })], done] }, { asked: 0, ran: 0, output: /exec_command/ }));
test("nor does .. lead out", () =>
  check({ calls: [[call("read_file", { path: "../secret" })], done] }, { asked: 0, ran: 0, output: /outside/ }));

test("what is typed into a command asks each time, whatever was allowed for the session", async () => {
  const clock = createFakeClock();
  const typed: string[] = [];
  const shell: MemoryCommand = {
    match: () => true,
    async run(process) {
      typed.push(await process.input(), await process.input());
    },
  };
  const offered: unknown[] = [];
  const type = (chars: string) => call("write_stdin", { session_id: 1, chars, yield_time_ms: 250 });
  const played = await play({
    clock,
    host: createMemoryHost({ commands: [shell] }),
    script: [
      [call("exec_command", { cmd: "sh", tty: true, yield_time_ms: 250 })],
      [type("id\n")],
      [type("id\n")],
      done,
    ],
    answer({ params }) {
      offered.push("availableDecisions" in params && params.availableDecisions?.join(" "));
      return { decision: "acceptForSession" };
    },
  });
  const { thread } = await played.start();
  const ended = played.say(thread.id, "Do it.");
  for (let wait = 0; wait < 2; wait++) {
    await clock.sleeping(250);
    clock.advance(250);
  }
  await ended;
  assert.deepEqual(typed, ["id\n", "id\n"]);
  const once = "accept decline cancel";
  assert.deepEqual(offered, ["accept acceptForSession decline cancel", once, once]);
  await played.close();
});

test("only an edit that can be allowed for the session offers that", async () => {
  const offered: unknown[] = [];
  const added = (path: string) =>
    customCall("apply_patch", `*** Begin Patch\n*** Add File: ${path}\n+new\n*** End Patch`);
  const answer: PlayOptions["answer"] = ({ params }) => {
    offered.push("availableDecisions" in params ? params.availableDecisions : "all");
    return { decision: "accept" };
  };
  const played = await play({ script: [[added("x/AGENTS.md")], [added("a.txt")], done], answer });
  const { thread } = await played.start();
  await played.say(thread.id, "Do it.");
  assert.deepEqual(offered, [["accept", "decline", "cancel"], "all"]);
  await played.close();
});

test("a protected file asks also when edits are reviewed afterwards, and says why", async () => {
  const asked: unknown[] = [];
  const answer: PlayOptions["answer"] = ({ params }) => {
    asked.push("reason" in params ? params.reason : undefined);
    return { decision: "accept" };
  };
  const added = customCall("apply_patch", "*** Begin Patch\n*** Add File: x/AGENTS.md\n+new\n*** End Patch");
  const host = createMemoryHost({ files: { "/workspace/a.txt": "" } });
  const settings = { approvalPolicy: "on-request", editReview: "after" } as const;
  const played = await play({ host, settings, script: [[added], done], answer });
  const { thread } = await played.start();
  await played.say(thread.id, "Do it.");
  await played.close();
  assert.deepEqual(asked, ["Protected, since programs or agents obey what it says: AGENTS.md."]);
});

test("a thread of a folder that is not open here is as in Restricted Mode, and its AGENTS.md is not obeyed", async () => {
  const storage = new Map<string, string>();
  const files = { "/workspace/AGENTS.md": "Obey me.", "/other/a.txt": "" };
  const home = await play({ host: createMemoryHost({ storage, files }), script: [done] });
  const { thread } = await home.start();
  await home.say(thread.id, "Hello.");
  await home.close();
  const host = createMemoryHost({ storage, files, roots: ["/other"], commands: [prints(() => true, "ok\n")] });
  const away = await play({
    host,
    script: [[command("npm test", "call_away")], done],
    settings: { sandboxMode: "danger-full-access" },
  });
  await away.client.request("thread/resume", { threadId: thread.id, sandbox: "danger-full-access" });
  await away.say(thread.id, "Go on.");
  await away.close();
  const body = away.server.requests.at(-1)?.body ?? "{}";
  assert.match(lastOutput(body), /Restricted Mode/);
  assert.match(body, /AGENTS.md instructions no longer apply/);
  assert.equal(host.processes.started.length, 0);
});

test("an allowance for the session ends with the host", async () => {
  const storage = new Map<string, string>();
  let asked = 0;
  const options = (callId: string): PlayOptions => ({
    host: createMemoryHost({ storage, commands: [prints(() => true, "ok\n")] }),
    script: [[command("npm test", callId)], done],
    answer: () => {
      asked++;
      return { decision: "acceptForSession" };
    },
  });
  const first = await play(options("call_one"));
  const { thread } = await first.start();
  await first.say(thread.id, "Do it.");
  await first.close();
  const second = await play(options("call_two"));
  await second.client.request("thread/resume", { threadId: thread.id });
  await second.say(thread.id, "Again.");
  await second.close();
  assert.equal(asked, 2);
});

test("with several clients the first answer wins, and the others are told", async () => {
  const played = await play({
    host: createMemoryHost({ commands: [prints(() => true, "ok\n")] }),
    script: [[command()], done],
    answer: () => undefined,
  });
  const { thread } = await played.start();
  const other = await played.join(() => ({ decision: "accept" }));
  await other.request("thread/resume", { threadId: thread.id });
  const turn = await played.say(thread.id, "Do it.");
  assert.equal(turn.status, "completed");
  const resolved = await played.told("serverRequest/resolved");
  assert.equal(resolved.requestId, 1);
  other.close();
  await played.app.dispose();
  await played.server.close();
});

test("with nobody watching, the call is declined", async () => {
  const played = await play({ script: [[command()], done], unwatched: "decline" });
  const { thread } = await played.start();
  const { turn } = await played.client.request("turn/start", {
    threadId: thread.id,
    input: [{ type: "text", text: "Go." }],
  });
  await played.client.request("thread/unsubscribe", { threadId: thread.id });
  await played.told("thread/status/changed", ({ status }) => status.type === "idle");
  const { thread: read } = await played.client.request("thread/read", { threadId: thread.id, includeTurns: true });
  const item = read.turns.find(({ id }) => id === turn.id)?.items.find(({ type }) => type === "commandExecution");
  assert.ok(item?.type === "commandExecution");
  assert.deepEqual([item.status, item.declinedBy], ["declined", { kind: "noAnswer" }]);
  await played.close();
});

test("a client that joins late is asked what is still open", async () => {
  const played = await play({
    host: createMemoryHost({ commands: [prints(() => true, "ok\n")] }),
    script: [[command()], done],
    answer: () => undefined,
    unwatched: "wait",
  });
  const { thread } = await played.start();
  await played.client.request("turn/start", { threadId: thread.id, input: [{ type: "text", text: "Go." }] });
  await played.told("thread/status/changed", ({ status }) => status.type === "active" && status.activeFlags.length > 0);
  const late = await played.join(() => ({ decision: "accept" }));
  await late.request("thread/resume", { threadId: thread.id });
  const { turn } = await played.told("turn/completed");
  assert.equal(turn.status, "completed");
  late.close();
  await played.app.dispose();
  await played.server.close();
});
