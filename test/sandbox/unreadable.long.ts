import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { isRoot } from "./arena.ts";

/** An administrator may read everything, so that the tests of one run the program as somebody else. */
const NOBODY = isRoot ? { uid: 65_534, gid: 65_534 } : {};

/** What is moved away of what a command made that took its own rights to it away, so that nobody looks into it. */
function check(name: string, script: string, moved: readonly string[]): void {
  test(name, { skip: process.platform !== "linux" }, () => {
    const program = join(import.meta.dirname, "programs/sweep.ts");
    const told = execFileSync(process.execPath, [program, script], { encoding: "utf8", ...NOBODY });
    assert.deepEqual(JSON.parse(told), { moved, warnings: [] });
  });
}

const SETTINGS = "mkdir -p b/.vscode; echo x > b/.vscode/tasks.json";
const REPOSITORY = "git init -q a";

check("a configuration", `${REPOSITORY}; chmod 0 a/.git/config; ${SETTINGS}`, ["a/.git/config", "b/.vscode"]);
check("hooks", `${REPOSITORY}; mkdir -p a/.git/hooks; chmod 0 a/.git/hooks; ${SETTINGS}`, [
  "a/.git/hooks",
  "b/.vscode",
]);
check("repositories of submodules", `${REPOSITORY}; mkdir a/.git/modules; chmod 0 a/.git/modules; ${SETTINGS}`, [
  "a/.git/modules",
  "b/.vscode",
]);
check("a folder in what is protected", `mkdir -p a/.idea/x; chmod 0 a/.idea/x; ${SETTINGS}`, ["a/.idea", "b/.vscode"]);
check("twin: an ordinary file and folder", `${REPOSITORY}; mkdir c; echo x > c/d; chmod 0 c/d c`, []);
