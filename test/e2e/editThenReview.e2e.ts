import assert from "node:assert/strict";
import { access } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import type { Frame, Locator } from "playwright-core";
import { call, customCall, message } from "../../src/core/model/demo/output.ts";
import { atEnd } from "../support/atEnd.ts";
import { type Script, startModelServer } from "../support/modelServer.ts";
import { goTo, openFile, screenshot } from "../workbench/page.ts";
import { until } from "../workbench/until.ts";
import { openWorkbench } from "../workbench/workbench.ts";
import { answer, modelOf, openPanel, reloadWindow, say, turnsDone } from "./panel.ts";
import { hasBytes, lensCount } from "./reviewing.ts";

const retry = [
  "export const attempts = 3;",
  "",
  "/** How long to wait before the next attempt, in milliseconds. */",
  "export function pause(attempt: number): number {",
  "  return 100 * attempt;",
  "}",
  "",
  "export function isRetryable(status: number): boolean {",
  "  return status >= 500;",
  "}",
  "",
].join("\n");
const files = {
  "src/retry.ts": retry,
  "src/gone.ts": "export const gone = 1;\n",
  "src/words.ts": 'export const hello = "hello";\n',
  "src/old.ts": "export const old = true;\nexport const kept = 1;\n",
};
const patch = [
  "*** Begin Patch",
  "*** Update File: src/retry.ts",
  "@@",
  "-export const attempts = 3;",
  "+export const attempts = 5;",
  "@@",
  " export function isRetryable(status: number): boolean {",
  "-  return status >= 500;",
  "+  return status === 429 || status >= 500;",
  " }",
  "*** Add File: src/added.ts",
  "+export const added = true;",
  "*** Delete File: src/gone.ts",
  "*** End Patch",
  "",
].join("\n");
const after = retry.replace("attempts = 3", "attempts = 5").replace("status >=", "status === 429 || status >=");
const cmd = 'sed -i "s/\\"hello\\"/\\"good day\\"/" src/words.ts && mv src/old.ts src/moved.ts';

async function openStage(t: TestContext, script: Script, pace?: () => Promise<unknown>) {
  const model = await startModelServer({
    script,
    async pace({ type }) {
      if (type === "response.output_text.delta") await pace?.();
    },
  });
  atEnd(t, () => model.close());
  const workbench = await openWorkbench(t, { workspace: { kind: "files", files }, ...modelOf(model) });
  const file = (name: string) => path.join(workbench.folders[0] ?? "", name);
  return { page: workbench.page, model, file };
}

async function pickMode(panel: Frame, testId: string): Promise<void> {
  await panel.getByTestId("mode").click();
  await panel.getByTestId(testId).click();
}

async function rowSays(panel: Frame, words: string, counts: string): Promise<void> {
  const toggle = panel.getByTestId("changes-toggle");
  const said = async () => [
    (await toggle.locator(".changes-words").innerText()).replace(/\s+/g, " "),
    await toggle.locator(".counts .visually-hidden").innerText(),
  ];
  await until(`the row says ${words}, ${counts}`, async () => {
    const [shown, lines] = await said();
    return (shown === words && lines === counts) || undefined;
  }, 15_000).catch(async () => assert.deepEqual(await said(), [words, counts]));
}

const fileRow = (panel: Frame, name: string): Locator => panel.getByTestId("changed-file").filter({ hasText: name });

async function isGone(file: string): Promise<void> {
  await until(`${file} is gone`, () =>
    access(file).then(
      () => false,
      () => true,
    ),
  );
}

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
    [[customCall("apply_patch", patch)], [call("exec_command", { cmd })], message("Done."), message("Hello.")],
    () => rest.promise,
  );
  let panel = await openPanel(page);
  await pickMode(panel, "edits-after");
  await say(panel, "Mend it.");
  await rowSays(panel, "3 files", "3 added, 3 removed");
  await answer(panel, "allow");
  await rowSays(panel, "6 files", "6 added, 6 removed");
  await panel.getByTestId("stop").waitFor();
  await panel.getByTestId("changes-toggle").click();
  await screenshot(page, "joint-changes");

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
  await panel.getByTestId("edited-question").waitFor();
  await screenshot(page, "joint-question");
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
  await panel.getByTestId("mode").getByText("Review after").waitFor();
  await panel.getByTestId("new-thread").click();
  await panel.getByTestId("mode").getByText("Review after").waitFor();
  await say(panel, "Hello.");
  await turnsDone(panel, 1);
  await panel.getByTestId("mode").getByText("Review after").waitFor();
});
