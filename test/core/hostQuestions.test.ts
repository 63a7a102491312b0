import assert from "node:assert/strict";
import { test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import type { AgentSettings } from "../../src/core/settings.ts";
import type { Command } from "../../src/host/processes.ts";
import type { HostFilter } from "../../src/host/sandbox.ts";
import type { ApprovalAnswer } from "../../src/protocol/approvals.ts";
import { AgentError } from "../../src/protocol/errors.ts";
import type { ServerRequestParams } from "../../src/protocol/methods.ts";
import type { NewRule } from "../../src/protocol/rules.ts";
import { createFakeClock } from "../support/fakeClock.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import type { MemoryCommand } from "../support/memoryProcesses.ts";
import { outputsOf } from "../support/modelInput.ts";
import { aSandbox } from "../support/permissions.ts";
import { type PlayOptions, play } from "../support/play.ts";

type Asked = ServerRequestParams<"item/commandExecution/requestApproval">;

const done = message("Done.");
const asks = {
  sandbox: { writableRoots: [], network: "asks", allowedHosts: ["packages.example.org", "*.example.org"] },
} as const;

function filterOf({ confinement }: Command): HostFilter {
  assert.ok(confinement && typeof confinement.network === "object", "no filter");
  return confinement.network;
}

/** A command whose words are hosts, with a port or at 443: it prints whether it reaches each, one after the other, or all at once with "&" between them. */
const reaches: MemoryCommand = {
  match: () => true,
  async run({ command, print }) {
    const filter = filterOf(command);
    const line = command.argv.at(-1) ?? "";
    const reach = async (place: string) => {
      const [host = "", port = "443"] = place.split(":");
      return `${place} ${(await filter.allows({ host, port: Number(port), protocol: "https" })) ? "yes" : "no"}`;
    };
    const hosts = line.split(/ & | /);
    if (line.includes("&")) print(...(await Promise.all(hosts.map(reach))).map((one) => `${one}\n`));
    else for (const host of hosts) print(`${await reach(host)}\n`);
  },
};

function askedPlace({ networkApprovalContext }: Asked): string {
  const { host, port } = networkApprovalContext ?? { host: "" };
  return port === undefined ? host : `${host}:${port}`;
}

interface Case {
  readonly settings?: Partial<AgentSettings>;
  readonly rules?: readonly NewRule[];
  readonly commands: readonly string[];
  /** By host and port; declined when absent. */
  readonly answers?: Readonly<Record<string, ApprovalAnswer>>;
  look?(first: Asked | undefined): void;
  /** In what the model gets. */
  readonly told?: RegExp;
  /** Nothing is written to the private store but threads. */
  readonly disk?: "full";
  /** What the user is told beside. */
  readonly warned?: readonly string[];
}

/** The hosts that the user was asked about, and what each command printed. */
async function check(
  { settings, rules = [], commands, answers = {}, look = () => {}, told = /Exit code/, disk, warned = [] }: Case,
  asked: readonly string[],
  printed: readonly string[],
): Promise<void> {
  const memory = createMemoryHost({ sandbox: aSandbox, commands: [reaches] });
  const full = async (name: string, text: string) => {
    if (name === "rules.json") throw new AgentError("internal", "The disk is full.");
    await memory.storage.write(name, text);
  };
  const host = disk === "full" ? { ...memory, storage: { ...memory.storage, write: full } } : memory;
  const questions: Asked[] = [];
  const answer: PlayOptions["answer"] = ({ params }) => {
    const question = params as Asked;
    questions.push(question);
    return answers[askedPlace(question)] ?? { decision: "decline" };
  };
  const script = [...commands.map((cmd) => [call("exec_command", { cmd })]), done];
  const played = await play({ host, settings: { ...asks, ...settings }, script, answer });
  for (const rule of rules) await played.client.request("rule/write", { rule });
  const { thread } = await played.start();
  await played.say(thread.id, "Reach them.");
  const { thread: read } = await played.client.request("thread/read", { threadId: thread.id, includeTurns: true });
  await played.close();
  const outputs = read.turns.flatMap(({ items }) =>
    items.flatMap((item) =>
      item.type === "commandExecution" ? [item.aggregatedOutput?.trim().replaceAll("\n", ", ")] : [],
    ),
  );
  const warnings = played.transcript.flatMap(({ message: { method, params } }) =>
    method === "warning" ? [(params as { message: string }).message] : [],
  );
  assert.deepEqual(warnings, warned);
  assert.deepEqual(questions.map(askedPlace), asked);
  assert.deepEqual(outputs, printed);
  look(questions[0]);
  assert.match(outputsOf(played.server.requests.at(-1)!).join("\n"), told);
}

const yes: ApprovalAnswer = { decision: "accept" };
const amend = (host: string, action: "allow" | "deny"): ApprovalAnswer => ({
  decision: { applyNetworkPolicyAmendment: { network_policy_amendment: { host, action } } },
});
const rule = (host: string, decision: "allow" | "deny", workspace?: string): NewRule => ({
  subject: { kind: "host", host },
  decision,
  ...(workspace ? { workspace } : {}),
});

test("hosts of the settings are reached", () =>
  check({ commands: ["packages.example.org a.example.org"] }, [], ["packages.example.org yes, a.example.org yes"]));
test("another one asks, and says for what", () => {
  const look = (question: Asked | undefined) => {
    assert.equal(question?.command, "x.net");
    assert.equal(question?.reason, "The command wants to reach x.net.");
    assert.deepEqual(question?.proposedNetworkPolicyAmendments, [
      { host: "x.net", action: "allow" },
      { host: "x.net", action: "deny" },
    ]);
  };
  return check({ commands: ["x.net"], answers: { "x.net": yes }, look }, ["x.net"], ["x.net yes"]);
});
test("a rule that cannot be saved holds for this command, and the user is told", () =>
  check(
    {
      commands: ["x.net x.net y.net"],
      answers: { "x.net": amend("x.net", "allow"), "y.net": amend("y.net", "deny") },
      disk: "full",
      warned: [
        "The rule for x.net could not be saved, so it holds for this command only: The disk is full.",
        "The rule for y.net could not be saved, so it holds for this command only: The disk is full.",
      ],
    },
    ["x.net", "y.net"],
    ["x.net yes, x.net yes, y.net no"],
  ));
test("declined, it is not reached", () => check({ commands: ["x.net"] }, ["x.net"], ["x.net no"]));
test("the model is told what was not reached, and the user's words", () =>
  check(
    {
      commands: ["x.net y.net packages.example.org"],
      answers: { "y.net": { decision: "decline", feedback: "Use the mirror." } },
      told: /\nNot reached, since it is not allowed: x\.net; y\.net \(the user said: Use the mirror\.\)\. Do not try to reach the same in another way\.\n/,
    },
    ["x.net", "y.net"],
    ["x.net no, y.net no, packages.example.org yes"],
  ));
test("an answer holds as long as the command runs", () =>
  check(
    { commands: ["x.net x.net y.net x.net"], answers: { "x.net": yes } },
    ["x.net", "y.net"],
    ["x.net yes, x.net yes, y.net no, x.net yes"],
  ));
test("the next command asks again", () =>
  check({ commands: ["x.net", "x.net"], answers: { "x.net": yes } }, ["x.net", "x.net"], ["x.net yes", "x.net yes"]));
test("allowed for the session, it does not", () =>
  check(
    { commands: ["x.net", "x.net"], answers: { "x.net": { decision: "acceptForSession" } } },
    ["x.net"],
    ["x.net yes", "x.net yes"],
  ));
test("many connections at once to a host ask once", () =>
  check(
    { commands: ["x.net & x.net & x.net"], answers: { "x.net": yes } },
    ["x.net"],
    ["x.net yes, x.net yes, x.net yes"],
  ));
test("several hosts at once are asked one after the other", () =>
  check({ commands: ["x.net & y.net"], answers: { "y.net": yes } }, ["x.net", "y.net"], ["x.net no, y.net yes"]));
test("allowed always, a rule is there", () =>
  check(
    { commands: ["x.net", "x.net"], answers: { "x.net": amend("x.net", "allow") } },
    ["x.net"],
    ["x.net yes", "x.net yes"],
  ));
const session: ApprovalAnswer = { decision: "acceptForSession" };
test("allowed once, it is not at another port", () =>
  check(
    { commands: ["x.net x.net:22 x.net:22"], answers: { "x.net": yes } },
    ["x.net", "x.net:22"],
    ["x.net yes, x.net:22 no, x.net:22 no"],
  ));
test("nor allowed for the session", () =>
  check(
    { commands: ["x.net:8443", "x.net:8443 x.net"], answers: { "x.net:8443": session } },
    ["x.net:8443", "x.net"],
    ["x.net:8443 yes", "x.net:8443 yes, x.net no"],
  ));
test("nor always, when it was asked about at a usual port, which covers those alone", () =>
  check(
    { commands: ["x.net x.net:80 x.net:22"], answers: { "x.net": amend("x.net", "allow") } },
    ["x.net", "x.net:22"],
    ["x.net yes, x.net:80 yes, x.net:22 no"],
  ));
test("always at another port is at that one", () => {
  const look = (question: Asked | undefined) =>
    assert.deepEqual(question?.proposedNetworkPolicyAmendments, [
      { host: "x.net:22", action: "allow" },
      { host: "x.net:22", action: "deny" },
    ]);
  return check(
    { commands: ["x.net:22 x.net:22 x.net"], answers: { "x.net:22": amend("x.net:22", "allow") }, look },
    ["x.net:22", "x.net"],
    ["x.net:22 yes, x.net:22 yes, x.net no"],
  );
});
test("an answer for all of a host to a question about one of its ports is no", () =>
  check({ commands: ["x.net:22"], answers: { "x.net:22": amend("x.net", "allow") } }, ["x.net:22"], ["x.net:22 no"]));
test("hosts of the settings are reached at the usual ports, and at those that are named", () =>
  check(
    {
      settings: { sandbox: { ...asks.sandbox, allowedHosts: ["x.net", "y.net:22"] } },
      commands: ["x.net x.net:80 x.net:22 y.net:22 y.net"],
    },
    ["x.net:22", "y.net"],
    ["x.net yes, x.net:80 yes, x.net:22 no, y.net:22 yes, y.net no"],
  ));
test("denied always, too", () =>
  check(
    { commands: ["x.net", "x.net"], answers: { "x.net": amend("x.net", "deny") } },
    ["x.net"],
    ["x.net no", "x.net no"],
  ));
test("an answer about another host is no", () =>
  check({ commands: ["x.net"], answers: { "x.net": amend("evil.net", "allow") } }, ["x.net"], ["x.net no"]));
test("a rule allows", () => check({ rules: [rule("x.net", "allow")], commands: ["x.net"] }, [], ["x.net yes"]));
test("a rule of another folder does not", () =>
  check({ rules: [rule("x.net", "allow", "/other")], commands: ["x.net"] }, ["x.net"], ["x.net no"]));
test("a rule denies what the settings allow", () =>
  check({ rules: [rule("a.example.org", "deny")], commands: ["a.example.org"] }, [], ["a.example.org no"]));
test("where nobody is asked, only the known ones are reached", () =>
  check(
    { settings: { approvalPolicy: "never" }, commands: ["packages.example.org x.net"] },
    [],
    ["packages.example.org yes, x.net no"],
  ));

/** What the user is warned of in a thread with a rule that denies x.net, and one of another folder. */
async function checkWarning(settings: Partial<AgentSettings>, expected: RegExp | undefined): Promise<void> {
  const host = createMemoryHost({ sandbox: aSandbox });
  const played = await play({ host, settings: { ...asks, ...settings }, script: [done, done] });
  for (const one of [rule("x.net", "deny"), rule("y.net", "deny", "/other"), rule("z.net", "allow")])
    await played.client.request("rule/write", { rule: one });
  const { thread } = await played.start();
  for (const text of ["One.", "Two."]) await played.say(thread.id, text);
  const warnings = played.transcript.flatMap(({ message: { method, params } }) =>
    method === "warning" ? [(params as { message: string }).message] : [],
  );
  await played.close();
  assert.equal(warnings.length, expected ? 1 : 0, warnings.join("\n"));
  if (expected) assert.match(warnings[0] ?? "", expected);
}

const unkept = /also reach the hosts that your rules deny: x\.net\. To deny them, let the network ask/;
test("where the whole network is on, the user is told once that a rule does not keep a host away", () =>
  checkWarning({ sandbox: { writableRoots: [], network: "on", allowedHosts: [] } }, unkept));
test("and with full access", () => checkWarning({ sandboxMode: "danger-full-access" }, unkept));
test("twin: not where the proxy keeps the rule", () => checkWarning({}, undefined));

test("a command in the background asks after its turn has ended, and the thread shows that it waits", async () => {
  const clock = createFakeClock();
  const go = Promise.withResolvers<void>();
  const result = Promise.withResolvers<boolean>();
  const late: MemoryCommand = {
    match: () => true,
    async run({ command }) {
      await go.promise;
      result.resolve(await filterOf(command).allows({ host: "x.net", port: 443, protocol: "https" }));
    },
  };
  const answered = Promise.withResolvers<ApprovalAnswer>();
  const played = await play({
    clock,
    host: createMemoryHost({ sandbox: aSandbox, commands: [late] }),
    settings: asks,
    script: [[call("exec_command", { cmd: "serve", yield_time_ms: 250 })], done],
    answer: () => answered.promise,
  });
  const { thread } = await played.start();
  const ended = played.say(thread.id, "Serve.");
  await clock.sleeping(250);
  clock.advance(250);
  await ended;
  await played.told("thread/status/changed", ({ status }) => status.type === "idle");
  go.resolve();
  await played.told("thread/status/changed", ({ status }) => status.type === "active" && status.activeFlags.length > 0);
  answered.resolve(yes);
  assert.equal(await result.promise, true);
  await played.told("thread/status/changed", ({ status }) => status.type === "idle");
  await played.close();
});

test("a stop withdraws the question, and the host is not reached", async () => {
  const result = Promise.withResolvers<boolean>();
  const command: MemoryCommand = {
    match: () => true,
    async run(process) {
      result.resolve(await filterOf(process.command).allows({ host: "x.net", port: 443, protocol: "https" }));
    },
  };
  const played = await play({
    host: createMemoryHost({ sandbox: aSandbox, commands: [command] }),
    settings: asks,
    script: [[call("exec_command", { cmd: "reach" })]],
    answer: () => undefined,
    unwatched: "wait",
  });
  const { thread } = await played.start();
  const input = [{ type: "text" as const, text: "Go." }];
  const { turn } = await played.client.request("turn/start", { threadId: thread.id, input });
  await played.told("thread/status/changed", ({ status }) => status.type === "active" && status.activeFlags.length > 0);
  await played.client.request("turn/interrupt", { threadId: thread.id, turnId: turn.id });
  assert.equal(await result.promise, false);
  await played.told("serverRequest/resolved");
  await played.app.dispose();
  await played.server.close();
});

test("with nobody to answer, the host is not reached", async () => {
  const result = Promise.withResolvers<boolean>();
  const begun = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const command: MemoryCommand = {
    match: () => true,
    async run(process) {
      begun.resolve();
      await left.promise;
      result.resolve(await filterOf(process.command).allows({ host: "x.net", port: 443, protocol: "https" }));
    },
  };
  const host = createMemoryHost({ sandbox: aSandbox, commands: [command] });
  const played = await play({ host, settings: asks, script: [[call("exec_command", { cmd: "reach" })], done] });
  const { thread } = await played.start();
  const input = [{ type: "text" as const, text: "Go." }];
  await played.client.request("turn/start", { threadId: thread.id, input });
  await begun.promise;
  await played.client.request("thread/unsubscribe", { threadId: thread.id });
  left.resolve();
  assert.equal(await result.promise, false);
  await played.told("thread/status/changed", ({ status }) => status.type === "idle");
  await played.close();
});
