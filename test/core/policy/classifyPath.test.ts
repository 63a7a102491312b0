import assert from "node:assert/strict";
import { link, mkdir, realpath, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { classifyPath, isFree, type PathClass } from "../../../src/core/policy/classifyPath.ts";
import { pathsOf } from "../../../src/core/policy/paths.ts";
import { createNodeFiles } from "../../../src/host/node/files.ts";
import { withFolder } from "../../host/nodeFixture.ts";

type Making = (folder: string) => Promise<unknown>;

const files = createNodeFiles({});
const paths = pathsOf({ os: process.platform === "win32" ? "windows" : "linux" });
const needsPosix = { skip: process.platform === "win32" && "links and git folders are made as on POSIX" };

function verdictOf(one: PathClass): string {
  const facts = [one.place, one.protected && "protected", one.hardLinked && "hard linked", one.throughLink && "link"];
  return facts.filter(Boolean).join(", ");
}

/** On a real disk, with "ws" as the workspace and "out" beside it. */
function check(name: string, path: string, expected: string, making: Making = async () => {}): void {
  test(name, needsPosix, () =>
    withFolder(async (given) => {
      const folder = await realpath(given);
      for (const made of ["ws/sub", "out"]) await mkdir(join(folder, made), { recursive: true });
      await writeFile(join(folder, "out/secret"), "");
      await writeFile(join(folder, "ws/a"), "");
      await making(folder);
      const one = await classifyPath(paths.resolve(join(folder, "ws"), path), {
        roots: [join(folder, "ws")],
        files,
        paths,
      });
      assert.equal(verdictOf(one), expected);
      assert.equal(isFree(one), expected === "inside" || expected === "inside, link");
    }),
  );
}

const linkTo =
  (target: string, at: string): Making =>
  (folder) =>
    symlink(target.replace("~", folder), join(folder, at));

check("a file", "a", "inside");
check("one that is not there yet, in folders that are not either", "x/y/z", "inside");
check("one beside", "../out/secret", "outside");
check("by its whole path", "/etc/passwd", "outside");
check("a link out", "l", "outside, link", linkTo("~/out/secret", "ws/l"));
check("a folder that is a link out", "l/new", "outside, link", linkTo("../out", "ws/l"));
check("links after links", "l", "outside, link", async (folder) => {
  await symlink("m", join(folder, "ws/l"));
  await symlink("sub/n", join(folder, "ws/m"));
  await symlink("../../out/secret", join(folder, "ws/sub/n"));
});
check("a link within", "l", "inside, link", linkTo("a", "ws/l"));
check("a link out and in again", "l/a", "inside, link", async (folder) => {
  await symlink("../ws", join(folder, "out/back"));
  await symlink("../out/back", join(folder, "ws/l"));
});
check("a link that leads nowhere", "l", "outside, protected, link", linkTo("~/nowhere", "ws/l"));
check("links in a circle", "l", "outside, protected, link", linkTo("l", "ws/l"));
const onLinux = process.platform === "linux" ? check : () => {};
onLinux("the process's own folder", "/proc/self/cwd/x", "outside, link");
onLinux("the root by way of a process", "/proc/self/root/etc/passwd", "outside, link");
check("a NUL", "a\0b", "outside, protected, link");
check("the workspace itself", ".", "inside");

check("a protected file, which is not there", ".git/hooks/pre-commit", "inside, protected");
check("another spelling", ".GIT./Hooks/pre-commit", "inside, protected");
check("a link to one", "l", "inside, protected, link", async (folder) => {
  await mkdir(join(folder, "ws/.git"));
  await writeFile(join(folder, "ws/.git/config"), "");
  await symlink(".git/config", join(folder, "ws/l"));
});
check("what a link of a protected name leads to", "conf/tasks.json", "inside, protected", async (folder) => {
  await mkdir(join(folder, "ws/conf"));
  await symlink("conf", join(folder, "ws/.vscode"));
});
check("a file that such a link leads to", "a", "inside, protected", linkTo("a", "ws/AGENTS.md"));
check("what it may lead to once it is there", "conf/tasks.json", "inside, protected", linkTo("conf", "ws/.vscode"));
check("but not what is there already", "a", "inside", linkTo("conf", "ws/.vscode"));
check("a protected name that is a link", ".vscode/x", "inside, protected, link", linkTo("sub", "ws/.vscode"));

const bare = (at: string) => async (folder: string) => {
  await mkdir(join(folder, at, "objects"), { recursive: true });
  await mkdir(join(folder, at, "refs"));
  await writeFile(join(folder, at, "HEAD"), "ref: refs/heads/main\n");
};
check("the config of a bare repository", "meta/config", "inside, protected", bare("ws/meta"));
check("its hooks", "meta/hooks/post-checkout", "inside, protected", bare("ws/meta"));
check("a workspace that is one", "config", "inside, protected", bare("ws"));
check("what would make a folder one", "meta/HEAD", "inside, protected");
check("a folder that only has some of it", "meta/config", "inside", (folder) =>
  mkdir(join(folder, "ws/meta/objects"), { recursive: true }),
);

const hooksIn = (path: string) => async (folder: string) => {
  await mkdir(join(folder, "ws/.git"));
  await writeFile(join(folder, "ws/.git/config"), `[core]\n\tbare = false\n\thooksPath = ${path}\n`);
};
check(
  "a hook of a repository that has them elsewhere",
  "tools/hooks/pre-push",
  "inside, protected",
  hooksIn("tools/hooks"),
);
check("the same by a path with quotes", "sub/pre-push", "inside, protected", hooksIn('"./sub/" # ours'));
check("what lies beside", "tools/a", "inside", hooksIn("tools/hooks"));
check("all of the workspace is no folder of hooks", "a", "inside", hooksIn("."));

check("a hard link to a file outside", "h", "inside, hard linked", (folder) =>
  link(join(folder, "out/secret"), join(folder, "ws/h")),
);
check("a workspace that is a link", "a", "inside", async (folder) => {
  await rename(join(folder, "ws"), join(folder, "real"));
  await symlink("real", join(folder, "ws"));
});
check("a workspace that is gone", "a", "inside", (folder) => rename(join(folder, "ws"), join(folder, "gone")));

const rejectsAll = () => Promise.reject(new Error("there is nothing"));
/** On a disk without links, where only the names count. */
function checkNamed(os: "linux" | "windows", [root, path]: readonly [string, string], expected: string): void {
  test(`${path} in ${root}`, async () => {
    const named = pathsOf({ os });
    const disk = { realPath: async (one: string) => one, stat: async () => undefined, read: rejectsAll };
    const one = await classifyPath(named.resolve(root, path), { roots: [root], files: disk, paths: named });
    assert.equal(verdictOf(one), expected);
  });
}
checkNamed("linux", ["/home/u/.github", "workflows/ci.yml"], "inside, protected");
checkNamed("linux", ["/home/u/.github", "FUNDING.yml"], "inside");
checkNamed("linux", ["/home/u/app/.vscode", "tasks.json"], "inside, protected");
checkNamed("linux", ["/home/u/.vscode/extensions/mine", "src/a.ts"], "inside");
checkNamed("linux", ["/home/u/app/.git/hooks", "pre-commit"], "inside, protected");
checkNamed("linux", ["/home/u/.ssh/keys", "a"], "inside, protected");
checkNamed("linux", ["/", "etc/passwd"], "inside");
checkNamed("linux", ["/ws", "nul"], "inside");
checkNamed("windows", ["C:\\ws", "src/a.ts"], "inside");
checkNamed("windows", ["C:\\ws", "c:/WS/src/a.ts"], "outside");
checkNamed("windows", ["C:\\ws", "c:\\ws\\src\\a.ts"], "inside");
checkNamed("windows", ["C:\\ws", "D:\\ws\\a"], "outside");
checkNamed("windows", ["C:\\ws", "\\\\?\\C:\\ws\\a"], "outside, protected, link");
checkNamed("windows", ["C:\\ws", "\\\\.\\pipe\\x"], "outside, protected, link");
checkNamed("windows", ["C:\\ws", "\\\\localhost\\C$\\ws\\a"], "outside");
checkNamed("windows", ["\\\\srv\\share\\ws", "a"], "inside");
checkNamed("windows", ["\\\\srv\\share\\ws", "\\\\srv\\other\\ws\\a"], "outside");
for (const name of ["nul", "CON", "aux.ts", "com1", "LPT9.txt", "com\u00b9", "nul .txt", "CONIN$"])
  checkNamed("windows", ["C:\\ws", `src\\${name}`], "outside, protected, link");
for (const name of ["a.txt:stream", "a.", "a ", "sub.\\a", "a?", "a|b"])
  checkNamed("windows", ["C:\\ws", name], "outside, protected, link");
for (const name of ["console.ts", "nullable.ts", "company1", "a b.ts", ".gitignore"])
  checkNamed("windows", ["C:\\ws", name], "inside");
checkNamed("windows", ["C:\\ws", "GIT~1\\config"], "inside, protected");
checkNamed("windows", ["C:\\ws", "sub\\.Git\\config"], "inside, protected");
