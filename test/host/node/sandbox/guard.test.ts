import assert from "node:assert/strict";
import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { isProtected } from "../../../../src/core/policy/protectedPaths.ts";
import { createGuard, type GuardedCommand, type OwnWrites } from "../../../../src/host/node/sandbox/guard.ts";
import { rejects } from "../../expect.ts";
import { withFolder } from "../../nodeFixture.ts";

interface Bench {
  readonly root: string;
  readonly ownWrites: OwnWrites;
  isUnsettled(path: string): boolean;
  checkRepositories(path: string): void;
  readonly store: string;
  /** A file in the root, with the folders around it. */
  write(path: string, text?: string): Promise<void>;
  watch(): Promise<GuardedCommand>;
}

async function withRoot(use: (bench: Bench) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const root = join(folder, "root");
    const store = join(folder, "store");
    await mkdir(root);
    const guard = createGuard({ folder: store, onWarning: (message) => assert.fail(message) });
    const confinement = { writableRoots: [root], readableRoots: [], isProtected, network: "off" } as const;
    await use({
      root,
      ownWrites: guard.ownWrites,
      isUnsettled: (path) => guard.isUnsettled(join(root, path)),
      checkRepositories: (path) => guard.checkRepositories(join(root, path)),
      store,
      async write(path, text = "x") {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), text);
      },
      watch: () => guard.watch([root], { writable: [root], confinement }),
    });
  });
}

const GIT = [".git/HEAD", ".git/objects/a", ".git/refs/a", ".git/hooks/pre-push.sample"];

/** What of these files, made by a command, is moved away; and that everything else stays where it is. */
function check(name: string, made: Readonly<Record<string, string>>, moved: readonly string[]): void {
  test(name, () =>
    withRoot(async ({ root, store, write, watch }) => {
      await write("src/a.ts");
      const guarded = await watch();
      for (const [path, text] of Object.entries(made)) await write(path, text);
      const quarantined = await guarded.ended();
      assert.deepEqual(quarantined.map(({ path }) => relative(root, path)).sort(), [...moved].sort());
      for (const { movedTo } of quarantined) assert.ok(movedTo.startsWith(store) && (await lstat(movedTo)));
      for (const path of Object.keys(made)) {
        const isMoved = moved.some((one) => path === one || path.startsWith(`${one}/`));
        assert.equal(await lstat(join(root, path)).then(Boolean, () => false), !isMoved, path);
      }
    }),
  );
}

test("a repository is unsettled while a command runs that made it, also as long as nothing in it starts programs", () =>
  withRoot(async ({ write, watch, isUnsettled }) => {
    for (const path of GIT) await write(`mine/${path}`);
    const guarded = await watch();
    for (const path of GIT) await write(`made/${path}`);
    const unsettled = ["made/.git", "later/.git", "mine/.git", ".git"].filter(isUnsettled);
    assert.deepEqual(unsettled, ["made/.git", "later/.git"]);
    await guarded.ended();
    assert.deepEqual(["made/.git", "mine/.git", ".git"].filter(isUnsettled), []);
  }));

/** Its clock goes in steps of some milliseconds, in which no command could start. */
async function diskHasClock(root: string, ms: number): Promise<void> {
  const probe = join(root, "..", "clock");
  do {
    await rm(probe, { force: true });
    await writeFile(probe, "");
  } while ((await lstat(probe)).birthtimeMs < ms);
}

/** What of these files is moved away while the command runs, as soon as somebody tells of a change at the path; the command's end tells of it, too. */
function checkAtOnce(name: string, [made, told]: readonly [readonly string[], string], moved: readonly string[]): void {
  test(name, () =>
    withRoot(async ({ root, write, watch, checkRepositories }) => {
      for (const path of [...GIT, ".git/hooks/own"]) await write(`mine/${path}`);
      const guarded = await watch();
      await diskHasClock(root, Date.now());
      for (const path of made) await write(path, "[core]\n\tfsmonitor = id\n");
      checkRepositories(told);
      const left = await Promise.all(made.map((path) => lstat(join(root, path)).then(Boolean, () => false)));
      assert.deepEqual(
        made.filter((_, at) => !left[at]),
        moved,
      );
      const quarantined = (await guarded.ended()).map(({ path }) => relative(root, path));
      for (const path of moved) assert.ok(quarantined.includes(path), path);
    }),
  );
}

