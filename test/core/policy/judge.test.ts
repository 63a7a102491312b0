import assert from "node:assert/strict";
import { test } from "node:test";
import type { EffectPlaces } from "../../../src/core/policy/effectPlaces.ts";
import { judge, type Run } from "../../../src/core/policy/judge.ts";
import type { Permissions } from "../../../src/core/policy/permissions.ts";
import type { Effect, KnownCommand } from "../../../src/core/tools/effect.ts";
import type { Decliner } from "../../../src/protocol/items.ts";
import type { SandboxPolicy } from "../../../src/protocol/settings.ts";
import { noSandbox, somePermissions } from "../../support/permissions.ts";

type Of<K extends Effect["kind"]> = Extract<Effect, { kind: K }>;

const run = (cmd = "npm test", changes: Partial<Of<"execute">> = {}): Effect => ({
  kind: "execute",
  argv: ["/bin/sh", "-c", cmd],
  cwd: "/ws",
  command: cmd,
  rights: "default",
  ...changes,
});
const escalated = run("npm i", { rights: "escalated" });
const known = (facts: Partial<KnownCommand>, rights: "default" | "escalated" = "default") =>
  run("x", { rights, known: { looksOnly: false, ...facts } });
const read = (...paths: string[]): Effect => ({ kind: "read", paths });
const edit = (...paths: string[]): Effect => ({ kind: "edit", paths });
const typing = (confined: boolean): Effect => ({
  kind: "input",
  command: "node",
  chars: "y\n",
  rights: { confined, writableRoots: [], network: "off" },
});
const tool: Effect = { kind: "tool", server: "docs", name: "mcp__docs__search", description: "", args: { q: 1 } };

/** Where the paths lie, by their names. */
function placesIn(effect: Effect): EffectPlaces {
  const classified = (path: string) => ({
    path,
    realPath: path,
    entryPath: path,
    known: true,
    throughLink: false,
    hardLinked: false,
    place: /^\/(ws|tmp)\//.test(path) ? ("inside" as const) : ("outside" as const),
    protected: path.includes("/.git/") || path.includes(".env"),
  });
  return {
    written: effect.kind === "edit" ? effect.paths.map(classified) : [],
    read: effect.kind === "read" ? effect.paths.map(classified) : [],
  };
}

const judged = (effect: Effect, changes: Partial<Permissions> = {}) =>
  judge(effect, somePermissions(changes), placesIn(effect));

type Answer = "allow" | "ask" | "decline" | Run | `ask ${Run}`;

/** Of a command, also how it runs. */
function answerOf(effect: Effect, changes: Partial<Permissions>): Answer {
  const judgement = judged(effect, changes);
  if (effect.kind !== "execute" || judgement.kind === "decline") return judgement.kind;
  return judgement.kind === "allow" ? judgement.run : `ask ${judgement.run}`;
}

const modes: Record<string, Partial<Permissions>> = {
  "workspace-write": { sandboxPolicy: { type: "workspaceWrite" } },
  "read-only": { sandboxPolicy: { type: "readOnly" } },
  "full access": { sandboxPolicy: { type: "dangerFullAccess" } },
  "workspace-write, no sandbox": { sandboxPolicy: { type: "workspaceWrite" }, sandbox: noSandbox },
  "read-only, no sandbox": { sandboxPolicy: { type: "readOnly" }, sandbox: noSandbox },
  "full access, no sandbox": { sandboxPolicy: { type: "dangerFullAccess" }, sandbox: noSandbox },
};

const policies = ["untrusted", "on-request", "never"] as const;

/** The three answers are those of the policies, in their order. */
function row(
  what: string,
  effect: Effect,
  mode: string,
  answers: readonly [Answer, Answer, Answer],
  changes = {},
): void {
  for (const [at, approvalPolicy] of policies.entries()) {
    test(`${what}; ${mode}; ${approvalPolicy}`, () =>
      assert.equal(answerOf(effect, { ...modes[mode], approvalPolicy, ...changes }), answers[at]));
  }
  test(`${what}; ${mode}; in Restricted Mode`, () => {
    const answer = answerOf(effect, { ...modes[mode], trusted: false, ...changes });
    const looksAround = effect.kind === "read" && answers.every((one) => one === "allow") && !/outside/.test(what);
    assert.equal(answer, looksAround ? "allow" : "decline");
  });
}

