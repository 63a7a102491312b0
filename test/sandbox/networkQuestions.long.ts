import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import type { CommandApprovalAnswer } from "../../src/protocol/approvals.ts";
import type { ServerNotification } from "../../src/protocol/methods.ts";
import type { NewRule, Rule } from "../../src/protocol/rules.ts";
import type { PendingApproval } from "../../src/protocol/threadView.ts";
import { type Client, connectClient } from "../../src/rpc/client.ts";
import { linesTransport } from "../../src/rpc/lines.ts";
import { makePlace } from "../cli/terminal.ts";
import { webServer } from "../host/node/network/outside.ts";
import { outputsOf } from "../support/modelInput.ts";
import { recorded, type TranscriptLine } from "../support/transcript.ts";
import { ownMethods, wireProblems } from "../wire/wireCheck.ts";

/** Addresses outside at which servers are; in stories HOST and OTHER stand for these with their ports. */
const ADDRESS = "127.0.0.2";
const OTHER_ADDRESS = "127.0.0.3";

interface Story {
  readonly policy?: "on-request" | "never";
  readonly allowedHosts?: readonly string[];
  /** Rules that the user has written before, and the decisions of those that are there afterwards. */
  readonly rules?: readonly NewRule[];
  readonly rulesAfter?: readonly Partial<Rule>[];
  /** Run one after the other, in one turn. */
  readonly commands: readonly string[];
  /** What the user says to each question about a host, in order. */
  readonly answers?: readonly CommandApprovalAnswer[];
  /** Whom the questions were about, in order. */
  readonly asked?: readonly string[];
  /** Found in what the model gets of each command. */
  readonly outputs: readonly RegExp[];
  /** How many requests came to the servers. */
  readonly reached?: { readonly host?: number; readonly other?: number };
  readonly status?: "completed" | "interrupted";
}

/** A whole app server in its own process with a sandbox that is real; what was reached is what the servers outside say. */
function check(name: string, { outputs: expected, ...told }: Story): void {
  test(name, { timeout: 60_000 }, async (t) => {
    const [host, other] = [await webServer(t, ADDRESS), await webServer(t, OTHER_ADDRESS)];
    const placed = <T>(told: T): T =>
      JSON.parse(
        JSON.stringify(told)
          .replaceAll("HOST", `${ADDRESS}:${host.port}`)
          .replaceAll("OTHER", `${OTHER_ADDRESS}:${other.port}`),
      );
    const story = placed(told);
    const calls = story.commands.map((cmd) => [call("exec_command", { cmd, yield_time_ms: 60_000 })]);
    const place = await makePlace(t, { script: [...calls, [message("Done.")]] });
    const config = [
      'model="gpt-5.4"',
      'sandbox_mode="workspace-write"',
      `approval_policy="${story.policy ?? "on-request"}"`,
      `sandbox_workspace_write.allowed_hosts=${JSON.stringify(story.allowedHosts ?? [])}`,
    ];
    const lines: TranscriptLine[] = [];
    const asked: string[] = [];
    const answers = [...(story.answers ?? [])];
    const child = await place.start(["app-server", ...config.flatMap((one) => ["--config", one])], { stdin: "open" });
    const closed = once(child, "close");
    const ended = Promise.withResolvers<string>();
    const write = async (text: string) => void child.stdin.write(text);
    const client = connectClient(recorded(linesTransport({ input: child.stdout, write }), lines), {
      onNotification({ method, params }: ServerNotification) {
        if (method === "turn/completed") ended.resolve(params.turn.status);
      },
      async onServerRequest(request: PendingApproval) {
        asked.push(questionOf(request));
        return answers.shift() ?? { decision: "cancel" };
      },
    });
    await begin(client, story.rules ?? []);
    const { thread } = await client.request("thread/start", { cwd: place.cwd });
    await client.request("turn/start", { threadId: thread.id, input: [{ type: "text", text: "Go." }] });
    assert.equal(await ended.promise, story.status ?? "completed");
    const { data: rules } = await client.request("rule/list", {});
    child.stdin.end();
    assert.deepEqual(await closed, [0, null]);
    assert.deepEqual(asked, story.asked ?? []);
    assert.deepEqual([host.log.length, other.log.length], [story.reached?.host ?? 0, story.reached?.other ?? 0]);
    const outputs = outputsOf(place.server.requests.at(-1)!);
    for (const [index, one] of expected.entries()) assert.match(outputs[index] ?? "", one);
    const after = (story.rulesAfter ?? []).map((one) => JSON.parse(JSON.stringify(one).replaceAll("CWD", place.cwd)));
    assert.deepEqual(
      rules.map(({ id: _, createdAt: __, ...rule }) => rule),
      after,
    );
    assert.deepEqual(wireProblems(lines, ownMethods), []);
  });
}

async function begin(client: Client, rules: readonly NewRule[]): Promise<void> {
  const clientInfo = { name: "test", title: null, version: "0" };
  const { sandbox } = await client.request("initialize", { clientInfo, capabilities: { experimentalApi: true } });
  assert.equal(sandbox?.kind, "bubblewrap");
  await client.notify("initialized");
  for (const rule of rules) await client.request("rule/write", { rule });
}

