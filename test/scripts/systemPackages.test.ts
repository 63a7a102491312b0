import assert from "node:assert/strict";
import { test } from "node:test";
import { installCommand, type Machine } from "../../scripts/systemPackages.ts";

function check(machine: Omit<Machine, "has"> & { manager: string }, expected: string | undefined): void {
  const has = (program: string) => program === machine.manager;
  assert.equal(installCommand(["chromium", "strace"], { ...machine, has }), expected);
}

test("Debian as root", () =>
  check(
    { platform: "linux", isRoot: true, manager: "apt-get" },
    "apt-get update && apt-get install --yes --no-install-recommends chromium strace",
  ));
test("Debian as a user", () =>
  check(
    { platform: "linux", isRoot: false, manager: "apt-get" },
    "sudo apt-get update && sudo apt-get install --yes --no-install-recommends chromium strace",
  ));
test("Fedora as a user", () =>
  check({ platform: "linux", isRoot: false, manager: "dnf" }, "sudo dnf install --assumeyes chromium strace"));
test("macOS has only the browser to install", () =>
  check({ platform: "darwin", isRoot: false, manager: "" }, "brew install --cask chromium"));
test("a machine without a known package manager", () =>
  check({ platform: "linux", isRoot: true, manager: "" }, undefined));
