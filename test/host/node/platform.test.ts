import assert from "node:assert/strict";
import { test } from "node:test";
import {
  chooseShell,
  normalizeDrive,
  type OperatingSystem,
  operatingSystem,
  pathKey,
  taskkillArgv,
} from "../../../src/host/node/platform.ts";

const systems = [
  ["linux", "linux"],
  ["darwin", "macos"],
  ["win32", "windows"],
  ["freebsd", "linux"],
] as const;
for (const [nodePlatform, os] of systems) {
  test(`${nodePlatform} is ${os}`, () => assert.equal(operatingSystem(nodePlatform), os));
}

const shells: readonly [OperatingSystem, Record<string, string>, readonly string[], string][] = [
  ["linux", { SHELL: "/usr/bin/zsh" }, ["/usr/bin/zsh", "/bin/bash"], "/usr/bin/zsh"],
  ["linux", { SHELL: "/usr/bin/fish" }, ["/usr/bin/fish", "/bin/bash"], "/bin/bash"],
  ["linux", { SHELL: "/gone/bash" }, ["/bin/bash"], "/bin/bash"],
  ["linux", { SHELL: "bash" }, ["bash", "/bin/bash"], "/bin/bash"],
  ["linux", {}, ["/usr/bin/bash"], "/usr/bin/bash"],
  ["linux", {}, [], "/bin/sh"],
  ["macos", {}, ["/bin/zsh", "/bin/bash"], "/bin/zsh"],
  ["macos", { SHELL: "/opt/homebrew/bin/bash" }, ["/opt/homebrew/bin/bash", "/bin/zsh"], "/opt/homebrew/bin/bash"],
  ["windows", { ComSpec: "C:\\Windows\\cmd.exe" }, ["pwsh.exe", "powershell.exe"], "pwsh.exe"],
  ["windows", { ComSpec: "C:\\Windows\\cmd.exe" }, ["powershell.exe"], "powershell.exe"],
  ["windows", { ComSpec: "C:\\Windows\\cmd.exe" }, [], "C:\\Windows\\cmd.exe"],
  ["windows", { SHELL: "/usr/bin/bash" }, ["/usr/bin/bash"], "cmd.exe"],
];
for (const [os, env, there, shell] of shells) {
  test(`on ${os} with ${JSON.stringify(env)} and ${there.join(", ")} the shell is ${shell}`, () =>
    assert.equal(
      chooseShell(os, env, (program) => there.includes(program)),
      shell,
    ));
}

const keys: readonly [OperatingSystem, string, string, boolean][] = [
  ["linux", "/a/B", "/a/b", false],
  ["macos", "/a/B", "/A/b", true],
  ["macos", "/e\u0301", "/\u00c9", true],
  ["linux", "/e\u0301", "/\u00e9", false],
  ["windows", "c:/Work/A.ts", "C:\\work\\a.TS", true],
  ["windows", "C:\\a", "D:\\a", false],
];
for (const [os, one, other, same] of keys) {
  test(`on ${os} ${one} and ${other} are ${same ? "one path" : "two paths"}`, () =>
    assert.equal(pathKey(os, one) === pathKey(os, other), same));
}

const drives: readonly [OperatingSystem, string, string][] = [
  ["windows", "c:\\a", "C:\\a"],
  ["windows", "C:\\a", "C:\\a"],
  ["windows", "\\\\server\\c", "\\\\server\\c"],
  ["linux", "c:/a", "c:/a"],
];
for (const [os, path, normal] of drives) {
  test(`on ${os} ${path} is written ${normal}`, () => assert.equal(normalizeDrive(os, path), normal));
}

test("Windows ends a process with its tree, by force", () =>
  assert.deepEqual(taskkillArgv(42), ["taskkill.exe", "/PID", "42", "/T", "/F"]));
