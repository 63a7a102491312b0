import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseSettings, type Settings } from "../../src/extension/settings.ts";

const defaults = parseSettings(() => undefined);

function check(values: Record<string, unknown>, expected: Partial<Settings>): void {
  assert.deepEqual(
    parseSettings((name) => values[name]),
    { ...defaults, ...expected },
  );
}

test("an empty text is unset", () => check({ model: " ", baseUrl: "" }, { model: undefined, baseUrl: undefined }));
test("texts are trimmed", () => check({ model: " gpt-5 " }, { model: "gpt-5" }));
test("known values pass", () =>
  check(
    { approvalPolicy: "never", sandboxMode: "read-only", "commands.engine": "terminal", maxRetries: 0 },
    { approvalPolicy: "never", sandboxMode: "read-only", "commands.engine": "terminal", maxRetries: 0 },
  ));
test("an unknown policy is the usual one", () => check({ approvalPolicy: "always" }, { approvalPolicy: "on-request" }));
test("an unknown mode is confined", () => check({ sandboxMode: true }, { sandboxMode: "workspace-write" }));
test("an unknown network is none", () => check({ "sandbox.network": "yes" }, { "sandbox.network": "off" }));
test("folders and hosts that are no lists are none", () =>
  check({ "sandbox.writableRoots": "/", "sandbox.allowedHosts": [1] }, {}));
test("a list of folders", () =>
  check({ "sandbox.writableRoots": ["~/.npm"] }, { "sandbox.writableRoots": ["~/.npm"] }));
test("numbers out of range are the defaults", () =>
  check({ maxRetries: 1000, streamIdleTimeoutMs: 3 }, { maxRetries: 5, streamIdleTimeoutMs: 300_000 }));

test("no window is the model's own", () => {
  check({ contextWindow: 0 }, { contextWindow: undefined });
  check({ contextWindow: 32_000 }, { contextWindow: 32_000 });
  check({ contextWindow: -1 }, { contextWindow: undefined });
});

interface Property {
  default: unknown;
  scope: string;
}
const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
const properties: Record<string, Property> = manifest.contributes.configuration.properties;
const restricted: string[] = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;

test("the manifest has each setting with the same default", () => {
  const declared = Object.entries(properties).map(([name, { default: value }]) => [
    name.replace("patchwright.", ""),
    value === "" || value === 0 ? undefined : value,
  ]);
  assert.deepEqual(Object.fromEntries(declared), defaults);
});

test("no workspace can set what matters for safety", () => {
  const forWorkspaces = Object.entries(properties).filter(([, { scope }]) => scope !== "application");
  assert.deepEqual(
    forWorkspaces.map(([name]) => name),
    [
      "patchwright.model",
      "patchwright.effort",
      "patchwright.review.openDiff",
      "patchwright.review.overlay",
      "patchwright.codeActions.enabled",
    ],
  );
});

test("an untrusted workspace sets nothing but looks", () => {
  const free = Object.keys(properties).filter((name) => !restricted.includes(name));
  assert.deepEqual(free, [
    "patchwright.review.openDiff",
    "patchwright.review.overlay",
    "patchwright.codeActions.enabled",
  ]);
});

test("every text of the manifest is there, and none is left over", () => {
  const texts: Record<string, string> = JSON.parse(
    readFileSync(new URL("../../package.nls.json", import.meta.url), "utf8"),
  );
  const used = JSON.stringify(manifest).match(/"%[^%"]+%"/g) ?? [];
  assert.deepEqual([...new Set(used.map((text) => text.slice(2, -2)))].sort(), Object.keys(texts).sort());
});
