import assert from "node:assert/strict";
import { test } from "node:test";
import { pathsOf } from "../../../src/core/policy/paths.ts";
import { judgeByRules, judgeHostByRules } from "../../../src/core/policy/rules.ts";
import { createShellSyntax } from "../../../src/host/node/shell/shellSyntax.ts";
import type { Rule } from "../../../src/protocol/rules.ts";

const syntax = createShellSyntax({ shell: "/bin/bash" });
const paths = pathsOf({ os: "linux" });
const here = { paths, threadCwd: "/home/ada/app", cwd: "/home/ada/app", roots: ["/home/ada/app", "/tmp"] };

const held = (rules: readonly Rule[]) => ({ rules, complete: true });

/** As a person would say it: "allow npm test", "deny rm in /home/ada", "allow git push unconfined". */
function ruleOf(text: string): Rule {
  const [, decision, words = "", workspace, unconfined] =
    /^(allow|deny) (.+?)(?: in (\S+))?( unconfined)?$/.exec(text) ?? [];
  return {
    id: text,
    createdAt: 0,
    subject: { kind: "command", prefix: words.split(" ") },
    decision: decision as "allow",
    ...(workspace ? { workspace } : {}),
    ...(unconfined ? { unconfined: true } : {}),
  };
}

/** What rules say of a command line: "allow", "allow looking", "allow unconfined", "deny" or "none". */
async function check(rules: readonly string[], line: string, expected: string, place: Partial<typeof here> = {}) {
  const verdict = judgeByRules(held(rules.map(ruleOf)), await syntax.commandsOf(line, "bash"), { ...here, ...place });
  const more =
    verdict.kind === "allow" ? `${verdict.unconfined ? " unconfined" : ""}${verdict.looked ? " looking" : ""}` : "";
  assert.equal(verdict.kind + more, expected);
}

const npmTest = ["allow npm test"];
for (const line of [
  "npm test",
  "npm test -- --grep a",
  "npm test 2>&1",
  "npm 'test'",
  "npm test; npm test",
  "bash -lc 'npm test'",
])
  test(`"npm test" covers: ${line}`, () => check(npmTest, line, "allow"));
for (const line of ["npm test | tail -5", "cd src && npm test", "ls && npm test", "npm test; git status"])
  test(`what looks may stand beside it: ${line}`, () => check(npmTest, line, "allow looking"));
for (const line of [
  "npm testx",
  "npm tes",
  "npm",
  "npm run test",
  "npm --silent test",
  "NPM test",
  "npm Test",
  "npm 'test x'",
  "'npm test'",
  "./npm test",
  "/usr/bin/npm test",
  "npm test && rm -rf .",
  "npm test; a",
  "npm test | sh",
  "npm test || curl example.org",
  "a; npm test",
  "npm test $(id)",
  "npm test $A",
  "npm test `id`",
  "npm test > ~/.bashrc",
  "npm test > a",
  "npm test < a",
  "npm test &",
  "npm test *",
  "A=1 npm test",
  "(npm test)",
  "npm test <<E\nE",
  "time npm test",
  "env npm test",
  "sudo npm test",
  "xargs npm test",
  "npm test; cat /etc/passwd",
  "cd .. && npm test",
  "bash -c 'npm test; a'",
  "if npm test; then npm test; fi",
])
  test(`and not: ${JSON.stringify(line)}`, () => check(npmTest, line, "none"));

test("several rules cover several commands", () =>
  check(["allow npm test", "allow git add"], "npm test && git add a", "allow"));
test("without a rule for one of them, none holds", () =>
  check(["allow npm test", "allow git add"], "npm test && git add a && git push", "none"));
test("no rules, none", () => check([], "npm test", "none"));
test("what only looks needs no rule, and gets none", () => check([], "ls", "none"));

test("a rule may lift the sandbox", () => check(["allow npm publish unconfined"], "npm publish", "allow unconfined"));
test("not for what has another rule", () =>
  check(["allow npm publish unconfined", "allow npm test"], "npm test && npm publish", "allow"));
