import assert from "node:assert/strict";
import { test } from "node:test";
import { confinementOf, networkOf, writableRootsOf } from "../../../src/core/policy/confinement.ts";
import type { SandboxPolicy } from "../../../src/protocol/settings.ts";
import { somePermissions } from "../../support/permissions.ts";

const folders = { temporary: "/var/tmp/u", sharedTemporary: "/tmp", outputs: "/home/user/.patchwright/outputs" };
type WorkspaceWrite = Omit<Extract<SandboxPolicy, { type: "workspaceWrite" }>, "type">;

function check(policy: WorkspaceWrite, expected: readonly string[], where = folders): void {
  const sandboxPolicy = { type: "workspaceWrite", ...policy } as const;
  assert.deepEqual(writableRootsOf(somePermissions({ sandboxPolicy, folders: where })), expected);
}
test("the workspace and both folders for temporary files", () => check({}, ["/ws", "/var/tmp/u", "/tmp"]));
test("more folders", () => check({ writableRoots: ["/cache", "/ws"] }, ["/ws", "/cache", "/var/tmp/u", "/tmp"]));
test("without the one that the environment names", () => check({ excludeTmpdirEnvVar: true }, ["/ws", "/tmp"]));
test("without the shared one", () => check({ excludeSlashTmp: true }, ["/ws", "/var/tmp/u"]));
test("without either", () => check({ excludeSlashTmp: true, excludeTmpdirEnvVar: true }, ["/ws"]));
const same = { ...folders, temporary: "/tmp" };
test("when they are one, the shared one's exclusion counts", () => check({ excludeSlashTmp: true }, ["/ws"], same));
test("and the other's does not", () => check({ excludeTmpdirEnvVar: true }, ["/ws", "/tmp"], same));
test("reading only, none", () =>
  assert.deepEqual(writableRootsOf(somePermissions({ sandboxPolicy: { type: "readOnly" }, folders })), []));

const checkNetwork = (policy: SandboxPolicy, expected: string) => assert.equal(networkOf(policy), expected);
test("the network is off", () => checkNetwork({ type: "workspaceWrite" }, "off"));
test("on", () => checkNetwork({ type: "workspaceWrite", networkAccess: true, allowedHosts: [] }, "on"));
test("asks, also with no host listed", () => checkNetwork({ type: "workspaceWrite", allowedHosts: [] }, "asks"));
test("off when reading only", () => checkNetwork({ type: "readOnly" }, "off"));
test("on when reading only", () => checkNetwork({ type: "readOnly", networkAccess: true }, "on"));

const hosts = { allows: async () => false };
test("what asks goes through the filter", () => {
  const sandboxPolicy: SandboxPolicy = { type: "workspaceWrite", allowedHosts: [] };
  assert.equal(confinementOf(somePermissions({ sandboxPolicy }), hosts).network, hosts);
});
test("outputs stay readable, and nothing else of the private store", () =>
  assert.deepEqual(confinementOf(somePermissions(), hosts).readableRoots, ["/home/user/.patchwright/outputs"]));
