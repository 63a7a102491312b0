import assert from "node:assert/strict";
import { test } from "node:test";
import { explainFailure } from "../../../../src/host/node/sandbox/explainFailure.ts";

function check(output: string, files: Readonly<Record<string, string>>, expected: RegExp): void {
  assert.match(explainFailure({ output, read: (path) => files[path] }), expected);
}

const refused = "bwrap: setting up uid map: Permission denied\n";
test("AppArmor on Ubuntu", () =>
  check(refused, { "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1\n" }, /^AppArmor .* Ubuntu .*sysctl/));
test("AppArmor lets the namespace be made and its network not", () =>
  check(
    "bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted",
    { "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1\n" },
    /^AppArmor/,
  ));
test("Debian's switch", () =>
  check(refused, { "/proc/sys/kernel/unprivileged_userns_clone": "0\n" }, /kernel\.unprivileged_userns_clone=1/));
test("a limit of none", () =>
  check(
    "bwrap: Creating new namespace failed",
    { "/proc/sys/user/max_user_namespaces": "0\n" },
    /max_user_namespaces=/,
  ));
test("a container", () =>
  check("bwrap: Can't mount proc on /newroot/proc: Operation not permitted", {}, /Can't mount proc.*container/));
test("anything else is told as it is", () =>
  check("bwrap: Unknown option --perms", {}, /Unknown option --perms.*terminal/));