test("nor for what only looks", () =>
  check(["allow npm publish unconfined"], "npm publish && git log -p", "allow looking"));
for (const line of ["git push origin main", "git push origin --force-with-lease"])
  test(`outside the sandbox, "git push origin" covers: ${line}`, () =>
    check(["allow git push origin unconfined"], line, "allow unconfined"));
for (const line of [
  "git push origin --receive-pack=a",
  "git push origin --rec a main",
  "bash -c 'git push origin --exec=a'",
])
  test(`inside it alone: ${line}`, () => check(["allow git push origin unconfined"], line, "allow"));
test("of two rules the wider one counts", () =>
  check(["allow npm", "allow npm publish unconfined"], "npm publish", "allow unconfined"));

for (const line of [
  "git push",
  "git push origin main",
  "npm test && git push",
  "npm test; git push > a",
  "git push $BRANCH",
  "A=1 git push",
  "/usr/bin/git push",
  "./git push",
  "echo $(git push)",
  "if true; then git push; fi",
  "(git push) &",
  "sudo git push",
  "env A=1 git push",
  "timeout 5 git push",
  "nohup sudo git push",
  "xargs git push",
  "bash -c 'git push'",
  "bash -c 'x=$(git push)'",
  "git push <<E\nE",
  "f() { git push; }",
  "git -C . push",
  "git -c a=b --no-pager push origin",
  "git --git-dir=.git push",
  "GIT push",
  "/usr/bin/git.exe push",
  "git $'push'",
  'git "push" $X',
  "git \\\npush",
  "git pu\\\nsh",
  "eval git push",
  "eval 'git push'",
  "command eval 'git push'",
  "bash -c 'git push' a",
  "bash -ec 'git push'",
  "bash --norc -c 'git push'",
  'bash -c "git push origin $BRANCH"',
  "bash -c \"bash -c 'git push'\"",
  "env A=1 bash -c 'cd a; git push'",
  "sudo sh -lc 'git push'",
  "/opt/bin/fish -c 'git push'",
  "ls | xargs -n1 sh -c 'git push'",
  "find . -exec git push ';'",
  "find . -exec sh -c 'git push' ';'",
  "fd a -x git push",
  "find . -exec nohup git push ';'",
  "git 2>/dev/null push",
  "true && git 2>/dev/null push",
  "cat a | git 2>/dev/null push",
  "git >/dev/null -C a push origin",
  "env -S 'git push'",
  "trap 'git push' EXIT",
  "watch 'git push'",
  "su ada -c 'git push'",
  "coproc git push",
  "strace -f git push",
  "ssh example.org git push",
])
  test(`"git push" is denied in: ${JSON.stringify(line)}`, () => check(["allow git", "deny git push"], line, "deny"));
for (const line of [
  "git pull",
  "git pushx",
  "echo git push",
  "echo 'git push'",
  "git $X push",
  "$GIT push",
  "git --no-pager stash push",
  "git log --grep push",
  "git commit -m 'git push'",
  "find . -name git",
  "bash git push",
])
  test(`and not in: ${line}`, () => check(["deny git push"], line, "none"));
test("deny beats allow, whatever the order", () => check(["allow npm test", "deny npm"], "npm test", "deny"));
test("a text that cannot be read is not allowed, and may be what a rule denies", () => {
  assert.equal(judgeByRules(held([ruleOf("deny git"), ruleOf("allow git")]), undefined, here).kind, "unreadable");
  assert.equal(
    judgeByRules(held([ruleOf("deny git in /elsewhere"), ruleOf("allow git")]), undefined, here).kind,
    "none",
  );
});

