import assert from "node:assert/strict";
import { test } from "node:test";
import { isTrusted } from "../../../src/core/policy/isTrusted.ts";
import { pathsOf } from "../../../src/core/policy/paths.ts";
import type { AgentSettings } from "../../../src/core/settings.ts";

function check(projects: AgentSettings["projects"], folder: string, expected: boolean, trusted = true): void {
  const settings = { approvalPolicy: "never", sandboxMode: "danger-full-access", maxRetries: 0, trusted, projects };
  assert.equal(isTrusted(settings as AgentSettings, folder, pathsOf({ os: "linux" })), expected);
}

test("a folder that is not named", () => check({ "/other": "untrusted" }, "/w", true));
test("one that is not trusted", () => check({ "/w": "untrusted" }, "/w", false));
test("a folder in it", () => check({ "/w/": "untrusted" }, "/w/a/b", false));
test("one that is trusted all the same", () => check({ "/w": "untrusted", "/w/a": "trusted" }, "/w/a/b", true));
test("a neighbour whose name begins alike", () => check({ "/w": "untrusted" }, "/w2", true));
test("nothing is trusted in Restricted Mode", () => check({ "/w": "trusted" }, "/w", false, false));

const links: Readonly<Record<string, string>> = { "/link": "/w", "/trusted/link": "/w/a" };

function checkLinked(projects: AgentSettings["projects"], folder: string, expected: boolean): void {
  const realFolder = (given: string) => links[given] ?? given;
  const settings = { approvalPolicy: "never", sandboxMode: "danger-full-access", maxRetries: 0, trusted: true };
  const read = { ...settings, projects, realFolder } as AgentSettings;
  assert.equal(isTrusted(read, folder, pathsOf({ os: "linux" })), expected);
}

test("one that is reached by a link", () => checkLinked({ "/w": "untrusted" }, "/link", false));
test("one that the settings name by a link", () => checkLinked({ "/link": "untrusted" }, "/w/a", false));
test("a link among trusted folders", () =>
  checkLinked({ "/w": "untrusted", "/trusted": "trusted" }, "/trusted/link", false));
test("of two names the one that is not trusted", () => {
  checkLinked({ "/w": "untrusted", "/link": "trusted" }, "/w", false);
  checkLinked({ "/link": "trusted", "/w": "untrusted" }, "/w", false);
});
