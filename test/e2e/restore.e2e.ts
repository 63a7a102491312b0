import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Frame } from "playwright-core";
import { call, customCall, message, type Output } from "../../src/core/model/demo/output.ts";
import { goTo, openFile, screenshot } from "../workbench/page.ts";
import { until } from "../workbench/until.ts";
import { files, isGone, openStage, pictures, retry, rowSays } from "./changing.ts";
import { answer, openPanel, outside, reloadWindow, say, turnsDone } from "./panel.ts";
import { hasBytes } from "./reviewing.ts";

const patchOf = (...lines: string[]) => ["*** Begin Patch", ...lines, "*** End Patch", ""].join("\n");
const first = patchOf(
  "*** Update File: src/retry.ts",
  "@@",
  "-export const attempts = 3;",
  "+export const attempts = 5;",
  "*** Add File: src/added.ts",
  "+export const added = true;",
  "*** Delete File: src/gone.ts",
);
const third = patchOf("*** Update File: src/retry.ts", "@@", "-  return status >= 500;", "+  return status > 428;");
const cmd = 'sed -i "s/\\"hello\\"/\\"good day\\"/" src/words.ts && mv src/old.ts src/moved.ts';
const answers: readonly (readonly [string, Output])[] = [
  ["First", customCall("apply_patch", first)],
  ["Second", call("exec_command", outside(cmd))],
  ["Third", customCall("apply_patch", third)],
];

const mine = retry.replace("100 *", "250 *");
const made = mine.replace("attempts = 3", "attempts = 5").replace("status >= 500", "status > 428");

/** Three turns, between which the user edits one of the files; `undefined` is a file that is not there. */
const afterTurns = {
  "src/retry.ts": made,
  "src/added.ts": "export const added = true;\n",
  "src/gone.ts": undefined,
  "src/words.ts": 'export const hello = "good day";\n',
  "src/old.ts": undefined,
  "src/moved.ts": files["src/old.ts"],
};

async function threeTurns(t: TestContext) {
  const stage = await openStage(
    t,
    ({ input }) => {
      const last = JSON.stringify(input.at(-1));
      const found = last.includes("call_output") ? undefined : answers.find(([words]) => last.includes(words));
      return found ? [found[1]] : message("Done.");
    },
    { settings: { "patchwright.review.edits": "after" } },
  );
  const { page, file } = stage;
  const panel = await openPanel(page);
  await say(panel, "First, raise it.");
  await turnsDone(panel, 1);
  await say(panel, "Second, greet better.");
  await answer(panel, "allow");
  await turnsDone(panel, 2);
  await openFile(page, "src/retry.ts");
  await goTo(page, 5, 10);
  await page.keyboard.press("Delete");
  await page.keyboard.press("Delete");
  await page.keyboard.type("25");
  await page.keyboard.press("ControlOrMeta+S");
  await hasBytes(file("src/retry.ts"), mine.replace("attempts = 3", "attempts = 5"));
  await say(panel, "Third, be stricter.");
  await turnsDone(panel, 3);
  await onDisk(file, afterTurns);
  return { ...stage, panel };
}

async function onDisk(file: (name: string) => string, expected: Readonly<Record<string, string | undefined>>) {
  for (const [name, text] of Object.entries(expected))
    if (text === undefined) await isGone(file(name));
    else await hasBytes(file(name), text);
}

/** Opens the popover of a message, counting from 1, which says what would happen. */
async function openRestore(panel: Frame, nth: number): Promise<readonly string[]> {
  const said = panel.getByTestId("user-message").nth(nth - 1);
  await said.scrollIntoViewIfNeeded();
  await said.hover();
  await said.getByTestId("message-menu").click();
  await panel.getByTestId("menu-restore").click();
  await panel.getByTestId("restore-disk").waitFor();
  const texts = await panel.getByTestId("restore-file").allInnerTexts();
  return texts.map((text) => text.replace(/\s+/g, " ").trim()).sort();
}

const messages = (panel: Frame) => panel.getByTestId("user-message").allInnerTexts();
const composed = (panel: Frame) => panel.getByTestId("composer").inputValue();

/** Waits until the thread has so many messages, and the composer holds this. */
async function shows(panel: Frame, count: number, text: string): Promise<void> {
  await until(`${count} messages, and "${text}" in the composer`, async () => {
    return (await messages(panel)).length === count && (await composed(panel)) === text;
  });
}

const before = { ...files, "src/retry.ts": mine, "src/added.ts": undefined, "src/moved.ts": undefined };

