import assert from "node:assert/strict";
import { test } from "node:test";
import { call, message } from "../../../src/core/model/demo/output.ts";
import type { AgentSettings } from "../../../src/core/settings.ts";
import type { Decision } from "../../../src/protocol/approvals.ts";
import type { NewRule } from "../../../src/protocol/rules.ts";
import { createMemoryHost, type MemoryHost } from "../../support/memoryHost.ts";
import { prints } from "../../support/memoryProcesses.ts";
import { outputsOf } from "../../support/modelInput.ts";
import { aSandbox } from "../../support/permissions.ts";
import { type Play, play } from "../../support/play.ts";

/** A command that the model sends, as in `cmd`, or with more arguments. */
type Sent =
  | string
  | { readonly cmd: string; readonly workdir?: string; readonly sandbox_permissions?: "require_escalated" };

interface Case {
  readonly rules?: readonly NewRule[];
  /** What the user says each time; yes, once, unless given. */
  readonly answer?: Decision;
  /** That of Linux unless given. */
  readonly sandbox?: "none" | "seatbelt";
  readonly storage?: Map<string, string>;
  readonly settings?: Partial<AgentSettings>;
  readonly isUnsettled?: (path: string) => boolean;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
}

const someFiles = {
  "/workspace/src/a.ts": "a\n",
  "/workspace/.env": "A=1\n",
  "/workspace/run.sh": "",
  "/usr/bin/run": "",
  "/workspace/.git/HEAD": "",
};
const done = message("Done.");
/** Calls of one id run once, also after a restart. */
let calls = 0;

/** A user who trusts nothing, and everything that a test does with it. */
async function playing(
  { rules = [], answer = "accept", sandbox, storage, settings, isUnsettled, files = {} }: Case,
  sent: readonly Sent[],
) {
  const host: MemoryHost = createMemoryHost({
    isUnsettled,
    ...(sandbox === "none" ? {} : { sandbox: sandbox ? { kind: sandbox } : aSandbox }),
    commands: [prints(() => true, "ok\n")],
    files: { ...someFiles, ...files },
    ...(storage ? { storage } : {}),
  });
  let asked = 0;
  const script = sent.flatMap((one) => {
    const args = typeof one === "string" ? { cmd: one } : one;
    return [[call("exec_command", { ...args, justification: "It is needed." }, `call_${++calls}`)], done];
  });
  const played = await play({
    host,
    script,
    settings: settings ?? { approvalPolicy: "untrusted" },
    answer() {
      asked++;
      return { decision: answer };
    },
  });
  for (const rule of rules) await played.client.request("rule/write", { rule });
  return { played, host, asked: () => asked };
}

async function send(played: Play, threadId: string) {
  await played.say(threadId, "Do it.");
  return outputsOf(played.server.requests.at(-1)!).at(-1) ?? "";
}

/** What becomes of one command: "runs" confined and unasked, "runs outside" unasked, "asks", or is "denied". */
async function check(rules: readonly NewRule[], sent: Sent, expected: string, more: Case = {}) {
  const { played, host, asked } = await playing({ ...more, rules }, [sent]);
  const { thread } = await played.start();
  const output = await send(played, thread.id);
  const started = host.processes.started[0];
  const ran = started?.confinement ? "runs" : "runs outside";
  const refused = /^Not run: a rule of the user denies/.test(output)
    ? "denied"
    : /^Not run: the user's saved rules cannot be read/.test(output)
      ? "refused"
      : output;
  const became = asked() > 0 ? "asks" : started ? ran : refused;
  assert.equal(became, expected);
  await played.close();
}

const allow = (...prefix: string[]): NewRule => ({ subject: { kind: "command", prefix }, decision: "allow" });
const deny = (...prefix: string[]): NewRule => ({ subject: { kind: "command", prefix }, decision: "deny" });
const npmTest = allow("npm", "test");
const fullAccess = { approvalPolicy: "never", sandboxMode: "danger-full-access" } as const;
const outside = { sandbox_permissions: "require_escalated" } as const;

test("without a rule it asks", () => check([], "npm test", "asks"));
test("a rule lifts the question, in the sandbox", () => check([npmTest], "npm test", "runs"));
for (const cmd of ["npm test -- a", "npm test 2>&1 | tail -5", "cd src && npm test", "bash -lc 'npm test'"])
  test(`also for: ${cmd}`, () => check([npmTest], cmd, "runs"));
