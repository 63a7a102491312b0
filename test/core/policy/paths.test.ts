import assert from "node:assert/strict";
import { test } from "node:test";
import { type Paths, pathsOf } from "../../../src/core/policy/paths.ts";

const posix = pathsOf({ os: "linux" });
const windows = pathsOf({ os: "windows" });

function check<T>(name: string, actual: (paths: Paths) => T, expected: { posix?: T; windows?: T }) {
  test(name, () => {
    if ("posix" in expected) assert.deepEqual(actual(posix), expected.posix);
    if ("windows" in expected) assert.deepEqual(actual(windows), expected.windows);
  });
}

check("relative", (paths) => paths.resolve("/ws", "src/a.ts"), { posix: "/ws/src/a.ts" });
check("relative, on Windows", (paths) => paths.resolve("C:\\ws", "src/a.ts"), { windows: "C:\\ws\\src\\a.ts" });
check("absolute", (paths) => paths.resolve("/ws", "/etc/passwd"), { posix: "/etc/passwd" });
check("absolute, on Windows", (paths) => paths.resolve("C:\\ws", "D:/x/y"), { windows: "D:\\x\\y" });
check("dots", (paths) => paths.resolve("/ws/a", "./../b/../../c/."), { posix: "/c" });
check("dots past the root", (paths) => paths.resolve("/ws", "../../../../x"), { posix: "/x" });
check("dots past a drive", (paths) => paths.resolve("C:\\ws", "..\\..\\..\\x"), { windows: "C:\\x" });
check("dots past a share", (paths) => paths.resolve("\\\\srv\\share\\ws", "..\\..\\..\\x"), {
  windows: "\\\\srv\\share\\x",
});
check("slashes twice", (paths) => paths.resolve("/ws//", "a//b"), { posix: "/ws/a/b" });
check("backslashes are letters elsewhere", (paths) => paths.resolve("/ws", "a\\..\\b"), { posix: "/ws/a\\..\\b" });
check("the root", (paths) => paths.resolve("/", "a"), { posix: "/a" });
check("a share with slashes", (paths) => paths.resolve("C:\\ws", "//srv/share/a"), { windows: "\\\\srv\\share\\a" });

const inside = (folder: string, path: string) => (paths: Paths) => paths.isInside(folder, path);
check("a file is inside", inside("/ws", "/ws/a"), { posix: true });
check("the folder is inside itself", inside("/ws", "/ws"), { posix: true });
check("a neighbour with the same beginning is not", inside("/ws", "/ws2/a"), { posix: false });
check("nor is the parent", inside("/ws/a", "/ws"), { posix: false });
check("everything is inside the root", inside("/", "/etc"), { posix: true });
check("and inside a drive", inside("C:\\", "C:\\x"), { windows: true });
check("case counts", inside("/ws", "/WS/a"), { posix: false });
check("but not on Windows", inside("C:\\Ws", "c:\\wS\\A"), { windows: true });
check("another drive is not", inside("C:\\ws", "D:\\ws\\a"), { windows: false });
check("nor is another share", inside("\\\\srv\\one", "\\\\srv\\two\\a"), { windows: false });
check("nor the device of the same path", inside("C:\\ws", "\\\\?\\C:\\ws\\a"), { windows: false });

check("shown from the folder", (paths) => paths.relative("/ws", "/ws/a/b"), { posix: "a/b" });
check("with slashes on Windows too", (paths) => paths.relative("c:\\WS", "C:\\ws\\a\\b"), { windows: "a/b" });
check("the folder itself", (paths) => paths.relative("/ws", "/ws"), { posix: "." });
check("from the root", (paths) => paths.relative("/", "/a"), { posix: "a" });
check("outside", (paths) => paths.relative("/ws", "/etc/a"), { posix: "/etc/a" });

check("the parent", (paths) => paths.parent("/a/b"), { posix: "/a" });
check("the root's parent is the root", (paths) => paths.parent("/"), { posix: "/" });
check("a drive's parent is the drive", (paths) => paths.parent("C:\\"), { windows: "C:\\" });
check("a share's parent is the share", (paths) => paths.parent("\\\\srv\\share\\"), { windows: "\\\\srv\\share\\" });
check("the name", (paths) => paths.name("/a/b.ts"), { posix: "b.ts" });
check("the name on Windows", (paths) => paths.name("C:\\a/b.ts"), { windows: "b.ts" });
check("joined", (paths) => paths.join("/a/", "b"), { posix: "/a/b" });