test("files and thread go back to before the first message, and forth again, also after a reload", async (t) => {
  const { page, panel: opened, file } = await threeTurns(t);
  let panel = opened;
  assert.deepEqual(await openRestore(panel, 1), [
    "added.ts src D is deleted",
    "gone.ts src A comes back",
    "moved.ts src D is deleted",
    "old.ts src A comes back",
    "retry.ts src M is changed back your own changes stay",
    "words.ts src M is changed back",
  ]);
  await panel.getByTestId("confirm-restore").click();
  await panel.getByTestId("banner-restored").getByText("Restored 6 files and the thread").waitFor();
  await onDisk(file, before);
  await shows(panel, 0, "First, raise it.");
  await panel.getByTestId("changes").waitFor({ state: "detached" });
  await panel.getByTestId("banner-restored-link").click();
  await panel.getByTestId("banner-restored").waitFor({ state: "detached" });
  await onDisk(file, afterTurns);
  await shows(panel, 3, "");
  await panel.getByTestId("restore-mark").waitFor({ state: "detached" });
  await rowSays(panel, "6 files", "6 added, 6 removed");

  await openRestore(panel, 2);
  await panel.getByTestId("confirm-restore").click();
  await panel.getByTestId("banner-restored").getByText("Restored 4 files and the thread").waitFor();
  await panel.getByTestId("dismiss").click();
  await panel.getByTestId("restore-mark").waitFor();
  panel = await reloadWindow(page);
  await panel.getByTestId("restore-mark").waitFor();
  await screenshot(page, "restore-mark");
  await shows(panel, 1, "Second, greet better.");
  assert.deepEqual(await messages(panel), ["First, raise it."]);
  await panel.getByTestId("undo-restore").click();
  await turnsDone(panel, 3);
  await onDisk(file, afterTurns);
  await panel.getByTestId("restore-mark").waitFor({ state: "detached" });
  // What the model had seen is there again, to the byte: its server would refuse anything else.
  await say(panel, "Fourth, thank you.");
  await turnsDone(panel, 4);
});

test("files only: a place that the user changed too is named and left alone, unless it may be overwritten", async (t) => {
  const { page, panel, file } = await threeTurns(t);
  await openFile(page, "src/words.ts");
  await goTo(page, 1, 31);
  await page.keyboard.type("!");
  await page.keyboard.press("ControlOrMeta+S");
  const edited = 'export const hello = "good day!";\n';
  await hasBytes(file("src/words.ts"), edited);
  assert.deepEqual(await openRestore(panel, 2), [
    "moved.ts src D is deleted",
    "old.ts src A comes back",
    "retry.ts src M is changed back",
    "words.ts src The same lines were changed since, so this file stays as it is. Overwrite my changes",
  ]);
  await panel.getByTestId("cancel-restore").click();
  await pictures(page, "restore", async () => {
    await openRestore(panel, 2);
  });
  await openRestore(panel, 2);
  await panel.getByTestId("restore-files").click();
  await panel.getByTestId("confirm-restore").click();
  await panel.getByTestId("banner-restored").getByText("Restored 3 files").waitFor();
  await pictures(page, "restored");
  const secondBack = {
    ...afterTurns,
    "src/retry.ts": mine.replace("attempts = 3", "attempts = 5"),
    "src/moved.ts": undefined,
    "src/old.ts": files["src/old.ts"],
  };
  await onDisk(file, { ...secondBack, "src/words.ts": edited });
  await shows(panel, 3, "");

  assert.deepEqual((await openRestore(panel, 2)).length, 1);
  await panel.getByTestId("restore-files").click();
  await panel.getByTestId("restore-overwrite").click();
  await panel.getByTestId("confirm-restore").click();
  await panel.getByTestId("banner-restored").getByText("Restored 1 file ").waitFor();
  await onDisk(file, { ...secondBack, "src/words.ts": files["src/words.ts"] });
  await panel.getByTestId("banner-restored-link").click();
  await onDisk(file, { ...secondBack, "src/words.ts": edited });
});

test("thread only: the files stay, and the message is said anew", async (t) => {
  const { panel, model, file } = await threeTurns(t);
  await openRestore(panel, 3);
  await panel.getByTestId("restore-thread").click();
  await panel.getByTestId("confirm-restore").click();
  await panel.getByTestId("banner-restored").getByText("Took the thread back").waitFor();
  await onDisk(file, afterTurns);
  await shows(panel, 2, "Third, be stricter.");
  model.expectCut();
  await panel.getByTestId("composer").fill("Thank you.");
  await panel.getByTestId("composer").press("Enter");
  await turnsDone(panel, 3);
  await panel.getByTestId("restore-mark").waitFor({ state: "detached" });
});