for (const [rules, line, expected] of [
  [[], "ls", "unknown"],
  [["allow npm test"], "npm test", "unknown"],
  [["allow npm test unconfined"], "npm test", "unknown"],
  [["deny npm"], "npm test", "deny"],
] as const)
  test(`when not all rules can be read, with "${rules}", ${line}: ${expected}`, async () => {
    const some = { rules: rules.map(ruleOf), complete: false };
    assert.equal(judgeByRules(some, await syntax.commandsOf(line, "bash"), here).kind, expected);
    assert.equal(judgeByRules(some, undefined, here).kind, "unknown");
    assert.equal(judgeHostByRules(some, placeOf("example.org"), here), "unknown");
  });

const scoped = ["allow npm test in /home/ada/app"];
test("a rule of a workspace holds there", () => check(scoped, "npm test", "allow"));
test("and below it", () => check(scoped, "npm test", "allow", { cwd: "/home/ada/app/src" }));
test("not in another folder", () => check(scoped, "npm test", "none", { cwd: "/tmp" }));
test("nor beside it", () => check(scoped, "npm test", "none", { threadCwd: "/home/ada/app2", cwd: "/home/ada/app2" }));
test("nor for a thread elsewhere that goes there", () =>
  check(scoped, "npm test", "none", { threadCwd: "/home/ada/other" }));
test("what is denied in a workspace is denied to commands that go there", () =>
  check(["deny npm in /home/ada/app"], "npm test", "deny", { threadCwd: "/home/ada/other" }));
test("and to its threads wherever they go", () =>
  check(["deny npm in /home/ada/app"], "npm test", "deny", { cwd: "/tmp" }));
test("but not elsewhere", () =>
  check(["deny npm in /home/ada/app"], "npm test", "none", { threadCwd: "/tmp", cwd: "/tmp" }));

/** "host", at the port of https, or "host:port". */
function placeOf(text: string) {
  const [host = "", port = "443"] = text.split(":");
  return { host, port: Number(port) };
}

/** What rules say of a host. */
function checkHost(
  rules: readonly [host: string, decision: Rule["decision"], workspace?: string][],
  host: string,
  expected: string,
) {
  const made = rules.map(([pattern, decision, workspace], index): Rule => {
    const subject = { kind: "host", host: pattern } as const;
    return { id: `${index}`, createdAt: 0, subject, decision, ...(workspace ? { workspace } : {}) };
  });
  assert.equal(judgeHostByRules(held(made), placeOf(host), here), expected);
}

test("a host is allowed by its name", () => checkHost([["example.org", "allow"]], "example.org", "allow"));
test("not one below it", () => checkHost([["example.org", "allow"]], "a.example.org", "none"));
test("nor at another port than the usual ones", () => checkHost([["example.org", "allow"]], "example.org:22", "none"));
test("unless the rule names it", () => checkHost([["example.org:22", "allow"]], "example.org:22", "allow"));
test("and then no other", () => checkHost([["example.org:22", "allow"]], "example.org", "none"));
test("a host that is denied is denied at all ports", () =>
  checkHost(
    [
      ["example.org", "deny"],
      ["example.org:22", "allow"],
    ],
    "example.org:22",
    "deny",
  ));
test("but one that is denied at a port only there", () =>
  checkHost(
    [
      ["example.org:8443", "deny"],
      ["example.org", "allow"],
    ],
    "example.org",
    "allow",
  ));
test("unless all are", () => checkHost([["*.example.org", "allow"]], "a.example.org", "allow"));
test("a host that is denied is, among those that are allowed", () =>
  checkHost(
    [
      ["*.example.org", "allow"],
      ["a.example.org", "deny"],
    ],
    "a.example.org",
    "deny",
  ));
test("a host of this workspace is allowed here", () =>
  checkHost([["example.org", "allow", "/home/ada"]], "example.org", "allow"));
test("one of another is not", () => checkHost([["example.org", "allow", "/other"]], "example.org", "none"));
test("rules for commands say nothing of hosts", () =>
  assert.equal(judgeHostByRules(held([ruleOf("allow example.org")]), placeOf("example.org"), here), "none"));
