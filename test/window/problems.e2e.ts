import assert from "node:assert/strict";
import { test } from "node:test";
import { customCall, message } from "../../src/core/model/demo/output.ts";
import {
  errorMark,
  goTo,
  openFile,
  openQuickFixes,
  pollFile,
  quickFix,
  selectLines,
  webviewFrame,
} from "../workbench/page.ts";
import { answer, openStage, replaceLine, titleButton } from "./stage.ts";

test("a problem is fixed from the lightbulb, and the change accepted in the editor's title", async (t) => {
  const fixed = "export const a: number = 1;";
  const { page, model, path } = await openStage(t, [
    customCall("apply_patch", replaceLine("a.ts", 'export const a: number = "one";', fixed)),
    message("Done."),
    message("It means this."),
  ]);
  await openFile(page, "a.ts");
  await errorMark(page);
  await goTo(page, 2, 15);
  const titles = (await openQuickFixes(page)).filter((title) => title.includes("Patchwright"));
  assert.deepEqual(titles, ["Fix with Patchwright", "Explain with Patchwright"]);
  await page.keyboard.press("Escape");
  await quickFix(page, "Fix with Patchwright");
  const panel = await webviewFrame(page, "thread");
  await panel.getByText("a.ts:1–3", { exact: true }).waitFor();
  await page.locator(".tab.active", { hasText: "a.ts (proposed by Patchwright)" }).waitFor();
  await titleButton(page, "Accept").click();
  await pollFile(path("a.ts"), (text) => text.includes(fixed));
  await page.locator(".tab", { hasText: "proposed by Patchwright" }).waitFor({ state: "detached" });
  await answer(panel, "Done.").waitFor();
  const asked = await model.request(0);
  assert.match(asked.body, /a\.ts:2:14: error \(ts 2322\): Type 'string' is not assignable/);
});

test("several problems of a selection are explained together", async (t) => {
  const { page, model } = await openStage(t, [message("They mean this.")]);
  await openFile(page, "a.ts");
  await errorMark(page);
  await selectLines(page, 1, 3);
  await quickFix(page, "Explain 2 problems with Patchwright");
  const panel = await webviewFrame(page, "thread");
  await answer(panel, "They mean this.").waitFor();
  const asked = await model.request(0);
  assert.match(asked.body, /Explain these 2 problems/);
  assert.match(asked.body, /a\.ts:3:14: error \(ts 2322\): Type 'number' is not assignable/);
});
