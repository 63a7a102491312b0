import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import type { Frame, Page } from "playwright-core";
import { demoReply } from "../../src/core/model/demo/demo.ts";
import { startModelServer } from "../support/modelServer.ts";
import { pollFile, screenshot, setPanelWidth, showView, webviewFrame } from "../workbench/page.ts";
import { until } from "../workbench/until.ts";
import { openWorkbench } from "../workbench/workbench.ts";

/** Enters the key as a user does: by the button in the panel and the input box of the editor. */
async function enterKey(page: Page, key: string): Promise<void> {
  const panel = await webviewFrame(page, "use-key");
  await panel.getByTestId("use-key").click();
  const box = page.locator(".quick-input-widget:visible .quick-input-box input");
  await box.fill(key);
  await page.keyboard.press("Enter");
  await panel.getByTestId("suggestion").first().waitFor();
}

async function say(panel: Frame, text: string): Promise<void> {
  await panel.getByTestId("composer").fill(text);
  await panel.getByTestId("composer").press("Enter");
}

/** Allows what the panel asks about. A click within the first moments is ignored on purpose, so a person clicks again. */
async function allow(panel: Frame): Promise<void> {
  const approval = panel.getByTestId("approval");
  await approval.waitFor();
  const asked = await approval.innerText();
  await until("the question is answered", async () => {
    if ((await approval.count()) === 0 || (await approval.innerText()) !== asked) return true;
    await panel.getByTestId("allow").click({ timeout: 1000 });
    return undefined;
  });
}

test("from a message to a tested fix", async (t) => {
  const model = await startModelServer({ script: demoReply });
  t.after(() => model.close());
  const { page, folders, patchwrightHome } = await openWorkbench(t, {
    workspace: { kind: "sample" },
    settings: { "patchwright.baseUrl": model.baseUrl, "patchwright.model": "gpt-5.4" },
  });
  await showView(page, "Patchwright");
  await setPanelWidth(page, 420);
  await enterKey(page, model.apiKey);
  const panel = await webviewFrame(page, "composer");
  await screenshot(page, "welcome");
  await say(panel, "The tests fail. Find out why and fix it.");
  await panel.getByTestId("approval").waitFor();
  await screenshot(page, "approval");
  await allow(panel);
  await panel.getByTestId("edit-preview").waitFor();
  await screenshot(page, "edit");
  await allow(panel);
  await pollFile(`${folders[0]}/src/isOpen.ts`, (text) => text.includes("minute < range.closes;\n}"));
  await panel.getByTestId("approval-command").waitFor();
  await allow(panel);
  await panel.getByText("passes again").waitFor();
  await screenshot(page, "done");
  const journals = await readdir(path.join(patchwrightHome, "threads"));
  assert.equal(journals.length, 1);
  assert.match(await readFile(path.join(patchwrightHome, "threads", journals[0] ?? ""), "utf8"), /passes again/);
});
