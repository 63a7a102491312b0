import assert from "node:assert/strict";
import { test } from "node:test";
import { call, customCall, message, type Output } from "../../src/core/model/demo/output.ts";
import { isCredential } from "../../src/core/policy/credentials.ts";
import type { AgentSettings } from "../../src/core/settings.ts";
import type { ApprovalAnswer } from "../../src/protocol/approvals.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { outputsOf } from "../support/modelInput.ts";
import { aSandbox } from "../support/permissions.ts";
import { play } from "../support/play.ts";

for (const path of [
  "/ws/.env",
  "/ws/.ENV",
  "/ws/.env.local",
  "/ws/.env.production.local",
  "/ws/app/.envrc",
  "/ws/.npmrc",
  "/ws/certs/server.key",
  "/ws/certs/server.PEM",
  "/ws/id_rsa",
  "/home/user/.ssh/config",
  "/home/user/.aws/credentials",
  "C:\\ws\\.env",
  "/ws/.env.",
  "/ws/.env::$DATA",
  "/ws/.e\u200bnv",
  "/home/user/.config/gh/hosts.yml",
  "/home/user/.Config/GH/hosts.yml",
  "/home/user/.codex/auth.json",
  "/ws/.npmrc",
  "/ws/.cargo/credentials.toml",
  "/backup/.m2/settings.xml",
  "/home/user/.config/solana/id.json",
  "/home/user/.local/share/opencode/auth.json",
])
  test(`holds credentials: ${JSON.stringify(path)}`, () => assert.equal(isCredential(path), true));
for (const path of [
  "/ws/.env.example",
  "/ws/id_rsa.pub",
  "/ws/environment.ts",
  "/ws/src/env.ts",
  "/ws/keys.ts",
  "/ws/a.key.ts",
  "/ws/.config/ghost/a",
  "/ws/.cargo/config.toml",
  "/ws/config/gh/a",
  "/ws/.yarnrc.yml",
  "/ws/gradle.properties",
])
  test(`does not: ${path}`, () => assert.equal(isCredential(path), false));

const done = message("Done.");
const readEnv = () => call("read_file", { path: ".env" });
const patch = customCall(
  "apply_patch",
  "*** Begin Patch\n*** Update File: .env\n@@\n-nothing like it\n+B=2\n*** End Patch",
);
const granted = (scope?: "turn" | "session"): ApprovalAnswer => ({
  permissions: { fileSystem: { read: ["/workspace/.env"] } },
  ...(scope ? { scope } : {}),
});

interface Case {
  readonly settings?: Partial<AgentSettings>;
  /** Turn by turn. */
  readonly turns: readonly (readonly Output[])[];
  readonly answers?: readonly ApprovalAnswer[];
}

/** The methods that the user was asked by, and the outputs that the model got. */
async function check({ settings, turns, answers = [] }: Case, asked: readonly string[], outputs: readonly RegExp[]) {
  const host = createMemoryHost({
    sandbox: aSandbox,
    files: { "/workspace/.env": "TOKEN=hush\n", "/workspace/src/a.ts": "const TOKEN = 1;\n" },
  });
  const left = [...answers];
  const methods: string[] = [];
  const played = await play({
    host,
    settings: settings ?? {},
    script: turns.flatMap((calls) => [...calls.map((one) => [one]), done]),
    answer({ method }) {
      methods.push(method.split("/")[1] ?? "");
      return left.shift() ?? { permissions: {} };
    },
  });
  const { thread } = await played.start();
  for (const _ of turns) await played.say(thread.id, "Go.");
  await played.close();
  assert.deepEqual(methods, asked);
  const got = outputsOf(played.server.requests.at(-1)!);
  assert.equal(got.length, outputs.length, got.join("\n"));
  for (const [at, pattern] of outputs.entries()) assert.match(got[at] ?? "", pattern);
}

test("reading asks, and says for how long", () =>
  check({ turns: [[readEnv()]], answers: [granted()] }, ["permissions"], [/TOKEN=hush/]));
test("declined", () => check({ turns: [[readEnv()]] }, ["permissions"], [/declined/]));
test("declined with words", () =>
  check(
    { turns: [[readEnv()]], answers: [{ permissions: {}, feedback: "Use .env.example." }] },
    ["permissions"],
    [/Use \.env\.example\./],
  ));
test("granted something else", () =>
  check(
    { turns: [[readEnv()]], answers: [{ permissions: { fileSystem: { read: ["/etc"] } } }] },
    ["permissions"],
    [/declined/],
  ));
test("granted for the turn, it does not ask again in it", () =>
  check({ turns: [[readEnv(), readEnv()]], answers: [granted("turn")] }, ["permissions"], [/hush/, /hush/]));
test("but in the next one", () =>
  check(
    { turns: [[readEnv()], [readEnv()]], answers: [granted("turn")] },
    ["permissions", "permissions"],
    [/hush/, /declined/],
  ));
test("granted for the session, not even then", () =>
  check({ turns: [[readEnv()], [readEnv()]], answers: [granted("session")] }, ["permissions"], [/hush/, /hush/]));
test("where nobody is asked, it is not read", () =>
  check(
    { settings: { approvalPolicy: "never" }, turns: [[readEnv()]] },
    [],
    [/may hold credentials, and nobody is asked/],
  ));
test("in Restricted Mode, neither", () =>
  check({ settings: { trusted: false }, turns: [[readEnv()]] }, [], [/may hold credentials/]));
test("with full access, it is", () =>
  check({ settings: { sandboxMode: "danger-full-access" }, turns: [[readEnv()]] }, [], [/hush/]));
test("a search leaves it out, and says so", () =>
  check(
    { turns: [[call("search_text", { pattern: "TOKEN" })]] },
    [],
    [/^src\/a\.ts:1: const TOKEN = 1;\n\(Matches in files that may hold credentials are left out: \.env\./],
  ));
test("a search in it asks", () =>
  check(
    { turns: [[call("search_text", { pattern: "TOKEN", path: ".env" })]], answers: [granted()] },
    ["permissions"],
    [/^\.env:1: TOKEN=hush/],
  ));
test("a patch that does not match shows nothing of it", () =>
  check({ turns: [[patch]] }, [], [/^Nothing was done: \/workspace\/\.env may hold credentials/]));
test("unless it was read in the same turn", () =>
  check({ turns: [[readEnv(), patch]], answers: [granted()] }, ["permissions"], [/hush/, /does not match/]));
test("making a new one asks as an edit", () =>
  check(
    {
      turns: [[customCall("apply_patch", "*** Begin Patch\n*** Add File: app/.env\n+A=1\n*** End Patch")]],
      answers: [{ decision: "decline" }],
    },
    ["fileChange"],
    [/declined/],
  ));
