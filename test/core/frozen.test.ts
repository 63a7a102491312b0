import assert from "node:assert/strict";
import { test } from "node:test";
import { call, customCall, message } from "../../src/core/model/demo/output.ts";
import type { SandboxState } from "../../src/host/sandbox.ts";
import type { ApprovalAnswer, Decision } from "../../src/protocol/approvals.ts";
import { createMemoryHost, type MemoryHost } from "../support/memoryHost.ts";
import { prints } from "../support/memoryProcesses.ts";
import { outputsOf } from "../support/modelInput.ts";
import { aSandbox, noSandbox } from "../support/permissions.ts";
import { play } from "../support/play.ts";

interface Scene {
  readonly cmd: string;
  readonly workdir?: string;
  /** Done while the question waits: for the first, the second, and so on. */
  readonly meanwhile: readonly ((host: MemoryHost) => void)[];
  readonly answer?: ApprovalAnswer;
  /** What the model gets. */
  readonly output?: RegExp;
}

const files = {
  "/workspace/deploy.sh": "echo deploy\n",
  "/workspace/tools/run me.sh": "echo run\n",
  "/workspace/package.json": "{}\n",
  "/tmp/made.sh": "echo made\n",
  "/elsewhere/x.sh": "echo x\n",
  "/workspace/sub/a": "",
};

/** What each question gave as its reason, and whether the command ran. */
async function check(
  { cmd, workdir, meanwhile, answer, output }: Scene,
  reasons: readonly (RegExp | null)[],
): Promise<void> {
  const host = createMemoryHost({ files, commands: [prints(() => true, "ok\n")] });
  const said: (string | null | undefined)[] = [];
  const played = await play({
    host,
    script: [[call("exec_command", { cmd, workdir })], message("Done.")],
    answer({ params }) {
      meanwhile[said.length]?.(host);
      said.push(params.reason);
      return answer ?? { decision: "accept" };
    },
  });
  const { thread } = await played.start();
  await played.say(thread.id, "Deploy.");
  await played.close();
  assert.equal(said.length, reasons.length, said.join("\n"));
  for (const [at, reason] of reasons.entries()) {
    if (reason === null) assert.equal(said[at], null);
    else assert.match(said[at] ?? "", reason);
  }
  assert.equal(host.processes.started.length, output ? 0 : 1);
  if (output) assert.match(outputsOf(played.server.requests.at(-1)!).at(-1) ?? "", output);
}

let versions = 0;
const rewrite =
  (path: string, text = `evil ${++versions}\n`) =>
  (host: MemoryHost) =>
    host.files.put(path, text);
const nothing = () => {};
const changed = /^\/workspace\/deploy\.sh changed since you were asked\.$/;

test("a script that changes while the question waits is asked about again", () =>
  check({ cmd: "./deploy.sh", meanwhile: [rewrite("/workspace/deploy.sh")] }, [null, changed]));
const pushes = rewrite("/workspace/sub/.git/config", '[remote "origin"]\n\turl = /tmp/a\n');
const mayBeMade =
  /^There is more to know about it than when you were asked\.\nGit may come here to a repository that commands in the sandbox made, and run what it names\.$/;
test("so is git, when it comes to a repository that commands may have made meanwhile", () =>
  check({ cmd: "git push origin a", workdir: "/workspace/sub", meanwhile: [pushes] }, [null, mayBeMade]));
test("also one that is handed to an interpreter", () =>
  check({ cmd: "bash -x deploy.sh --now", meanwhile: [rewrite("/workspace/deploy.sh")] }, [null, changed]));
test("also by its absolute path, in quotes, after a change of folder", () =>
  check({ cmd: `cd tools && './run me.sh'`, meanwhile: [rewrite("/workspace/tools/run me.sh")] }, [
    null,
    /run me\.sh changed/,
  ]));
test("also in another folder that the call names", () =>
  check({ cmd: `"./run me.sh"`, workdir: "tools", meanwhile: [rewrite("/workspace/tools/run me.sh")] }, [
    null,
    /run me\.sh changed/,
  ]));
test("also one for temporary files", () =>
  check({ cmd: "sh /tmp/made.sh", meanwhile: [rewrite("/tmp/made.sh")] }, [null, /\/tmp\/made\.sh changed/]));
test("also what npm runs without its being named", () =>
  check({ cmd: "npm test", meanwhile: [rewrite("/workspace/package.json")] }, [null, /package\.json changed/]));
test("one that goes away has changed", () =>
  check({ cmd: "./deploy.sh", meanwhile: [(host) => host.files.put("/workspace/deploy.sh", undefined)] }, [
    null,
    changed,
  ]));
test("and one that appears", () =>
  check({ cmd: "./new.sh", meanwhile: [rewrite("/workspace/new.sh")] }, [null, /new\.sh changed/]));
test("it is asked as long as it changes, and given up then", () => {
  const meanwhile = Array.from({ length: 9 }, () => rewrite("/workspace/deploy.sh"));
  return check({ cmd: "./deploy.sh", meanwhile, output: /kept changing/ }, [null, changed, changed, changed, changed]);
});
test("the same for an allowance for the session", () =>
  check(
    { cmd: "./deploy.sh", meanwhile: [rewrite("/workspace/deploy.sh")], answer: { decision: "acceptForSession" } },
    [null, changed],
  ));
