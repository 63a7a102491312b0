import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { rgPath } from "@vscode/ripgrep";
import { createNodeHost } from "../../../src/host/node/nodeHost.ts";
import { makeHostile } from "../../support/hostileRepository.ts";
import { withFolder } from "../nodeFixture.ts";

const signal = new AbortController().signal;
const posix = { skip: process.platform === "win32" && "its traps are POSIX programs" };

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
