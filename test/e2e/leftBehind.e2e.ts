import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { call, message } from "../../src/core/model/demo/output.ts";
import { isDead, linkOf, livingBelow } from "../host/node/living.ts";
import { atEnd } from "../support/atEnd.ts";
import { startModelServer } from "../support/modelServer.ts";
import { runCommand } from "../workbench/page.ts";
import { until } from "../workbench/until.ts";
import { openWorkbench } from "../workbench/workbench.ts";
import { extensionHost } from "./listening.ts";
import { modelOf, openPanel, say } from "./panel.ts";

const BAR_MS = 2000;
/** Left in the background on purpose; left behind by a command that has ended; what ignores every signal that asks. */
const answers = [
  call("exec_command", { cmd: "exec ./terminal 300", yield_time_ms: 250 }),
  call("exec_command", { cmd: "(env -i setsid ./behind 300 > /dev/null 2>&1 &)" }),
  call("exec_command", { cmd: "trap '' TERM INT HUP; setsid ./last 300; true", yield_time_ms: 60_000 }),
];

interface Window {
  readonly page: Page;
  readonly extensionHost: number;
}

/** Starts commands of every kind, ends the extension host in some way, and measures from its end on and from outside until none is left. */
async function check(t: TestContext, end: (window: Window) => Promise<unknown>): Promise<void> {
  const model = await startModelServer({
    script: (_, { index }) => answers[index] ?? message("Never said."),
  });
  atEnd(t, () => model.close());
  const full = { "patchwright.approvalPolicy": "never", "patchwright.sandboxMode": "danger-full-access" };
  const { page, folders, patchwrightHome } = await openWorkbench(t, {
    workspace: { kind: "files", files: { "a.txt": "one\n" } },
    ...modelOf(model, full),
  });
  const folder = folders[0] as string;
  for (const name of ["terminal", "behind", "last"]) await copyFile("/bin/sleep", path.join(folder, name));
  // The editor has processes of its own there, such as those of languages.
  const isCommand = (pid: number) => /^(terminal|behind|last|sh|dash|bash)$/.test(path.basename(linkOf(pid, "exe")));
  const left = () => [...livingBelow(path.dirname(folder)).values()].flat().filter(isCommand);
  const panel = await openPanel(page);
  await say(panel, "Do it.");
  await until("all commands run", () => model.requests.length === 3 && left().length >= 4);
  const host = Number(await extensionHost(patchwrightHome));
  await end({ page, extensionHost: host });
  await until("the extension host has ended", () => isDead(host));
  const began = performance.now();
  const gone = () => left().length === 0;
  await until("no process is left", gone).catch((error: unknown) => {
    const lines = left().map((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "));
    throw new Error(`These are left:\n${lines.join("\n")}`, { cause: error });
  });
  const ms = performance.now() - began;
  t.diagnostic(`gone after ${Math.round(ms)} ms`);
  assert.ok(ms < BAR_MS, `${ms} ms`);
}

test("nothing is left when the extension host is killed", (t) =>
  check(t, async ({ extensionHost: pid }) => process.kill(pid, "SIGKILL")));
test("nothing is left when the window is reloaded", (t) =>
  check(t, ({ page }) => runCommand(page, "Developer: Reload Window")));
test("nothing is left when the window is closed", (t) => check(t, ({ page }) => page.close({ runBeforeUnload: true })));
