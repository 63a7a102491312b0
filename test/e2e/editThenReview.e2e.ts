import { test } from "node:test";
import type { Frame } from "playwright-core";
import { call, customCall, message } from "../../src/core/model/demo/output.ts";
import { goTo, openFile, setPanelWidth } from "../workbench/page.ts";
import { fileRow, files, isGone, openStage, patch, pickMode, pictures, retry, rowSays } from "./changing.ts";
import { answer, newThread, openPanel, outside, reloadWindow, say, turnsDone } from "./panel.ts";
import { hasBytes, lensCount } from "./reviewing.ts";

const after = retry.replace("attempts = 3", "attempts = 5").replace("status >=", "status === 429 || status >=");
const cmd = 'sed -i "s/\\"hello\\"/\\"good day\\"/" src/words.ts && mv src/old.ts src/moved.ts';

/** A click on one of the buttons that a file's row shows while the mouse is on it. */
async function clickInRow(panel: Frame, name: string, testId: string): Promise<void> {
  await fileRow(panel, name).hover();
  await fileRow(panel, name).getByTestId(testId).click();
  await fileRow(panel, name).waitFor({ state: "detached" });
}

const card = (panel: Frame, name: string) => panel.getByTestId("file-change").filter({ hasText: name });

test("edits are made at once, and reviewed while the turn runs and after it", async (t) => {
  const rest = Promise.withResolvers<void>();
  const { page, file } = await openStage(
    t,
    [[customCall("apply_patch", patch)], [call("exec_command", outside(cmd))], message("Done."), message("Hello.")],
    { pace: () => rest.promise },
  );
  let panel = await openPanel(page);
  await pickMode(panel, "mode-agent");
  await say(panel, "Mend it.");
  await rowSays(panel, "3 files", "3 added, 3 removed");
  await answer(panel, "allow");
  await rowSays(panel, "6 files", "6 added, 6 removed");
  await panel.getByTestId("stop").waitFor();
  await panel.getByTestId("changes-toggle").click();
  await pictures(page, "changes");
  await setPanelWidth(page, 300);

  await openFile(page, "src/retry.ts");
  await lensCount(page, 2);
  await card(panel, "retry.ts").getByTestId("file-toggle").click();
  await card(panel, "retry.ts").getByTestId("keep-hunk").first().click();
  await lensCount(page, 1);
  await hasBytes(file("src/retry.ts"), after);
  await rowSays(panel, "6 files", "5 added, 5 removed");
  await card(panel, "retry.ts").getByTestId("undo-hunk").click();
  await lensCount(page, 0);
  await hasBytes(file("src/retry.ts"), retry.replace("attempts = 3", "attempts = 5"));
  await rowSays(panel, "5 files", "4 added, 4 removed");

  await clickInRow(panel, "added.ts", "keep-file");
  await clickInRow(panel, "gone.ts", "undo-file");
  await hasBytes(file("src/gone.ts"), files["src/gone.ts"]);
  await hasBytes(file("src/added.ts"), "export const added = true;\n");
  await rowSays(panel, "3 files", "3 added, 3 removed");
  rest.resolve();
  await turnsDone(panel, 1);
  await rowSays(panel, "3 files", "3 added, 3 removed");

  await openFile(page, "src/words.ts");
  await lensCount(page, 1);
  await goTo(page, 1, 31);
  await page.keyboard.type("!");
  await page.keyboard.press("ControlOrMeta+S");
  await hasBytes(file("src/words.ts"), 'export const hello = "good day!";\n');
  await panel.getByTestId("edited-mark").waitFor();
  await panel.getByTestId("undo-all").click();
  await panel.getByTestId("undo-all-yes").click();
  await panel.getByTestId("edited-question").waitFor();
  await pictures(page, "changes-question");
  await setPanelWidth(page, 300);
  await panel.getByTestId("leave-edited").click();
  await rowSays(panel, "1 file", "1 added, 1 removed");
  await isGone(file("src/moved.ts"));
  await hasBytes(file("src/old.ts"), files["src/old.ts"]);
  await hasBytes(file("src/words.ts"), 'export const hello = "good day!";\n');
  await lensCount(page, 1);
  await panel.getByTestId("undo-all").click();
  await panel.getByTestId("undo-edited").click();
  await panel.getByTestId("changes").waitFor({ state: "detached" });
  await lensCount(page, 0);
  await hasBytes(file("src/words.ts"), files["src/words.ts"]);

  panel = await reloadWindow(page);
  await panel.getByTestId("mode").getByText("Agent").waitFor();
  await newThread(panel);
  await panel.getByTestId("mode").getByText("Agent").waitFor();
  await say(panel, "Hello.");
  await turnsDone(panel, 1);
  await panel.getByTestId("mode").getByText("Agent").waitFor();
});
