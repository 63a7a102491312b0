import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmod, copyFile, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { rgPath } from "@vscode/ripgrep";
import { createNodeHost } from "../../../src/host/node/nodeHost.ts";
import { withFolder } from "../nodeFixture.ts";

const signal = new AbortController().signal;
const posix = { skip: process.platform === "win32" && "its traps are POSIX programs" };

/** A repository in which whatever the host might start or obey leaves a file in `canaries`. */
async function makeHostile(folder: string): Promise<{ repository: string; canaries: string }> {
  const [repository, canaries] = [join(folder, 'it\'s "a" $(repo)'), join(folder, "canaries")];
  await mkdir(canaries);
  const put = async (name: string, text: string) => {
    await mkdir(dirname(join(repository, name)), { recursive: true });
    await writeFile(join(repository, name), text);
  };
  const trap = async (name: string) => {
    await put(name, `#!/bin/sh\n/usr/bin/touch '${canaries}/'"$(/usr/bin/basename "$0")"\nexit 1\n`);
    await chmod(join(repository, name), 0o755);
    return join(repository, name);
  };
  await put("a.txt", "needle\n");
  const git = (...args: string[]) => execFileSync("git", ["-C", repository, ...args], { stdio: "pipe" });
  git("init", "--quiet");
  for (const program of ["git", "rg", "node", "mkfifo", "ps", "script", "bwrap", "stty", "sh"]) {
    await trap(program);
    await trap(`node_modules/.bin/${program}`);
  }
  // Configuration names programs as text for a shell, so this one has a name that needs no quotes.
  const hook = join(folder, "evil");
  await copyFile(await trap("evil"), hook);
  git("add", "a.txt");
  git("-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "--quiet", "-m", "one");
  for (const name of ["post-index-change", "pre-commit", "post-checkout", "fsmonitor-watchman"])
    await trap(`.git/hooks/${name}`);
  const config: Record<string, string> = {
    "core.fsmonitor": hook,
    "core.hooksPath": join(repository, ".git/hooks"),
    "core.pager": hook,
    "core.sshCommand": hook,
    "core.editor": hook,
    "diff.external": hook,
    "diff.evil.textconv": hook,
    "filter.evil.clean": hook,
    "filter.evil.smudge": hook,
    "filter.evil.process": hook,
    "filter.evil.required": "true",
    "alias.status": `!${hook}`,
    "credential.helper": hook,
    "status.submoduleSummary": "true",
  };
  for (const [name, value] of Object.entries(config)) git("config", name, value);
  await put(".gitattributes", "* filter=evil diff=evil\n");
  await put(".gitmodules", `[submodule "s"]\n\tpath = s\n\turl = ext::${hook}\n\tupdate = !${hook}\n`);
  await put(".ripgreprc", `--pre=${hook}\n--hostname-bin=${hook}\n`);
  await put(".env", "OPENAI_BASE_URL=http://evil\nOPENAI_API_KEY=sk-evil\nPATCHWRIGHT_HOME=.\n");
  await put(".npmrc", `script-shell=${hook}\n`);
  for (const name of ["--help", "-rf", "--pre=evil", "new\nline\u001b[31m.txt", "%s", "needle $(evil)"])
    await put(name, "needle\n");
  await put(`${"deep/".repeat(100)}file`, "needle\n");
  await symlink("/etc", join(repository, "etc"));
  await symlink(homedir(), join(repository, "home"));
  await symlink(".", join(repository, "circle"));
  execFileSync("mkfifo", [join(repository, "pipe")]);
  // What the trap itself did in git add and commit above does not count.
  assert.deepEqual(await readdir(canaries), []);
  return { repository, canaries };
}

test("nothing of a hostile repository runs when the host looks at it, and it sees what is there", posix, () =>
  withFolder(async (folder) => {
    const { repository, canaries } = await makeHostile(folder);
    const before = process.env.PATH;
    const evilPath = [".", "", "node_modules/.bin", repository, join(repository, "node_modules/.bin"), before].join(
      ":",
    );
    process.env.PATH = evilPath;
    process.env.RIPGREP_CONFIG_PATH = join(repository, ".ripgreprc");
    const host = createNodeHost({
      storageRoot: join(folder, "store"),
      workspaceRoots: [repository],
      ripgrepPath: rgPath,
    });
    try {
      await host.sandbox.ready;
      const watch = host.files.watch(() => {});
      watch.follow([join(repository, "a.txt")]);
      const listed = (await host.files.list(repository, { limit: 1000 }, signal)).paths;
      assert.ok(
        listed.includes(join(repository, "--help")) && listed.includes(join(repository, "new\nline\u001b[31m.txt")),
      );
      assert.equal(
        listed.some((path) => /\/(etc|home|circle|pipe)(\/|$)/.test(path.slice(repository.length))),
        false,
      );
      const query = { pattern: "needle", syntax: "text", caseSensitive: true, limit: 100 } as const;
      const { matches } = await host.files.search(repository, query, signal);
      assert.equal(matches.length, 8);
      assert.ok(((await host.git.changedFiles(repository, signal)) ?? 0) > 5);
      const id = await host.snapshots.take([repository], signal);
      assert.equal((await host.snapshots.read(id, join(repository, "a.txt")))?.bytes.length, 7);
      // A command of the user's own: neither the pipes nor the terminal that it gets come from the workspace.
      for (const tty of [false, true]) {
        const argv: [string, ...string[]] = ["/bin/echo", "fine"];
        const running = await host.processes.spawn({ argv, cwd: repository, tty, itemId: "i", title: "echo" }, signal);
        let output = "";
        running.onOutput((text) => (output += text));
        assert.equal((await running.exited).code, 0);
        assert.match(output, /fine/);
      }
      watch.dispose();
    } finally {
      await host.dispose();
      process.env.PATH = before;
      delete process.env.RIPGREP_CONFIG_PATH;
    }
    assert.deepEqual(await readdir(canaries), [], "traps that fired");
    // The trap is one: git by itself walks into it.
    spawnSync("git", ["-C", repository, "status"], { stdio: "ignore" });
    assert.notDeepEqual(await readdir(canaries), []);
  }),
);
