import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { isProtected, protectedNamePatterns } from "../../../../src/core/policy/protectedPaths.ts";
import { protectedIn } from "../../../../src/host/node/sandbox/macSandbox.ts";
import {
  type SeatbeltSetting,
  seatbeltArgv,
  seatbeltProfile,
} from "../../../../src/host/node/sandbox/seatbeltProfile.ts";

import { withFolder } from "../../nodeFixture.ts";

const nothing: SeatbeltSetting = {
  layout: { writable: [], hidden: [], readable: [], protected: [] },
  guarded: [],
  network: "off",
};

/** What comes after the rules that are the same for all commands. */
function check(
  layout: Partial<SeatbeltSetting["layout"]>,
  setting: Partial<SeatbeltSetting>,
  expected: readonly string[],
): void {
  const plain = seatbeltProfile(nothing).trimEnd();
  const profile = seatbeltProfile({ ...nothing, ...setting, layout: { ...nothing.layout, ...layout } });
  assert.ok(profile.startsWith(`${plain}\n`));
  assert.deepEqual(profile.slice(plain.length).trim().split("\n").filter(Boolean), expected);
}

test("everything is denied that no rule allows", () => {
  const profile = seatbeltProfile(nothing);
  assert.match(profile, /^\(version 1\)\n\(deny default\)\n/);
  assert.doesNotMatch(profile, /allow (network|file-write\*|default)/);
});
test("a command that may only look gets no folder and no network", () => check({}, {}, []));
test("what is writable, hidden, readable and protected, in this order", () =>
  check(
    {
      writable: ["/w", "/private/tmp"],
      hidden: [{ path: "/Users/u/.ssh", kind: "folder" }],
      readable: ["/Users/u/.patchwright/outputs"],
      protected: ["/w/.git", "/w/sub/deep/.git"],
    },
    {},
    [
      '(allow file-write* (subpath "/w"))',
      '(allow file-write* (subpath "/private/tmp"))',
      '(deny file-read* file-write* (subpath "/Users/u/.ssh"))',
      '(allow file-read* (subpath "/Users/u/.patchwright/outputs"))',
      '(deny file-write* (subpath "/w/.git"))',
      '(deny file-write* (subpath "/w/sub/deep/.git"))',
      '(deny file-write-unlink (literal "/w"))',
      '(deny file-write-unlink (literal "/w/sub/deep"))',
      '(deny file-write-unlink (literal "/w/sub"))',
    ],
  ));
test("a path is quoted", () =>
  check({ writable: ['/a "b" \\c)'] }, {}, ['(allow file-write* (subpath "/a \\"b\\" \\\\c)"))']));
test("the network of this machine", () =>
  check({}, { network: "on" }, [
    '(allow network-outbound (remote ip "*:*"))',
    '(allow network-bind network-inbound (local ip "*:*"))',
    '(allow mach-lookup (global-name "com.apple.dnssd.service") (global-name "com.apple.trustd.agent") (global-name "com.apple.SystemConfiguration.configd") (global-name "com.apple.networkd") (global-name "com.apple.ocspd"))',
    '(allow network-outbound (literal "/private/var/run/mDNSResponder"))',
  ]));
test("a proxy on this machine, and nothing else", () =>
  check({}, { network: { proxyPort: 4711 } }, ['(allow network-outbound (remote ip "localhost:4711"))']));

/** Whether the last rule about names that means it denies a path in a guarded folder. */
function checkName(path: string, expected: boolean): void {
  const profile = seatbeltProfile({ ...nothing, guarded: ["/w/my (project)"], protectedNames: protectedNamePatterns });
  const rules = [...profile.matchAll(/\((deny|allow) file-write\* \(regex #"(.*)"\)\)/g)];
  const last = rules.filter(([, , pattern = ""]) => new RegExp(pattern).test(path)).at(-1);
  assert.equal(last?.[1] === "deny", expected, path);
}
test("what is obeyed at once cannot be made", () => checkName("/w/my (project)/.vscode/tasks.json", true));
test("nor in a folder, in another case of letters", () => checkName("/w/my (project)/sub/.VSCode/tasks.json", true));
test("nor words for agents", () => checkName("/w/my (project)/sub/Agents.md", true));
test("nor a workspace of the editor", () => checkName("/w/my (project)/x.code-workspace", true));
for (const name of [
  ".env.local",
  ".envrc",
  ".npmrc",
  ".husky/pre-commit",
  ".github/workflows/ci.yml",
  "sub/mise.local.toml",
])
  test(`nor ${name}`, () => checkName(`/w/my (project)/${name}`, true));
for (const name of ["src/env.ts", ".github/CODEOWNERS", "env", "x.npmrc", "github/workflows/a", "promise.toml"])
  test(`${name} can be`, () => checkName(`/w/my (project)/${name}`, false));
test("packages bring such files along", () =>
  checkName("/w/my (project)/node_modules/p/.github/workflows/ci.yml", false));
test("but not beside them", () => checkName("/w/my (project)/.vscode/x", true));
test("a file whose name only begins so can be", () => checkName("/w/my (project)/.vscodeignore", false));
test("a repository in a folder can be", () => checkName("/w/my (project)/sub/.git/config", false));
test("and everything elsewhere", () => checkName("/w/other/.vscode/tasks.json", false));

test("where a protected link leads is protected, too", { skip: process.platform === "win32" }, () =>
  withFolder(async (root) => {
    await mkdir(join(root, "docs"));
    await writeFile(join(root, "docs/agents.md"), "");
    await symlink("docs/agents.md", join(root, "AGENTS.md"));
    const confinement = { writableRoots: [root], readableRoots: [], isProtected, network: "off" } as const;
    const paths = await protectedIn(root, { writable: [root], confinement });
    for (const path of ["AGENTS.md", "docs/agents.md", ".git", ".mcp.json"])
      assert.ok(paths.includes(join(root, path)));
    assert.equal(paths.includes(join(root, "docs")), false);
  }),
);

test("the command's words are arguments, whatever they are", () =>
  assert.deepEqual(seatbeltArgv("(rules)", ["echo", "-p", "$(id); x"]), [
    "/usr/bin/sandbox-exec",
    "-p",
    "(rules)",
    "--",
    "echo",
    "-p",
    "$(id); x",
  ]));
