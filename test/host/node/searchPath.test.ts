import assert from "node:assert/strict";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { findProgram, pathWithout } from "../../../src/host/node/searchPath.ts";
import { withFolder } from "../nodeFixture.ts";

/** PATH with these folders, in a folder with ws/bin, own/bin and links to both, as it is outside of ws. */
function check(name: string, folders: readonly string[], left: readonly string[], without = "ws"): void {
  test(name, { skip: process.platform === "win32" }, () =>
    withFolder(async (folder) => {
      const at = (path: string) => join(folder, path);
      await Promise.all(["ws/bin", "own/bin", "wsx"].map((path) => mkdir(at(path), { recursive: true })));
      await symlink(at("ws"), at("link"));
      await symlink(at("own/bin"), at("ws/out"));
      const path = folders.map((one) => folder + one).join(delimiter);
      assert.deepEqual(
        pathWithout(path, [at(without)]).split(delimiter),
        left.map((one) => folder + one),
      );
    }),
  );
}

check("a folder in it is left out", ["/ws/bin", "/own/bin"], ["/own/bin"]);
check("and the folder itself", ["/ws", "/ws/", "/own/bin"], ["/own/bin"]);
check("one that is not there yet", ["/ws/later", "/own/bin"], ["/own/bin"]);
check("one behind a link", ["/link/bin", "/own/bin"], ["/own/bin"]);
check("a link in it that leads out, and could be made to lead elsewhere", ["/ws/out", "/own/bin"], ["/own/bin"]);
check("one by way of dots", ["/own/../ws/bin", "/own/bin"], ["/own/bin"]);
check("in the folder that a link names", ["/ws/bin", "/own/bin"], ["/own/bin"], "link");
check("twin: others stay in their order", ["/own/bin", "/wsx", "/own"], ["/own/bin", "/wsx", "/own"]);

test("a program is the first of its name that can be run", { skip: process.platform === "win32" }, () =>
  withFolder(async (folder) => {
    const [first, second] = [join(folder, "first"), join(folder, "second")];
    await Promise.all([mkdir(first), mkdir(second)]);
    for (const path of [join(first, "a"), join(folder, "target")]) await writeFile(path, "");
    await chmod(join(folder, "target"), 0o755);
    await symlink(join(folder, "target"), join(second, "a"));
    const found = findProgram("a", [first, second].join(delimiter), folder);
    assert.deepEqual(found, { path: join(second, "a"), realPath: join(folder, "target") });
    assert.equal(findProgram("b", first, folder), undefined);
    assert.equal(findProgram("../target", first, folder), undefined);
  }),
);