for (const mode of ["workspace-write", "read-only"]) {
  const bare = `${mode}, no sandbox`;
  row("a command", run(), mode, ["ask confined", "confined", "confined"]);
  row("a command", run(), bare, ["ask unconfined", "ask unconfined", "decline"]);
  row("one that only looks", known({ looksOnly: true }), mode, ["looking", "confined", "confined"]);
  row("one that only looks", known({ looksOnly: true }), bare, ["ask unconfined", "ask unconfined", "decline"]);
  row("an escalated command", escalated, mode, ["ask unconfined", "ask unconfined", "decline"]);
  row("an escalated command", escalated, bare, ["ask unconfined", "ask unconfined", "decline"]);
  row("an escalated one that only looks", known({ looksOnly: true }, "escalated"), mode, [
    "ask unconfined",
    "ask unconfined",
    "decline",
  ]);
  row("one that a rule allows", known({ rule: "allow" }), mode, ["confined", "confined", "confined"]);
  row("one that a rule allows", known({ rule: "allow" }), bare, ["ask unconfined", "ask unconfined", "decline"]);
  row("one that a rule allows, escalated", known({ rule: "allow" }, "escalated"), mode, [
    "ask unconfined",
    "ask unconfined",
    "decline",
  ]);
  row("one that a rule lets out", known({ rule: "allowUnconfined" }), mode, ["confined", "confined", "confined"]);
  row("one that a rule lets out, escalated", known({ rule: "allowUnconfined" }, "escalated"), mode, [
    "unconfined",
    "unconfined",
    "unconfined",
  ]);
  row("one that a rule lets out", known({ rule: "allowUnconfined" }), bare, ["unconfined", "unconfined", "unconfined"]);
  const unread = known({ rule: "unreadable" });
  row("one that a rule may deny", unread, mode, ["ask confined", "ask confined", "decline"]);
  row("one that a rule may deny", unread, bare, ["ask unconfined", "ask unconfined", "decline"]);
  row("one of which no rule is known", known({ rule: "unknown" }), mode, ["ask confined", "ask confined", "decline"]);
  for (const place of [mode, bare]) {
    row("one that a rule denies", known({ rule: "deny", looksOnly: true }), place, ["decline", "decline", "decline"]);
    row("typing into a confined one", typing(true), place, ["ask", "allow", "allow"]);
    row("typing into one outside", typing(false), place, ["ask", "ask", "decline"]);
    row("a tool of another program", tool, place, ["ask", "ask", "decline"]);
    row("reading the workspace", read("/ws/a", "/tmp/x"), place, ["allow", "allow", "allow"]);
    row("reading outside", read("/ws/a", "/etc/passwd"), place, ["decline", "decline", "decline"]);
    row("reading credentials", read("/ws/.env"), place, ["ask", "ask", "decline"]);
    row("reading credentials outside", read("/home/user/.ssh/id_rsa"), place, ["decline", "decline", "decline"]);
    row("an edit of a protected file", edit("/ws/a", "/ws/.git/hooks/x"), place, ["ask", "ask", "decline"]);
    row("an edit outside", edit("/ws/a", "/etc/hosts"), place, ["ask", "ask", "decline"]);
    row("an edit, reviewed before", edit("/ws/a"), place, ["ask", "ask", "decline"], { editReview: "before" });
  }
}
for (const mode of ["workspace-write", "workspace-write, no sandbox"])
  row("an edit", edit("/ws/a"), mode, ["ask", "allow", "allow"]);
for (const mode of ["read-only", "read-only, no sandbox"])
  row("an edit", edit("/ws/a"), mode, ["ask", "ask", "decline"]);
for (const mode of ["full access", "full access, no sandbox"]) {
  row("a command", run(), mode, ["ask unconfined", "unconfined", "unconfined"]);
  row("an escalated command", escalated, mode, ["ask unconfined", "unconfined", "unconfined"]);
  row("one that only looks", known({ looksOnly: true }), mode, ["ask unconfined", "unconfined", "unconfined"]);
  row("one that a rule allows", known({ rule: "allow" }), mode, ["ask unconfined", "unconfined", "unconfined"]);
  row("one that a rule lets out", known({ rule: "allowUnconfined" }), mode, ["unconfined", "unconfined", "unconfined"]);
  row("one that a rule denies", known({ rule: "deny" }), mode, ["decline", "decline", "decline"]);
  row("one that a rule may deny", known({ rule: "unreadable" }), mode, ["ask unconfined", "ask unconfined", "decline"]);
  row("typing", typing(false), mode, ["ask", "allow", "allow"]);
  row("a tool of another program", tool, mode, ["ask", "allow", "allow"]);
  row("reading outside", read("/etc/passwd"), mode, ["allow", "allow", "allow"]);
  row("reading credentials", read("/home/user/.ssh/id_rsa"), mode, ["ask", "allow", "allow"]);
  for (const editReview of ["before", "after"] as const)
    row(`an edit anywhere, reviewed ${editReview}`, edit("/etc/hosts"), mode, ["ask", "allow", "allow"], {
      editReview,
    });
}
row("what does nothing", read(), "workspace-write", ["allow", "allow", "allow"]);