const made = [...GIT.map((path) => `sub/${path}`), "sub/.git/config"];
checkAtOnce(
  "a program in a new repository goes before the command's end",
  [made, "sub/.git/config"],
  ["sub/.git/config"],
);
checkAtOnce("whatever of the repository changed", [made, "sub/.git"], ["sub/.git/config"]);
checkAtOnce("and when a file in its folder is looked at", [made, "sub/src/a.ts"], ["sub/.git/config"]);
checkAtOnce("not when another one changed", [made, "other/.git/config"], []);
checkAtOnce("what the user's own repositories have stays", [["mine/.git/index"], "mine/.git/index"], []);
checkAtOnce(
  "a new repository among packages is one, too",
  [["node_modules/p/.git/HEAD", "node_modules/p/.git/config"], "node_modules/p/.git/HEAD"],
  ["node_modules/p/.git/config"],
);
test("one that was there before is not", () =>
  withRoot(async ({ root, write, watch, checkRepositories }) => {
    await write("node_modules/p/.git/config", "[core]\n\tfsmonitor = id\n");
    const guarded = await watch();
    checkRepositories("node_modules/p/.git/config");
    assert.deepEqual(await guarded.ended(), []);
    await lstat(join(root, "node_modules/p/.git/config"));
  }));

const files = (...paths: readonly string[]) => Object.fromEntries(paths.map((path) => [path, "x"]));
check("ordinary files", files("a.ts", "b/c.md", "b/.gitignore"), []);
check("settings of an editor", files("sub/.vscode/tasks.json", "sub/b"), ["sub/.vscode"]);
check("a workspace of an editor", files("x.code-workspace", "a/b/y.code-workspace"), [
  "x.code-workspace",
  "a/b/y.code-workspace",
]);
check("words for agents", files("sub/AGENTS.md", "sub/CLAUDE.md"), ["sub/AGENTS.md", "sub/CLAUDE.md"]);
check("an environment", files("sub/.env"), ["sub/.env"]);
check("packages bring all kinds of files along", files("node_modules/p/.vscode/a", "node_modules/p/AGENTS.md"), []);
check(
  "a new repository",
  { ...files(...GIT.map((path) => `sub/${path}`)), "sub/.git/config": "[core]\n\tbare = false\n" },
  [],
);
check("a hook in a new repository", files(...GIT.map((path) => `sub/${path}`), "sub/.git/hooks/pre-push"), [
  "sub/.git/hooks/pre-push",
]);
check(
  "a program in the configuration of a new repository",
  { ...files(...GIT.map((path) => `sub/${path}`)), "sub/.git/config": "[core]\n\tfsmonitor = id\n" },
  ["sub/.git/config"],
);
check(
  "a hook of a submodule in a new repository",
  files(
    ...GIT.map((path) => `sub/${path}`),
    "sub/.git/modules/a/b/HEAD",
    "sub/.git/modules/a/b/objects/x",
    "sub/.git/modules/a/b/refs/x",
    "sub/.git/modules/a/b/hooks/update",
  ),
  ["sub/.git/modules/a/b/hooks/update"],
);
check(
  "a repository without files around it",
  { ...files("sub/HEAD", "sub/objects/a", "sub/refs/a"), "sub/config": "[core]\n\tfsmonitor = id\n" },
  ["sub/config"],
);
check("a configuration that is another folder's", files("sub/HEAD", "sub/commondir"), ["sub/commondir"]);
check("a file that says where a repository is, and there is none", { "sub/.git": "gitdir: /nowhere" }, ["sub/.git"]);
check(
  "a file that leads to a new repository",
  { "sub/.git": "gitdir: ../other/.git\n", ...files(...GIT.map((path) => `other/${path}`)) },
  [],
);
check(
  "a file that leads to a new repository with a hook",
  { "sub/.git": "gitdir: ../other/.git\n", ...files(...GIT.map((path) => `other/${path}`), "other/.git/hooks/update") },
  ["sub/.git", "other/.git/hooks/update"],
);

