import assert from "node:assert/strict";
import { test } from "node:test";
import type { SandboxArgs } from "../../src/cli/sandboxArgs.ts";
import { sandboxConfinement } from "../../src/cli/sandboxConfinement.ts";
import { pathsOf } from "../../src/core/policy/paths.ts";
import type { AgentSettings, SandboxSettings } from "../../src/core/settings.ts";
import type { Rule } from "../../src/protocol/rules.ts";

type Chosen = Partial<Pick<SandboxArgs, "mode" | "network">>;

function confined(
  chosen: Chosen,
  sandbox: Partial<SandboxSettings>,
  more: Partial<AgentSettings> = {},
  rules: Rule[] = [],
) {
  const settings: AgentSettings = {
    approvalPolicy: "on-request",
    sandboxMode: "workspace-write",
    maxRetries: 0,
    trusted: true,
    sandbox: { writableRoots: [], network: "off", allowedHosts: [], ...sandbox },
    ...more,
  };
  const said: string[] = [];
  const { writableRoots, network } = sandboxConfinement({ mode: undefined, network: undefined, ...chosen }, settings, {
    cwd: "/home/ada/app",
    addedFolders: ["/home/ada/lib"],
    home: "/home/ada",
    folders: { temporary: "/tmp/ada", sharedTemporary: "/tmp", outputs: "/home/ada/.patchwright/outputs" },
    paths: pathsOf({ os: "linux" }),
    rules: async () => ({ rules, complete: true }),
    say: (sentence) => said.push(sentence),
  });
  return { writableRoots, network, said };
}

const own = ["/home/ada/app", "/home/ada/lib"];

function checkFolders(chosen: Chosen, sandbox: Partial<SandboxSettings>, expected: readonly string[]): void {
  assert.deepEqual(confined(chosen, sandbox).writableRoots, expected);
}

test("the folder, those that are added, and those for temporary files", () =>
  checkFolders({}, {}, [...own, "/tmp/ada", "/tmp"]));
test("folders of the settings, also in the home", () =>
  checkFolders({}, { writableRoots: ["/opt/data", "~/cache"] }, [
    ...own,
    "/opt/data",
    "/home/ada/cache",
    "/tmp/ada",
    "/tmp",
  ]));
test("a folder that is not absolute is none", () =>
  checkFolders({}, { writableRoots: ["data"] }, [...own, "/tmp/ada", "/tmp"]));
test("no temporary folders where the settings say so", () =>
  checkFolders({}, { excludeTmpdirEnvVar: true, excludeSlashTmp: true }, own));
test("read-only by the option", () => checkFolders({ mode: "read-only" }, { writableRoots: ["/opt/data"] }, []));
test("read-only by the settings, and not by the option", () => {
  assert.deepEqual(confined({}, {}, { sandboxMode: "read-only" }).writableRoots, []);
  assert.equal(confined({ mode: "workspace-write" }, {}, { sandboxMode: "read-only" }).writableRoots.length, 4);
});
test("full access is no sandbox: what is confined is confined", () =>
  assert.equal(confined({}, {}, { sandboxMode: "danger-full-access" }).network, "off"));
test("the network of the settings", () => assert.equal(confined({}, { network: "on" }).network, "on"));
test("the option closes it", () => assert.equal(confined({ network: "off" }, { network: "on" }).network, "off"));
test("the option opens it, hosts or not", () =>
  assert.equal(confined({ network: "on" }, { network: "asks", allowedHosts: ["a.example"] }).network, "on"));

async function checkHost(host: string, rules: Rule[], reached: boolean): Promise<void> {
  const { network, said } = confined({}, { network: "asks", allowedHosts: ["a.example"] }, {}, rules);
  assert.ok(typeof network === "object");
  assert.equal(await network.allows({ host, port: 443, protocol: "https" }), reached);
  assert.equal(said.length, reached ? 0 : 1);
}

const rule = (host: string, decision: "allow" | "deny"): Rule => ({
  id: host,
  createdAt: 0,
  subject: { kind: "host", host },
  decision,
});
test("a host that the settings name", () => checkHost("a.example", [], true));
test("another one, which is said", () => checkHost("b.example", [], false));
test("a host that a rule allows", () => checkHost("b.example", [rule("b.example", "allow")], true));
test("a host that a rule denies", () => checkHost("a.example", [rule("a.example", "deny")], false));