/** The host that a question is about, and what of its command the user is shown. */
function questionOf({ method, params }: PendingApproval): string {
  assert.equal(method, "item/commandExecution/requestApproval");
  if (!("networkApprovalContext" in params) || !params.networkApprovalContext) return `the command ${params.itemId}`;
  assert.match(params.command ?? "", /curl/);
  const { host, protocol, port } = params.networkApprovalContext;
  return `${protocol} ${host}:${port}`;
}

const always = (host: string, action: "allow" | "deny") => ({
  applyNetworkPolicyAmendment: { network_policy_amendment: { host, action } },
});
const rule = (host: string, decision: "allow" | "deny") => ({ subject: { kind: "host", host }, decision }) as const;
const GET = "curl -s http://HOST/";
const GET_OTHER = "curl -s http://OTHER/";
const HELLO = /hello GET/;
const REFUSED = /This command may not connect to 127\.0\.0\.[23] \(port \d+\)/;

check("a host that the settings allow is reached unasked", {
  allowedHosts: ["HOST"],
  commands: [GET],
  outputs: [HELLO],
  reached: { host: 1 },
});
check("a host that is asked about is reached once the user allows it, and the next command asks again", {
  commands: [`${GET}; ${GET}`, GET],
  answers: [{ decision: "accept" }, { decision: "decline" }],
  asked: ["http HOST", "http HOST"],
  outputs: [/hello GET hello GET/, REFUSED],
  reached: { host: 2 },
});
check("a host that the user denies with a word", {
  allowedHosts: ["HOST"],
  commands: [`${GET_OTHER}; ${GET}`],
  answers: [{ decision: "decline", feedback: "Use the mirror." }],
  asked: ["http OTHER"],
  outputs: [/Not reached.*: 127\.0\.0\.3 \(port \d+\) \(the user said: Use the mirror\.\)\.[\s\S]*hello GET/],
  reached: { host: 1 },
});
check("the model is told of a refused host, whatever the program says", {
  commands: ["curl -s https://OTHER/"],
  answers: [{ decision: "decline" }],
  asked: ["https OTHER"],
  outputs: [/Exit code: 56\n.*\nNot reached, since it is not allowed: 127\.0\.0\.3 \(port \d+\)\. /],
});
check("a host that is allowed for the session", {
  commands: [GET, GET],
  answers: [{ decision: "acceptForSession" }],
  asked: ["http HOST"],
  outputs: [HELLO, HELLO],
  reached: { host: 2 },
});
check("a host that is allowed always", {
  commands: [GET, GET],
  answers: [{ decision: always("HOST", "allow") }],
  asked: ["http HOST"],
  outputs: [HELLO, HELLO],
  reached: { host: 2 },
  rulesAfter: [rule("HOST", "allow")],
});
check("a host that is allowed always in this workspace", {
  commands: [GET, GET],
  answers: [{ decision: always("HOST", "allow"), ruleScope: "workspace" }],
  asked: ["http HOST"],
  outputs: [HELLO, HELLO],
  reached: { host: 2 },
  rulesAfter: [{ ...rule("HOST", "allow"), workspace: "CWD" }],
});
check("a host that is denied always", {
  commands: [GET, GET],
  answers: [{ decision: always("HOST", "deny") }],
  asked: ["http HOST"],
  outputs: [REFUSED, REFUSED],
  rulesAfter: [rule("HOST", "deny")],
});
check("an answer about another host than the one that was asked about allows nothing", {
  commands: [GET, GET_OTHER],
  answers: [{ decision: always("OTHER", "allow") }, { decision: "decline" }],
  asked: ["http HOST", "http OTHER"],
  outputs: [REFUSED, REFUSED],
});
check("a host that the settings allow is not reached at another port than the usual ones", {
  allowedHosts: [ADDRESS],
  commands: [GET],
  answers: [{ decision: "decline" }],
  asked: ["http HOST"],
  outputs: [REFUSED],
});
check("nothing is asked under never, and a host that is not allowed is refused", {
  policy: "never",
  allowedHosts: ["HOST"],
  commands: [GET, GET_OTHER],
  outputs: [HELLO, REFUSED],
  reached: { host: 1 },
});
check("a rule that denies beats the settings, and one that allows holds under never", {
  policy: "never",
  allowedHosts: ["HOST"],
  rules: [rule("HOST", "deny"), rule("OTHER", "allow")],
  commands: [GET, GET_OTHER],
  outputs: [REFUSED, HELLO],
  reached: { other: 1 },
  rulesAfter: [rule("HOST", "deny"), rule("OTHER", "allow")],
});
check("many connections of a command are one question", {
  commands: ["for n in 1 2 3 4 5; do curl -s http://HOST/ & done; wait"],
  answers: [{ decision: "accept" }],
  asked: ["http HOST"],
  outputs: [HELLO],
  reached: { host: 5 },
});
check("a question that the user answers by stopping the turn", {
  commands: [GET],
  answers: [{ decision: "cancel" }],
  asked: ["http HOST"],
  outputs: [],
  status: "interrupted",
});
check("without the proxy nothing is reached, and nothing asks", {
  commands: ["curl -sS --noproxy '*' http://HOST/ || echo no way"],
  outputs: [/no way/],
});
