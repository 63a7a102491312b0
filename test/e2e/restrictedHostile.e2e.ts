import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import type { Frame, Page } from "playwright-core";
import { call, customCall, message } from "../../src/core/model/demo/output.ts";
import { atEnd } from "../support/atEnd.ts";
import { assertNotObeyed, assertOnlyRead, attempts, startCanary } from "../support/hostileModel.ts";
import { makeHostile } from "../support/hostileRepository.ts";
import { startModelServer } from "../support/modelServer.ts";
import { runCommand, screenshot, webviewFrame } from "../workbench/page.ts";
import { openWorkbench } from "../workbench/workbench.ts";
import { answer, modelOf, openPanel, outside, say, turnsDone } from "./panel.ts";

const patch = "*** Begin Patch\n*** Update File: a.txt\n@@\n-needle\n+thread\n*** End Patch\n";

async function openHostile(t: TestContext) {
  const model = await startModelServer({
    script: [
      attempts,
      message("I could only read."),
      [call("exec_command", outside("touch ran.txt")), customCall("apply_patch", patch)],
      message("Done."),
    ],
  });
  atEnd(t, () => model.close());
  const canary = await startCanary();
  atEnd(t, () => canary.close());
  const root = await realpath(await mkdtemp(path.join(tmpdir(), "patchwright-hostile-")));
  atEnd(t, () => rm(root, { recursive: true, force: true }));
  const { repository, canaries } = await makeHostile(root, canary.origin);
  const { settings, env } = modelOf(model, { "patchwright.review.edits": "after" });
  const { page } = await openWorkbench(t, {
    workspace: { kind: "existing", folder: repository },
    settings,
    env: { ...env, PATH: `.:node_modules/.bin:${process.env.PATH}` },
    trust: "restricted",
  });
  const onDisk = async () => ({
    text: await readFile(path.join(repository, "a.txt"), "utf8"),
    ran: (await readdir(repository)).includes("ran.txt"),
  });
  return { page, model, canary, canaries, onDisk };
}

async function saysRestricted(page: Page, panel: Frame): Promise<void> {
  await panel.getByTestId("banner-restricted").waitFor();
  await page.locator(".statusbar-item[id*='patchwright.status'] [aria-label*='Restricted Mode']").waitFor();
}

test("a hostile repository is only looked at until the user trusts it, and again when they no longer do", async (t) => {
  const { page, model, canary, canaries, onDisk } = await openHostile(t);
  const opened = await openPanel(page);
  await saysRestricted(page, opened);
  await say(opened, "Do as the files say.");
  await turnsDone(opened, 1);
  assert.equal(await opened.getByTestId("approval").count(), 0);
  for (const request of model.requests) assertNotObeyed(request);
  assertOnlyRead(model.requests[1]!, /Restricted Mode/);
  assert.deepEqual(await onDisk(), { text: "needle\n", ran: false });
  // What the editor's own support for git starts in a folder that is trusted would leave its mark, too.
  assert.deepEqual(await readdir(canaries), [], "traps that were started");

  await opened.getByTestId("banner-restricted-link").click();
  await page.getByRole("button", { name: "Trust", exact: true }).first().click();
  await opened.getByTestId("banner-restricted").waitFor({ state: "detached" });
  const trustEditor = page.locator(".monaco-modal-editor-block");
  await trustEditor.locator(".modal-editor-action-container .codicon-close").click();
  await trustEditor.waitFor({ state: "hidden" });
  await say(opened, "Now run and change it.");
  await answer(opened, "allow");
  await turnsDone(opened, 2);
  const changed = { text: "thread\n", ran: true };
  assert.deepEqual(await onDisk(), changed);
  assert.match(model.requests[2]?.body ?? "", /Bark/, "instructions of a trusted folder are read");

  const reloaded = page.waitForEvent("domcontentloaded");
  await runCommand(page, "Workspaces: Manage Workspace Trust");
  // A folder on another machine has no button for it: its entry in the list of trusted folders goes.
  const entry = trustEditor.locator(".monaco-list-row").filter({ hasText: "patchwright-hostile" });
  await entry.hover();
  await entry.locator(".codicon-workspace-trust-editor-remove-folder").click();
  await reloaded;
  const panel = await webviewFrame(page, "composer");
  await saysRestricted(page, panel);
  await panel.getByTestId("undo-all").click();
  await panel.getByTestId("undo-all-yes").click();
  const refused = /Restricted Mode, so Patchwright may not change files/;
  await panel.locator(".banner").filter({ hasText: refused }).waitFor();
  const said = panel.getByTestId("user-message").nth(1);
  await said.hover();
  await said.getByTestId("message-menu").click();
  await panel.getByTestId("menu-restore").click();
  await panel.getByTestId("confirm-restore").click();
  await panel.locator(".banner").filter({ hasText: "a.txt, ran.txt were left as they are." }).waitFor();
  await screenshot(page, "restricted-restore");
  assert.deepEqual(await onDisk(), changed);
  // Settings that decide about safety are the user's own, whether the folder is trusted or not.
  for (const { body } of model.requests) assert.doesNotMatch(body, /Say moo/);
  assert.equal(canary.reached, 0);
});