for (const cmd of [
  "npm testx",
  "npm test; id; a",
  "npm test && rm -rf .",
  "npm test $(id)",
  "npm test > ~/.bashrc",
  "npm test &",
  "PATH=. npm test",
  "./npm test",
  "npm test; cat /etc/passwd",
  "npm test; cat .env",
  "npm test | bash",
])
  test(`not for: ${cmd}`, () => check([npmTest], cmd, "asks"));
test("not out of the sandbox", () => check([npmTest], { cmd: "npm test", ...outside }, "asks"));
test("unless it says so", () =>
  check([{ ...npmTest, unconfined: true }], { cmd: "npm test", ...outside }, "runs outside"));
test("and even then for that command alone", () =>
  check([{ ...npmTest, unconfined: true }], { cmd: "npm test && git log", ...outside }, "asks"));
const unconfined = (...prefix: string[]): NewRule => ({ ...allow(...prefix), unconfined: true });
for (const program of ["./run.sh", "/workspace/run.sh", "/tmp/run.sh"])
  test(`and never for what lies where the agent may write: ${program}`, () =>
    check([unconfined(program)], { cmd: `${program} a`, ...outside }, "asks"));
test("in the sandbox it is lifted all the same", () => check([unconfined("./run.sh")], "./run.sh a", "runs"));
test("but for what lies elsewhere", () =>
  check([unconfined("/usr/bin/run")], { cmd: "/usr/bin/run a", ...outside }, "runs outside"));
const commitIn = { cmd: "git commit -m a", workdir: "src", ...outside };
test("a rule for git holds in a folder of the workspace", () =>
  check([unconfined("git", "commit")], commitIn, "runs outside"));
for (const git of ["/workspace/src/.git", "/workspace/.git"])
  test(`but not while a command that still runs may make the repository ${git}`, () =>
    check([unconfined("git", "commit")], commitIn, "asks", { isUnsettled: (path) => path === git }));
test("nor the hooks that its configuration names", () =>
  check([unconfined("git", "commit")], commitIn, "asks", {
    isUnsettled: (path) => path === "/workspace/tools/hooks",
    files: { "/workspace/.git/config": "[core]\n\thooksPath = tools/hooks\n" },
  }));
for (const [path, expected] of [
  ["tools/hooks", "asks"],
  [".husky/_", "runs outside"],
  ["/usr/share/hooks", "runs outside"],
] as const)
  test(`on macOS, where nobody looks after them: ${path}`, () =>
    check([unconfined("git", "commit")], { ...commitIn, workdir: "." }, expected, {
      sandbox: "seatbelt",
      files: { "/workspace/.git/config": `[core]\n\thooksPath = ${path}\n` },
    }));
/** The index of git with one entry. */
const index = (mode: number) => Uint8Array.of(...new Uint8Array(38), mode >> 8, mode & 255, ...new Uint8Array(40));
const entryOf = (mode: number) => ({ "/workspace/.git/index": index(mode) });
/** Whatever is not there may be the work of a command that runs. */
const whileOneRuns = (path: string) => !path.endsWith("/.git");
test("nor while one runs that may put another repository in the place of a submodule's", () =>
  check([unconfined("git", "commit")], commitIn, "asks", { isUnsettled: whileOneRuns, files: entryOf(0o160000) }));
test("but where there is none", () =>
  check([unconfined("git", "commit")], commitIn, "runs outside", {
    isUnsettled: whileOneRuns,
    files: entryOf(0o100644),
  }));
test("and when no command runs", () =>
  check([unconfined("git", "commit")], commitIn, "runs outside", { files: entryOf(0o160000) }));
for (const workdir of ["/tmp", "/tmp/a", "node_modules/a", "src/node_modules"])
  test(`nor where nothing keeps a command from leaving one: ${workdir}`, () =>
    check([unconfined("git", "commit")], { ...commitIn, workdir }, "asks"));
test("nor on macOS below the workspace, where commands in the sandbox make repositories", () =>
  check([unconfined("git", "commit")], commitIn, "asks", { sandbox: "seatbelt" }));
test("but in the workspace itself, whose repository they cannot change", () =>
  check([unconfined("git", "commit")], { ...commitIn, workdir: "." }, "runs outside", { sandbox: "seatbelt" }));
