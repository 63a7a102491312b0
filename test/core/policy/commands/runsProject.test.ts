import assert from "node:assert/strict";
import { test } from "node:test";
import { runsProject } from "../../../../src/core/policy/commands/runsProject.ts";

const check = (expected: boolean, ...commands: readonly string[]) => {
  for (const command of commands) test(command, () => assert.equal(runsProject(command.split(" ")), expected));
};

check(true, "npm test", "npm ci", "yarn build", "python3.12 a.py", "pip3 install", "cargo test", "make all", "pytest");
check(true, "./gradlew build", "/usr/bin/thing", "scripts/release.sh", "docker build");
check(false, "git push", "gh pr", "brew install", "apt-get install", "code");