test("what was there is read-only, and what is not there is kept from being made", () =>
  withRoot(async ({ root, write, watch }) => {
    for (const path of [".git/config", "AGENTS.md", "sub/.git/config", "sub/.env", "sub/.vscode/a"]) await write(path);
    const guarded = await watch();
    const paths = new Set(guarded.paths.map((path) => relative(root, path)));
    for (const path of [".git", "AGENTS.md", "sub/.git", "sub/.env", "sub/.vscode", ".vscode"])
      assert.ok(paths.has(path), path);
    assert.deepEqual(await guarded.ended(), []);
    assert.deepEqual((await readdir(root)).sort(), [".git", "AGENTS.md", "sub"]);
  }));

test("two commands share what keeps files from being made", () =>
  withRoot(async ({ root, watch }) => {
    const [one, other] = [await watch(), await watch()];
    await one.ended();
    assert.ok(await lstat(join(root, ".vscode")));
    await other.ended();
    assert.deepEqual(await readdir(root), []);
  }));

test("what the user puts there meanwhile stays, since the command cannot have made it", () =>
  withRoot(async ({ root, write, watch }) => {
    const guarded = await watch();
    await write(".vscode/settings.json", "mine");
    assert.deepEqual(await guarded.ended(), []);
    assert.equal(await readFile(join(root, ".vscode/settings.json"), "utf8"), "mine");
  }));

test("a folder in the place of the one that was held is moved away, and what is in it is not lost", () =>
  withRoot(async ({ root, write, watch }) => {
    const guarded = await watch();
    await rm(join(root, ".vscode"), { recursive: true });
    await write(".vscode/tasks.json", "evil");
    const [moved] = await guarded.ended();
    assert.equal(await readFile(join(moved?.movedTo ?? "", "tasks.json"), "utf8"), "evil");
  }));

test("what a host left that is not there any more is removed by the next one", () =>
  withRoot(async ({ root, store, watch }) => {
    await mkdir(join(root, ".vscode"));
    await utimes(join(root, ".vscode"), 981_173_106, 981_173_106);
    await mkdir(join(root, ".idea"));
    await writeFile(join(root, "AGENTS.md"), "mine");
    await mkdir(join(store, "stubs"), { recursive: true });
    const left = [".vscode", ".idea", "AGENTS.md", ".none"].map((name) => JSON.stringify(join(root, name)));
    await writeFile(join(store, "stubs", "1-1"), `${left.join("\n")}\n"/torn`);
    await (await watch()).ended();
    assert.deepEqual((await readdir(root)).sort(), [".idea", "AGENTS.md"]);
  }));

test("a link for agents is put back", () =>
  withRoot(async ({ root, write, watch }) => {
    await write("README.md");
    await symlink("README.md", join(root, "CLAUDE.md"));
    const guarded = await watch();
    await rm(join(root, "CLAUDE.md"));
    await write("CLAUDE.md", "obey");
    assert.deepEqual(
      (await guarded.ended()).map(({ path }) => path),
      [join(root, "CLAUDE.md")],
    );
    assert.equal(await readlink(join(root, "CLAUDE.md")), "README.md");
  }));

const HOOKS_ELSEWHERE = "[core]\n\thooksPath = tools/hooks\n";
test("hooks that lie elsewhere are read-only", () =>
  withRoot(async ({ root, write, watch }) => {
    await write("sub/.git/config", HOOKS_ELSEWHERE);
    await write("sub/tools/hooks/pre-push");
    await write(".git/config", "[core]\n\thooksPath = .\n");
    const { paths } = await watch();
    assert.deepEqual(
      paths
        .map((path) => relative(root, path))
        .filter((path) => !path.includes(".vscode"))
        .sort(),
      [".git", "sub/.git", "sub/tools/hooks"],
    );
  }));
