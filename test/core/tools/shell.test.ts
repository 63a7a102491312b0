import assert from "node:assert/strict";
import { test } from "node:test";
import { shellArgv } from "../../../src/core/tools/execCommand.ts";

const check = (shell: string, ...rest: string[]) =>
  test(shell, () => assert.deepEqual(shellArgv(shell, 'a "b" && c'), [shell, ...rest, 'a "b" && c']));

check("/bin/bash", "-c");
check("/bin/sh", "-c");
check("zsh", "-c");
check("/usr/bin/fish", "-c");
check("/bin/tcsh", "-c");
check("powershell.exe", "-NoLogo", "-NoProfile", "-Command");
check("C:\\Program Files\\PowerShell\\7\\pwsh.exe", "-NoLogo", "-NoProfile", "-Command");
check("PWSH", "-NoLogo", "-NoProfile", "-Command");
check("C:\\Windows\\System32\\cmd.exe", "/d", "/s", "/c");
check("C:\\Program Files\\Git\\bin\\bash.exe", "-c");
