import { test } from "node:test";
import type { Frame } from "playwright-core";
import { customCall, message } from "../../src/core/model/demo/output.ts";
import { openFile } from "../workbench/page.ts";
import { until } from "../workbench/until.ts";
import { openStage, patch, retry, rowSays } from "./changing.ts";
import { newThread, openPanel, reloadWindow, say, turnsDone } from "./panel.ts";
import { bar, hasBytes, lensCount } from "./reviewing.ts";

const settings = { "patchwright.review.edits": "after" };
const edited = retry.replace("attempts = 3", "attempts = 5").replace("status >=", "status === 429 || status >=");
const pause = `*** Begin Patch
*** Update File: src/retry.ts
@@
-  return 100 * attempt;
+  return 100 * 2 ** attempt;
*** End Patch
`;

test("a reload in the middle of a review changes nothing", async (t) => {
  const { page, file } = await openStage(t, [[customCall("apply_patch", patch)], message("Done.")], { settings });
  let panel = await openPanel(page);
  await say(panel, "Mend it.");
  await turnsDone(panel, 1);
  await openFile(page, "src/retry.ts");
  await lensCount(page, 2);
  await panel.getByTestId("file-toggle").first().click();
  await panel.getByTestId("keep-hunk").first().click();
  await lensCount(page, 1);
  await rowSays(panel, "3 files", "2 added, 2 removed");

  panel = await reloadWindow(page);
  await rowSays(panel, "3 files", "2 added, 2 removed");
  await lensCount(page, 1);
  await bar(page, "3 files").waitFor();
  await hasBytes(file("src/retry.ts"), edited);
  await hasBytes(file("src/added.ts"), "export const added = true;\n");
  await panel.getByTestId("changes-toggle").click();
  await until("three files are listed", async () => (await panel.getByTestId("changed-file").count()) === 3);
  await panel.getByTestId("undo-all").click();
  await panel.getByTestId("undo-all-yes").click();
  await panel.getByTestId("changes").waitFor({ state: "detached" });
  await hasBytes(file("src/retry.ts"), retry.replace("attempts = 3", "attempts = 5"));
  await hasBytes(file("src/gone.ts"), "export const gone = 1;\n");
});

/** Deletes a thread as a user does, in the history. */
async function deleteThread(panel: Frame, title: string): Promise<void> {
  await panel.getByTestId("history").click();
  const row = panel.getByTestId("history-row").filter({ hasText: title });
  await row.hover();
  await row.getByTestId("row-delete").click();
  await panel.getByTestId("confirm-delete").click();
  await row.waitFor({ state: "detached" });
}

test("two threads that change the same file are reviewed apart, and one that is deleted leaves the other's changes", async (t) => {
  const { page, file } = await openStage(
    t,
    [[customCall("apply_patch", patch)], message("Done."), [customCall("apply_patch", pause)], message("Done, too.")],
    { settings },
  );
  const panel = await openPanel(page);
  await say(panel, "Mend it.");
  await turnsDone(panel, 1);
  await newThread(panel);
  await say(panel, "Wait longer.");
  await turnsDone(panel, 1);
  await openFile(page, "src/retry.ts");
  await lensCount(page, 3);
  await rowSays(panel, "1 file", "1 added, 1 removed");
  await bar(page, "3 in retry.ts · 3 files").waitFor();

  await deleteThread(panel, "Mend it.");
  await lensCount(page, 1);
  await bar(page, "1 in retry.ts · 1 file").waitFor();
  await hasBytes(file("src/retry.ts"), edited.replace("100 *", "100 * 2 **"));
  await panel.getByTestId("open-thread").filter({ hasText: "Wait longer." }).click();
  await rowSays(panel, "1 file", "1 added, 1 removed");
  await panel.getByTestId("undo-all").click();
  await lensCount(page, 0);
  await panel.getByTestId("changes").waitFor({ state: "detached" });
  await hasBytes(file("src/retry.ts"), edited);
});