test("and are moved away where a command made them", () =>
  withRoot(async ({ root, write, watch }) => {
    await write(".git/config", HOOKS_ELSEWHERE);
    const guarded = await watch();
    await write("tools/hooks/pre-push");
    await write("tools/a");
    assert.deepEqual(
      (await guarded.ended()).map(({ path }) => path),
      [join(root, "tools/hooks")],
    );
  }));

test("a repository behind a link is refused", () =>
  withRoot(async ({ root, write, watch }) => {
    await write("elsewhere/HEAD");
    await symlink("elsewhere", join(root, ".git"));
    await rejects("unsupported", watch);
  }));

test("a repository that lies elsewhere is read-only, with what it shares", () =>
  withRoot(async ({ root, write, watch }) => {
    await write("main/.git/worktrees/w/commondir", "../..\n");
    await write("w/.git", `gitdir: ${join(root, "main/.git/worktrees/w")}\n`);
    await write("bare/HEAD");
    await write("x/.git", "gitdir: ../bare\n");
    const guarded = await watch();
    for (const path of ["main/.git", "main/.git/worktrees/w", "bare"])
      assert.ok(guarded.paths.includes(join(root, path)), path);
    await guarded.ended();
  }));

test("a folder that was renamed keeps what it had", () =>
  withRoot(async ({ root, write, watch }) => {
    await write("sub/.git/hooks/pre-push");
    const guarded = await watch();
    await rename(join(root, "sub"), join(root, "moved"));
    await write("sub/.git/hooks/pre-push");
    assert.deepEqual(
      (await guarded.ended()).map(({ path }) => relative(root, path)),
      ["sub/.git/hooks/pre-push"],
    );
    assert.ok(await lstat(join(root, "moved/.git/hooks/pre-push")));
  }));

test("a folder that nobody may write to is moved all the same", () =>
  withRoot(async ({ root, write, watch }) => {
    const guarded = await watch();
    await write("sub/.vscode/a");
    await chmod(join(root, "sub/.vscode"), 0);
    await chmod(join(root, "sub"), 0o555);
    assert.equal((await guarded.ended()).length, 1);
  }));

test("a change after the first look is seen, whatever the clock of the disk says", () =>
  withRoot(async ({ root, write, watch }) => {
    for (let round = 0; round < 20; round++) {
      const guarded = await watch();
      await write("sub/deep/.vscode/a");
      assert.equal((await guarded.ended()).length, 1, `round ${round}`);
    }
    assert.deepEqual(await readdir(join(root, "sub/deep")), []);
  }));

test("what Patchwright writes itself meanwhile stays", () =>
  withRoot(async ({ root, write, watch, ownWrites }) => {
    const guarded = await watch();
    const own = ["AGENTS.md", "sub/.vscode/tasks.json", "sub/.env"].map((path) => join(root, path));
    ownWrites.before(own);
    for (const path of ["AGENTS.md", "sub/.vscode/tasks.json", "sub/.env", "sub/.vscode/evil.json"]) await write(path);
    ownWrites.after(own);
    assert.deepEqual(
      (await guarded.ended()).map(({ path }) => relative(root, path)),
      ["sub/.vscode/evil.json"],
    );
    for (const path of own) assert.ok(await lstat(path));
  }));

test("but not what a command made of it", () =>
  withRoot(async ({ root, write, watch, ownWrites }) => {
    const guarded = await watch();
    await write("sub/AGENTS.md", "good");
    ownWrites.after([join(root, "sub/AGENTS.md")]);
    await write("sub/AGENTS.md", "evil");
    assert.equal((await guarded.ended()).length, 1);
  }));

/** More than can be kept read-only, all nearer to the root than what they are to hide. */
const decoys = Array.from({ length: 70 }, (_, at) => `.env.${at}`);

