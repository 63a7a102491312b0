import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { customCall, message } from "../../src/core/model/demo/output.ts";
import { hold } from "../support/modelServerReply.ts";
import { goTo, openFile, runCommand } from "../workbench/page.ts";
import { until } from "../workbench/until.ts";
import { answer, openPanel, openStage, replaceLine, say, titleButton } from "./stage.ts";

const proposal = customCall("apply_patch", replaceLine("b.txt", "two", "TWO"));
const proposed = "b.txt (proposed by Patchwright)";

test("a proposal is only decided by Accept and Reject, and never takes the focus", async (t) => {
  const arrives = Promise.withResolvers<void>();
  const { page, path } = await openStage(t, [hold(0, arrives.promise, proposal), message("Rejected, then.")]);
  const panel = await openPanel(page);
  await say(panel, "Shout.");
  await openFile(page, "b.txt");
  await goTo(page, 7, 1);
  await page.keyboard.type("typed ");
  await page.locator(".view-line", { hasText: "typed seven" }).first().waitFor();
  arrives.resolve();
  const tab = page.locator(".tab", { hasText: proposed });
  await tab.waitFor();
  await page.keyboard.type("on");
  await page.locator(".tab.active", { hasText: /^b\.txt$/ }).waitFor();
  await page.locator(".view-line", { hasText: "typed onseven" }).first().waitFor();

  await tab.click();
  await titleButton(page, "Accept").waitFor();
  await runCommand(page, "View: Close Editor");
  await tab.waitFor({ state: "detached" });
  await panel.getByTestId("edit-preview").waitFor();

  await panel.getByTestId("open-diff").first().click();
  await titleButton(page, "Reject").click();
  await answer(panel, "Rejected, then.").waitFor();
  await tab.waitFor({ state: "detached" });
  assert.match(await readFile(path("b.txt"), "utf8"), /^one\ntwo\nthree\n/);
  await until("nothing is to be decided", async () => (await titleButton(page, "Accept").count()) === 0);
});