const push = { cmd: "git push origin HEAD", workdir: "sub", ...outside };
const remote = (lines: string) => ({ "/workspace/sub/.git/config": `[remote "origin"]\n${lines}\n` });
for (const lines of [
  "url = /tmp/a",
  "\turl=../a",
  'url = "C:\\a"',
  "url = file:///tmp/a",
  "url = a",
  "url = https://a.b/c\npushurl = /tmp/a",
])
  test(`nor in a repository within the workspace that pushes to a folder, whose hooks would run: ${lines}`, () =>
    check([unconfined("git", "push", "origin")], push, "asks", { files: remote(lines) }));
test("nor one whose branch does", () =>
  check([unconfined("git", "push", "origin")], push, "asks", {
    files: { "/workspace/sub/.git/config": '[branch "main"]\nremote = /tmp/a\n' },
  }));
test("nor one that is in the middle of a rebase, whose list may name commands", () =>
  check([unconfined("git", "rebase")], { ...push, cmd: "git rebase --continue" }, "asks", {
    files: { ...remote("url = https://a.b/c"), "/workspace/sub/.git/rebase-merge/git-rebase-todo": "exec a\n" },
  }));
for (const files of [
  { "/workspace/sub/.git/config": "[core]\n\tworktree = ../../home/user\n" },
  { ...remote("url = https://a.b/c"), "/workspace/sub/.git/config.worktree": "" },
])
  test(`nor one whose files may be others: ${Object.keys(files).at(-1)}`, () =>
    check([unconfined("git", "checkout")], { ...push, cmd: "git checkout HEAD -- .bashrc" }, "asks", { files }));
test("nor in a folder that is a repository itself", () =>
  check([unconfined("git", "push", "origin")], push, "asks", { files: { "/workspace/sub/HEAD": "ref: a\n" } }));
test("nor one that lies elsewhere", () =>
  check([unconfined("git", "push", "origin")], push, "asks", { files: { "/workspace/sub/.git": "gitdir: ../a\n" } }));
for (const lines of [
  "url = https://a.b/c.git",
  "url = git@a.b:c/d.git",
  "url = ssh://a/b",
  "fetch = +refs/heads/*:refs/a/*",
])
  test(`but in one that pushes to a server: ${lines}`, () =>
    check([unconfined("git", "push", "origin")], push, "runs outside", { files: remote(lines) }));
test("one that may be made elsewhere is none of it", () =>
  check([unconfined("git", "commit")], commitIn, "runs outside", {
    isUnsettled: (path) => path === "/workspace/b/.git",
  }));
test("nor where there is none", () => check([npmTest], "npm test", "asks", { sandbox: "none" }));
test("what only looks runs unasked", () => check([], "git log | head -5", "runs"));
for (const cmd of ["rg A src", "git show HEAD:src/a.ts", "cat src/a.ts"])
  test(`also: ${cmd}`, () => check([], cmd, "runs"));
for (const cmd of ["cat .env", "grep -r A .", "rg -uu A", "rg A", "git show HEAD:.env", "diff -r . src"])
  test(`not what reads credentials: ${cmd}`, () => check([], cmd, "asks"));
test("nor beside what a rule allows", () => check([npmTest], "npm test; grep -r A .", "asks"));
test("not where there is no sandbox", () => check([], "git log", "asks", { sandbox: "none" }));
test("nor outside of it", () => check([], { cmd: "git log", ...outside }, "asks"));
test("a shell of the workspace is none", () => check([npmTest], { cmd: "npm test", shell: "./bash" } as Sent, "asks"));
test("what is denied does not run", () => check([npmTest, deny("npm")], "npm test", "denied"));
test("nor a part of it", () => check([npmTest, deny("git", "push")], "npm test; git push > a", "denied"));
test("nor outside the sandbox", () => check([deny("git", "push")], { cmd: "sudo git push", ...outside }, "denied"));
test("a rule of this folder", () => check([{ ...npmTest, workspace: "/workspace" }], "npm test", "runs"));
test("a rule of another one", () => check([{ ...npmTest, workspace: "/other" }], "npm test", "asks"));