/** What a command left of protected files that were there, but are too many to be read-only. */
function checkMany(name: string, change: (bench: Bench) => Promise<void>, moved: readonly string[]): void {
  test(name, () =>
    withRoot(async (bench) => {
      for (const path of [...decoys, "sub/.husky/pre-push", "sub/.npmrc"]) await bench.write(path);
      const guarded = await bench.watch();
      await change(bench);
      const quarantined = await guarded.ended();
      assert.deepEqual(
        quarantined.map(({ path }) => relative(bench.root, path)),
        moved,
      );
    }),
  );
}

checkMany("of too many protected files, those that nobody changed", async () => {}, []);
checkMany("one that was changed", ({ write }) => write("sub/.npmrc", "evil"), ["sub/.npmrc"]);
checkMany("one in a folder", ({ write }) => write("sub/.husky/pre-push", "evil"), ["sub/.husky/pre-push"]);
checkMany("one that is new in a folder", ({ write }) => write("sub/.husky/pre-commit"), ["sub/.husky/pre-commit"]);
checkMany(
  "one that was changed while its folder was elsewhere",
  async ({ root, write }) => {
    await rename(join(root, "sub"), join(root, "moved"));
    await write("moved/.npmrc", "evil");
  },
  ["moved/.npmrc"],
);

test("what is obeyed at once is read-only before all else, however much there is", () =>
  withRoot(async ({ root, write, watch }) => {
    for (const path of [...decoys, ".vscode/tasks.json", "AGENTS.md", ".mcp.json", ".git/HEAD"]) await write(path);
    const { paths, ended } = await watch();
    for (const path of [".vscode", "AGENTS.md", ".mcp.json", ".git"]) assert.ok(paths.includes(join(root, path)), path);
    await ended();
  }));

test("what a protected link leads to is read-only, too", () =>
  withRoot(async ({ root, write, watch }) => {
    await write("docs/a.md");
    await symlink("docs/a.md", join(root, "AGENTS.md"));
    const { paths, ended } = await watch();
    assert.ok(paths.includes(join(root, "docs/a.md")));
    assert.deepEqual(await ended(), []);
  }));

test("what a command puts where a protected link leads is moved away", () =>
  withRoot(async ({ root, write, watch }) => {
    await write("docs/a.md");
    await symlink("docs/a.md", join(root, "AGENTS.md"));
    await symlink("later.json", join(root, ".mcp.json"));
    const { ended } = await watch();
    await rename(join(root, "docs"), join(root, "moved"));
    await write("docs/a.md", "evil");
    await write("later.json", "evil");
    const moved = (await ended()).map(({ path }) => relative(root, path));
    assert.deepEqual(moved.sort(), ["docs/a.md", "later.json"]);
  }));

test("a link that a command makes takes nothing with it", () =>
  withRoot(async ({ root, write, watch }) => {
    await write("src/a.ts");
    const { ended } = await watch();
    await symlink("src", join(root, ".husky"));
    assert.deepEqual(
      (await ended()).map(({ path }) => relative(root, path)),
      [".husky"],
    );
    assert.equal(await readFile(join(root, "src/a.ts"), "utf8"), "x");
  }));

test("a folder with more below it than is looked at is named, until there is less", () =>
  withFolder(async (folder) => {
    const [root, link] = [join(folder, "root"), join(folder, "link")];
    await mkdir(join(root, "a/b/c"), { recursive: true });
    await symlink(root, link);
    const guard = createGuard({ folder: join(folder, "store"), mostFolders: 3 });
    const confinement = { writableRoots: [root], readableRoots: [], isProtected, network: "off" } as const;
    const run = async () => (await guard.watch([root], { writable: [root], confinement })).ended();
    assert.deepEqual(guard.unguardedIn([root, link, folder]), []);
    await run();
    assert.deepEqual(guard.unguardedIn([root, link, folder]), [root, link]);
    await rm(join(root, "a/b/c"), { recursive: true });
    await run();
    assert.deepEqual(guard.unguardedIn([root, link, folder]), []);
  }));