/** What the model is told of a call that is declined. */
function checkWords(effect: Effect, changes: Partial<Permissions>, expected: RegExp): void {
  const judgement = judged(effect, changes);
  assert.match(judgement.kind === "decline" ? judgement.message : judgement.kind, expected);
}
const never = { approvalPolicy: "never" } as const;
const readOnly: { sandboxPolicy: SandboxPolicy } = { sandboxPolicy: { type: "readOnly" } };
test("no sandbox", () =>
  checkWords(run(), { ...never, sandbox: noSandbox }, /no sandbox here.* reading and editing allow/));
test("nothing leaves it", () => checkWords(escalated, never, /nothing leaves the sandbox\. Run it inside/));
test("a rule", () => checkWords(known({ rule: "deny" }), {}, /a rule of the user denies/));
test("a file by name", () =>
  checkWords(edit("/ws/a", "/ws/.envrc"), never, /outside the workspace, is \/ws\/\.envrc,/));
test("edits that ask", () => checkWords(edit("/ws/a"), { ...never, ...readOnly }, /edits are asked about here/));
test("reading outside", () => checkWords(read("/etc/x"), {}, /^\/etc\/x is outside .* exec_command/));
test("outside, where no command runs", () =>
  checkWords(read("/etc/hosts"), { trusted: false }, /Commands do not run here either/));
test("credentials", () => checkWords(read("/ws/.env"), never, /\/ws\/\.env may hold credentials/));
test("Restricted Mode", () => checkWords(edit("/ws/a"), { trusted: false }, /Restricted Mode.* in the editor\.$/));
test("a folder that is not trusted where there is no editor", () =>
  checkWords(
    edit("/ws/a"),
    { trusted: false, trustIsIn: "config.toml" },
    /Restricted Mode.* config\.toml .* in that file\.$/,
  ));

/** Whether an allowance for the session of one covers the other. */
function checkCovers(one: Effect, other: Effect, covers: boolean, changes: Partial<Permissions> = {}) {
  const keys = [
    judged(one, { approvalPolicy: "untrusted" }),
    judged(other, { approvalPolicy: "untrusted", ...changes }),
  ];
  const [first, second] = keys.map((judgement) => {
    assert.equal(judgement.kind, "ask");
    return "sessionKey" in judgement ? judgement.sessionKey : undefined;
  });
  assert.equal(first !== undefined && first === second, covers);
}
test("the same command in the same folder", () => checkCovers(run(), run(), true));
test("a longer command", () => checkCovers(run(), run("npm test; id"), false));
test("another folder", () => checkCovers(run(), run("npm test", { cwd: "/ws/x" }), false));
test("outside the sandbox", () => checkCovers(run(), run("npm test", { rights: "escalated" }), false));
test("where there is no sandbox", () => checkCovers(run(), run(), false, { sandbox: noSandbox }));
test("another shell", () => checkCovers(run("ls"), run("ls", { argv: ["/tmp/sh", "-c", "ls"] }), false));
test("other words that join to the same line", () =>
  checkCovers(run("", { argv: ["a b"] }), run("", { argv: ["a", "b"] }), false));
test("the same files in another order", () => checkCovers(edit("/ws/a", "/ws/b"), edit("/ws/b", "/ws/a"), true));
test("more files", () => checkCovers(edit("/ws/a"), edit("/ws/a", "/ws/b"), false));
test("protected files are asked about each time", () => checkCovers(edit("/ws/.git/x"), edit("/ws/.git/x"), false));
test("what is typed is never covered", () => checkCovers(typing(true), typing(true), false));
test("the same call of a tool", () => checkCovers(tool, tool, true));
test("with other arguments", () => checkCovers(tool, { ...tool, args: { q: 2 } } as Effect, false));
test("of another program", () => checkCovers(tool, { ...tool, server: "other" } as Effect, false));

/** Which rule or setting the surfaces are told of. */
function checkDecliner(facts: Partial<KnownCommand>, by: Decliner) {
  const judgement = judged(known(facts), { approvalPolicy: "never" });
  assert.deepEqual(judgement.kind === "decline" && judgement.by, by);
}
test("a rule that denies", () =>
  checkDecliner({ rule: "deny", denied: ["git", "push"] }, { kind: "rule", prefix: ["git", "push"] }));
test("rules that cannot be read", () => checkDecliner({ rule: "unknown" }, { kind: "rulesUnread" }));
test("a command that rules cannot be held against", () =>
  checkDecliner({ rule: "unreadable" }, { kind: "commandUnread" }));