/** The same command twice, allowed for the session; the script changes in between. How often the user was asked. */
async function checkSession(sandbox: SandboxState, args: object, expected: number): Promise<void> {
  const host = createMemoryHost({ sandbox, files, commands: [prints(() => true, "ok\n")] });
  const reasons: unknown[] = [];
  const deploy = () => [call("exec_command", { cmd: "./deploy.sh", ...args })];
  const played = await play({
    host,
    settings: { approvalPolicy: "untrusted" },
    script: [deploy(), message("Done."), deploy(), message("Done.")],
    answer({ params }) {
      reasons.push(params.reason);
      return { decision: "acceptForSession" };
    },
  });
  const { thread } = await played.start();
  await played.say(thread.id, "Deploy.");
  host.files.put("/workspace/deploy.sh", "echo other\n");
  await played.say(thread.id, "Again.");
  await played.close();
  assert.equal(reasons.length, expected);
  if (expected > 1) assert.match(String(reasons[1]), /deploy\.sh changed since/);
}
test("in the sandbox, an allowance for the session covers the script as it is by then", () =>
  checkSession(aSandbox, {}, 1));
test("outside of it, only as it was when it was allowed", () =>
  checkSession(aSandbox, { sandbox_permissions: "require_escalated", justification: "To deploy." }, 2));
test("and where there is none", () => checkSession(noSandbox, {}, 2));

/** A command that is allowed always while its script changes: what the user says then, and how many rules there are in the end. */
async function checkAlways(
  meanwhile: (host: MemoryHost) => void,
  second: { readonly decision: Decision },
  rules: number,
): Promise<void> {
  const host = createMemoryHost({ sandbox: aSandbox, files, commands: [prints(() => true, "ok\n")] });
  let asked = 0;
  const played = await play({
    host,
    settings: { approvalPolicy: "untrusted" },
    script: [[call("exec_command", { cmd: "./deploy.sh --now" })], message("Done.")],
    answer() {
      if (asked++ > 0) return second;
      meanwhile(host);
      return { decision: { acceptWithExecpolicyAmendment: { execpolicy_amendment: ["./deploy.sh"] } } };
    },
  });
  const { thread } = await played.start();
  await played.say(thread.id, "Deploy.");
  assert.equal((await played.client.request("rule/list", {})).data.length, rules);
  assert.equal(host.processes.started.length, asked === 1 || second.decision === "accept" ? 1 : 0);
  await played.close();
}
test("a rule is saved when its command runs", () => checkAlways(nothing, { decision: "decline" }, 1));
test("not when its script has changed, and the user declines then", () =>
  checkAlways(rewrite("/workspace/deploy.sh"), { decision: "decline" }, 0));
test("nor when the user allows it once then", () =>
  checkAlways(rewrite("/workspace/deploy.sh"), { decision: "accept" }, 0));

async function checkNotOffered(cmd: string): Promise<void> {
  const host = createMemoryHost({ sandbox: aSandbox, files, commands: [prints(() => true, "ok\n")] });
  const offered: unknown[] = [];
  const args = { cmd, sandbox_permissions: "require_escalated", justification: "To deploy." };
  const played = await play({
    host,
    script: [[call("exec_command", args)], message("Done.")],
    answer({ params }) {
      offered.push("availableDecisions" in params && params.availableDecisions);
      return { decision: "decline" };
    },
  });
  const { thread } = await played.start();
  await played.say(thread.id, "Deploy.");
  await played.close();
  assert.deepEqual(offered, [["accept", "acceptForSession", "decline", "cancel"]]);
}

test("a script of the workspace is not offered to be let out of the sandbox always", () =>
  checkNotOffered("./deploy.sh"));
test("nor what runs the scripts of a file there", () => checkNotOffered("npm run deploy"));
test("nor from another folder", () => checkNotOffered("cd . && npm run deploy"));

test("a file that changes back is the same", () =>
  check({ cmd: "./deploy.sh", meanwhile: [rewrite("/workspace/deploy.sh", "echo deploy\n")] }, [null]));
test("other files may change", () =>
  check({ cmd: "./deploy.sh", meanwhile: [rewrite("/workspace/package.json")] }, [null]));
test("and what only the user may write", () =>
  check({ cmd: "sh /elsewhere/x.sh", meanwhile: [rewrite("/elsewhere/x.sh")] }, [null]));
test("nothing changes", () => check({ cmd: "./deploy.sh", meanwhile: [nothing] }, [null]));

test("an edit is made on the bytes that it was planned on, or not at all", async () => {
  const host = createMemoryHost({ files: { "/workspace/a.txt": "one\ntwo\n" } });
  const patch = "*** Begin Patch\n*** Update File: a.txt\n@@\n-one\n+1\n two\n*** End Patch";
  const played = await play({
    host,
    script: [[customCall("apply_patch", patch)], message("Done.")],
    answer() {
      host.files.put("/workspace/a.txt", "uno\ntwo\n");
      return { decision: "accept" };
    },
  });
  const { thread } = await played.start();
  await played.say(thread.id, "Number it.");
  await played.close();
  assert.equal(host.files.snapshot()["/workspace/a.txt"], "uno\ntwo\n");
});
