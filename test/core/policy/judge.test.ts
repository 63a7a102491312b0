import assert from "node:assert/strict";
import { test } from "node:test";
import { placesOf } from "../../../src/core/policy/effectPlaces.ts";
import { judge, type Permissions } from "../../../src/core/policy/judge.ts";
import { pathsOf } from "../../../src/core/policy/paths.ts";
import type { Effect } from "../../../src/core/tools/tool.ts";

const usual: Permissions = {
  approvalPolicy: "on-request",
  sandboxPolicy: { type: "workspaceWrite" },
  editReview: "before",
  trusted: true,
  workspaceRoots: ["/ws", "/other"],
  readableRoots: ["/tmp", "/home/user/.patchwright/outputs"],
};
const fullAccess = { sandboxPolicy: { type: "dangerFullAccess" } } as const;
const never = { approvalPolicy: "never" } as const;
const untrusted = { trusted: false } as const;

const read = (...paths: string[]): Effect => ({ kind: "read", paths });
const edit = (...paths: string[]): Effect => ({ kind: "edit", paths });
const run = (cmd: string, cwd = "/ws"): Effect => ({
  kind: "execute",
  argv: ["/bin/sh", "-lc", cmd],
  cwd,
  command: cmd,
});
const type = (chars: string): Effect => ({ kind: "input", command: "node", chars });

/** On a disk without links. */
const disk = {
  files: { realPath: async (path: string) => path, stat: async () => undefined },
  paths: pathsOf({ os: "linux" }),
};
async function judged(effect: Effect, some: Partial<Permissions> = {}) {
  const permissions = { ...usual, ...some };
  return judge(effect, permissions, await placesOf(effect, permissions, disk));
}

async function check(effect: Effect, permissions: Partial<Permissions>, expected: "allow" | "ask" | RegExp) {
  const { kind, ...rest } = await judged(effect, permissions);
  if (typeof expected === "string") assert.equal(kind, expected);
  else assert.match("message" in rest ? rest.message : kind, expected);
}

test("what does nothing is allowed", () => check({ kind: "none" }, untrusted, "allow"));
test("reading the workspace", () => check(read("/ws/a", "/other/b"), never, "allow"));
test("reading it in Restricted Mode", () => check(read("/ws/a"), untrusted, "allow"));
test("reading temporary files and outputs", () =>
  check(read("/tmp/x", "/home/user/.patchwright/outputs/1.log"), {}, "allow"));
test("reading anything else", () =>
  check(read("/ws/a", "/home/user/.ssh/id_rsa"), {}, /id_rsa is outside the workspace/));
test("reading the journals", () => check(read("/home/user/.patchwright/threads/1.jsonl"), {}, /outside/));
test("reading anything with full access", () => check(read("/etc/passwd"), fullAccess, "allow"));
test("reading all problems names no file", () => check(read(), {}, "allow"));
test("a command asks", () => check(run("ls"), {}, "ask"));
test("an edit asks", () => check(edit("/ws/a"), {}, "ask"));
test("typing asks", () => check(type("y\n"), {}, "ask"));
for (const effect of [run("ls"), edit("/ws/a"), type("y")]) {
  test(`${effect.kind} with full access`, () => check(effect, fullAccess, "allow"));
  test(`${effect.kind} where nobody is asked`, () => check(effect, never, /`never`/));
  test(`${effect.kind} in Restricted Mode, even with full access`, () =>
    check(effect, { ...untrusted, ...fullAccess }, /Restricted Mode/));
}

/** Whether an allowance for the session of one covers the other. */
async function checkCovers(one: Effect, other: Effect, covers: boolean) {
  const judgements = [await judged(one), await judged(other)];
  const keys = judgements.map((judgement) => {
    assert.equal(judgement.kind, "ask");
    return "sessionKey" in judgement ? judgement.sessionKey : undefined;
  });
  assert.equal(keys[0] !== undefined && keys[0] === keys[1], covers);
}
test("the same command in the same folder", () => checkCovers(run("npm test"), run("npm test"), true));
test("a longer command", () => checkCovers(run("npm test"), run("npm test; id"), false));
test("another folder", () => checkCovers(run("npm test"), run("npm test", "/ws/x"), false));
test("another shell", () =>
  checkCovers(run("ls"), { kind: "execute", argv: ["/tmp/sh", "-lc", "ls"], cwd: "/ws", command: "ls" }, false));
test("other words that join to the same line", () =>
  checkCovers(
    { kind: "execute", argv: ["a b"], cwd: "/ws", command: "" },
    { kind: "execute", argv: ["a", "b"], cwd: "/ws", command: "" },
    false,
  ));
test("the same files in another order", () => checkCovers(edit("/ws/a", "/ws/b"), edit("/ws/b", "/ws/a"), true));
test("an edit of a protected file is never covered", () => checkCovers(edit("/ws/.envrc"), edit("/ws/.envrc"), false));
test("more files", () => checkCovers(edit("/ws/a"), edit("/ws/a", "/ws/b"), false));
test("what is typed is never covered", () => checkCovers(type("y\n"), type("y\n"), false));

const after = { editReview: "after" } as const;
test("an edit that is reviewed afterwards", () => check(edit("/ws/a", "/other/src/b.ts"), after, "allow"));
for (const approvalPolicy of ["untrusted", "on-request", "never"] as const) {
  test(`it runs whatever asks for commands, such as ${approvalPolicy}`, () =>
    check(edit("/ws/a"), { ...after, approvalPolicy }, "allow"));
}
test("a command still asks", () => check(run("ls"), after, "ask"));
test("an edit outside of the workspace still asks", () => check(edit("/ws/a", "/etc/hosts"), after, "ask"));
test("so does a move out of it, and a folder whose name only begins alike", () =>
  check(edit("/ws/a", "/wsx/a"), after, "ask"));
test("an edit of a protected file still asks", () => check(edit("/ws/a", "/ws/.git/hooks/pre-commit"), after, "ask"));
test("one in a root that is itself inside of a protected folder, too", () =>
  check(edit("/ws/.vscode/tasks.json"), { ...after, workspaceRoots: ["/ws", "/ws/.vscode"] }, "ask"));
test("where nobody is asked, it is declined by name", () =>
  check(edit("/ws/a", "/ws/.envrc"), { ...after, ...never }, /outside the workspace, is \/ws\/\.envrc\./));
test("and a command, which says nothing of edits", () =>
  check(run("ls"), { ...after, ...never }, /no command is run\. Do what reading and editing allow/));
test("reading only, an edit asks", () =>
  check(edit("/ws/a"), { ...after, sandboxPolicy: { type: "readOnly" } }, "ask"));
test("reading only where nobody is asked, it is declined", () =>
  check(edit("/ws/a"), { ...after, ...never, sandboxPolicy: { type: "readOnly" } }, /`never`/));
test("in Restricted Mode, it is declined", () => check(edit("/ws/a"), { ...after, ...untrusted }, /Restricted Mode/));
