import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { readSettings } from "../../src/cli/settings.ts";
import { sandboxPolicyOf } from "../../src/core/settings.ts";

interface Case {
  readonly file?: string;
  readonly overrides?: readonly string[];
  readonly attended: boolean;
}

async function check({ file = "", overrides = [], attended }: Case, expected: string | undefined): Promise<void> {
  const home = await mkdtemp(path.join(tmpdir(), "patchwright-settings-"));
  try {
    await writeFile(path.join(home, "config.toml"), file);
    const environment = { PATCHWRIGHT_HOME: home };
    const { agent } = await readSettings({ environment, userHome: home, overrides, attended });
    assert.equal(agent.editReview, expected);
  } finally {
    await rm(home, { recursive: true });
  }
}

async function checkSandbox(table: string, expected: object): Promise<void> {
  const home = await mkdtemp(path.join(tmpdir(), "patchwright-settings-"));
  try {
    await writeFile(path.join(home, "config.toml"), `[sandbox_workspace_write]\n${table}`);
    const environment = { PATCHWRIGHT_HOME: home };
    const { agent } = await readSettings({ environment, userHome: home, overrides: [], attended: true });
    assert.deepEqual(sandboxPolicyOf("workspace-write", agent), { type: "workspaceWrite", ...expected });
  } finally {
    await rm(home, { recursive: true });
  }
}
const closed = { writableRoots: [], networkAccess: false };
test("nothing is said of the sandbox", () => checkSandbox("", closed));
test("folders", () => checkSandbox('writable_roots = ["/cache"]\n', { ...closed, writableRoots: ["/cache"] }));
test("the network", () => checkSandbox("network_access = true\n", { ...closed, networkAccess: true }));
test("hosts", () => checkSandbox('allowed_hosts = ["*.org"]\n', { ...closed, allowedHosts: ["*.org"] }));
test("no hosts, where each is asked about", () =>
  checkSandbox("allowed_hosts = []\n", { ...closed, allowedHosts: [] }));
test("the whole network goes before hosts", () =>
  checkSandbox("network_access = true\nallowed_hosts = []\n", { ...closed, networkAccess: true }));
test("no folders for temporary files", () =>
  checkSandbox("exclude_slash_tmp = true\nexclude_tmpdir_env_var = true\n", {
    ...closed,
    excludeSlashTmp: true,
    excludeTmpdirEnvVar: true,
  }));
test("what is no host is a mistake", () =>
  assert.rejects(
    checkSandbox('allowed_hosts = ["https://x.org/"]\n', {}),
    /allowed_hosts\.0: it is no name or address/,
  ));

const before = 'edit_review = "before"\n';
const after = 'edit_review = "after"\n';
test("the file says when edits are reviewed", () => check({ file: after, attended: true }, "after"));
test("an option goes before it", () =>
  check({ file: after, overrides: ["edit_review=before"], attended: true }, "before"));
test("neither says anything", () => check({ attended: true }, undefined));
test("where nobody is there to review, the file does not count", () =>
  check({ file: before, attended: false }, "after"));
test("but an option does", () => check({ overrides: ["edit_review=before"], attended: false }, "before"));
