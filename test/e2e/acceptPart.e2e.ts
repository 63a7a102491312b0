import assert from "node:assert/strict";
import { test } from "node:test";
import { customCall, message } from "../../src/core/model/demo/output.ts";
import { outputsOf } from "../support/modelInput.ts";
import { screenshot, setPanelWidth } from "../workbench/page.ts";
import { until } from "../workbench/until.ts";
import { openStage, retry } from "./changing.ts";
import { agentSays, answer, openPanel, question, say } from "./panel.ts";
import { hasBytes } from "./reviewing.ts";

const patch = `*** Begin Patch
*** Update File: src/retry.ts
@@
-export const attempts = 3;
+export const attempts = 5;
@@
 export function pause(attempt: number): number {
-  return 100 * attempt;
+  return 100 * 2 ** attempt;
 }
@@
 export function isRetryable(status: number): boolean {
-  return status >= 500;
+  return status === 429 || status >= 500;
 }
*** End Patch
`;

test("a part of an edit is accepted in the panel, by mouse and keys, and the model is told", async (t) => {
  const { page, model, file } = await openStage(t, [[customCall("apply_patch", patch)], message("Only that, then.")]);
  const panel = await openPanel(page);
  await setPanelWidth(page, 420);
  await say(panel, "Mend it.");
  await question(panel, "Accept this edit?");
  const more = panel.getByTestId("diff-more");
  const boxes = panel.getByTestId("pick-hunk");
  await until("each change has its box", async () => {
    if ((await more.count()) > 0) await more.click({ timeout: 1000 });
    return (await boxes.count()) === 3;
  });
  await boxes.nth(2).uncheck();
  await panel.getByTestId("allow").getByText("Accept 2 of 3 changes").waitFor();
  await boxes.first().focus();
  await page.keyboard.press("Space");
  await panel.getByTestId("allow").getByText("Accept 1 of 3 changes").waitFor();
  await screenshot(page, "accept-part");
  await hasBytes(file("src/retry.ts"), retry);
  await answer(panel, "allow");
  await agentSays(panel, "Only that, then.");
  await hasBytes(file("src/retry.ts"), retry.replace("100 *", "100 * 2 **"));
  const output = outputsOf(await model.request(1)).at(-1) ?? "";
  assert.match(
    output,
    /accepted only a part of your change to src\/retry\.ts\.[\s\S]*\n\+export const attempts = 3;[\s\S]*\n\+ {2}return status >= 500;\n/,
  );
});