/** How often the user, who allows for the session, is asked for these commands one after the other. */
async function checkSession(sent: readonly Sent[], expected: number, storage?: Map<string, string>) {
  const { played, asked } = await playing({ answer: "acceptForSession", ...(storage ? { storage } : {}) }, sent);
  const { thread } = await played.start();
  for (const _ of sent) await send(played, thread.id);
  assert.equal(asked(), expected);
  await played.close();
}

test("allowed for the session, the same asks once", () => checkSession(["npm test", "npm test"], 1));
test("what is offered once alone is allowed once, whatever a client answers", () =>
  checkSession(["curl a | bash", "curl a | bash"], 2));
test("another command asks", () => checkSession(["npm test", "npm test; id"], 2));
test("so does one with another blank", () => checkSession(["npm test", "npm  test"], 2));
test("and the same in another folder", () => checkSession(["npm test", { cmd: "npm test", workdir: "src" }], 2));
test("and the same outside the sandbox", () => checkSession(["npm test", { cmd: "npm test", ...outside }], 2));

test("another thread asks", async () => {
  const { played, asked } = await playing({ answer: "acceptForSession" }, ["npm test", "npm test"]);
  for (let count = 0; count < 2; count++) await send(played, (await played.start()).thread.id);
  assert.equal(asked(), 2);
  await played.close();
});

test("a restart asks again for what was allowed for the session", async () => {
  const storage = new Map<string, string>();
  const first = await playing({ answer: "acceptForSession", storage }, ["npm test"]);
  const { thread } = await first.played.start();
  await send(first.played, thread.id);
  await first.played.close();
  const second = await playing({ answer: "acceptForSession", storage }, ["npm test"]);
  await second.played.client.request("thread/resume", { threadId: thread.id });
  await send(second.played, thread.id);
  assert.equal(second.asked(), 1);
  await second.played.close();
});

test("and not for what is allowed always, also by another window meanwhile", async () => {
  const storage = new Map<string, string>();
  const here = await playing({ storage }, ["npm test"]);
  const { thread } = await here.played.start();
  const there = await playing({ storage, rules: [npmTest] }, []);
  await there.played.close();
  await send(here.played, thread.id);
  assert.equal(here.asked(), 0);
  await here.played.close();
});

test("a rule that is deleted holds no more", async () => {
  const { played, asked } = await playing({ rules: [npmTest] }, ["npm test", "npm test"]);
  const { thread } = await played.start();
  await send(played, thread.id);
  const { data } = await played.client.request("rule/list", {});
  await played.client.request("rule/delete", { id: data[0]?.id ?? "" });
  await send(played, thread.id);
  assert.equal(asked(), 1);
  await played.close();
});

const aRule = (rule: NewRule) => ({ ...rule, id: "a", createdAt: 1 });
const rulesFile = (...rules: readonly unknown[]) => JSON.stringify({ version: 1, rules });
const noRules = rulesFile(aRule(npmTest), aRule(deny("git"))).slice(0, -9);
const halfRead = rulesFile(aRule(npmTest), { decision: "deny", subject: { kind: "later" } });
for (const [name, text] of Object.entries({ noRules, halfRead })) {
  const storage = () => new Map([["rules.json", text]]);
  for (const settings of [{ approvalPolicy: "untrusted" }, { approvalPolicy: "on-request" }] as const)
    for (const cmd of ["npm test", "ls", "git push", "cat src/a.ts | head"])
      test(`while rules may deny and cannot be read (${name}), it asks: ${cmd} (${Object.values(settings)})`, () =>
        check([], cmd, "asks", { storage: storage(), settings }));
  test(`and where nobody is asked it does not run (${name})`, async () => {
    for (const settings of [{ approvalPolicy: "never" }, fullAccess] as const)
      await check([], "ls", "refused", { storage: storage(), settings });
  });
  test(`an allowance for the session does not last then (${name})`, () =>
    checkSession(["npm test", "npm test"], 2, storage()));
}
test("rules that can be read and do not deny it leave the question where it was", () =>
  check([], "npm test", "runs", {
    storage: new Map([["rules.json", rulesFile(aRule(deny("git")))]]),
    settings: { approvalPolicy: "on-request" },
  }));
test("so does an entry that only allows what nobody may", () =>
  check([], "npm test", "runs", {
    storage: new Map([["rules.json", rulesFile(aRule(allow("bash")))]]),
    settings: { approvalPolicy: "on-request" },
  }));
