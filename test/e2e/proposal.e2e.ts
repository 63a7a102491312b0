import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Locator, Page } from "playwright-core";
import { customCall, message } from "../../src/core/model/demo/output.ts";
import { atEnd } from "../support/atEnd.ts";
import { outputsOf } from "../support/modelInput.ts";
import { type ModelServer, type Script, startModelServer } from "../support/modelServer.ts";
import { goTo, openFile, pollFile, runCommand, screenshot } from "../workbench/page.ts";
import { setTheme } from "../workbench/theme.ts";
import { until } from "../workbench/until.ts";
import { openWorkbench } from "../workbench/workbench.ts";
import { agentSays, answer, modelOf, openPanel, reloadWindow, say } from "./panel.ts";

const greeting = [
  "/** Greets a person by name. */",
  "export function greet(name: string): string {",
  '  return "Hello " + name;',
  "}",
  "",
  "/** Takes leave of a person. */",
  "export function leave(name: string): string {",
  '  return "Bye " + name;',
  "}",
  "",
].join("\n");

const patch = [
  "*** Begin Patch",
  "*** Update File: greeting.ts",
  "@@",
  " export function greet(name: string): string {",
  '-  return "Hello " + name;',
  "+  const whom = name.trim();",
  '+  if (whom === "") throw new Error("There is nobody to greet.");',
  '+  return "Hello, " + whom + "!";',
  " }",
  "@@",
  " export function leave(name: string): string {",
  '-  return "Bye " + name;',
  '+  return "Goodbye, " + name.trim() + ".";',
  " }",
];
const single = [...patch, "*** End Patch", ""].join("\n");
const several = [...patch, "*** Update File: notes.txt", "@@", "-two", "+TWO", "*** End Patch", ""].join("\n");

async function openStage(t: TestContext, script: Script, pace?: () => Promise<unknown>) {
  const model = await startModelServer({
    script,
    async pace({ type }) {
      if (type.endsWith("_input.delta")) await pace?.();
    },
  });
  atEnd(t, () => model.close());
  const workbench = await openWorkbench(t, {
    workspace: { kind: "files", files: { "greeting.ts": greeting, "notes.txt": "one\r\ntwo\r\nthree\r\n" } },
    ...modelOf(model),
  });
  const file = (name: string) => path.join(workbench.folders[0] ?? "", name);
  return { page: workbench.page, model, file };
}

const diff = (page: Page) => page.locator(".editor-group-container.active .monaco-diff-editor");
const proposed = (page: Page) => diff(page).locator(".editor.modified");
const proposedLine = (page: Page, text: string | RegExp) => proposed(page).locator(".view-line", { hasText: text });
const tab = (page: Page, title: string): Locator => page.locator(".tab", { hasText: title });
const button = (page: Page, name: string) =>
  page.locator(".editor-group-container.active .editor-actions").locator(`[aria-label^="${name}"]`).first();

/** Puts the cursor at the end of a line of the proposal. */
async function clickEnd(page: Page, text: string): Promise<void> {
  await proposedLine(page, text).first().click();
  await page.keyboard.press("End");
}

/** Puts the cursor behind the last change, once the proposal is whole and, a moment later, can be written in: one "!" or more are there then. */
async function beginWriting(page: Page): Promise<void> {
  await button(page, "Accept").waitFor();
  await clickEnd(page, "Goodbye");
  await until("it can be written in", async () => {
    await page.keyboard.type("!");
    return (await proposedLine(page, '";!').count()) > 0;
  });
}

function lastOutput(model: ModelServer): Promise<string> {
  return until("the model has its output", () => {
    const request = model.requests.at(-1);
    return request && outputsOf(request).at(-1);
  });
}

test("what the user writes into a proposal is what is made, and the model is told", async (t) => {
  const { page, model, file } = await openStage(t, [[customCall("apply_patch", single)], message("Thank you.")]);
  const panel = await openPanel(page);
  await say(panel, "Make it polite.");
  await tab(page, "greeting.ts (proposed by Patchwright)").waitFor();
  await proposedLine(page, "Hello, ").waitFor();
  await button(page, "Accept").waitFor();
  for (const theme of ["dark", "light", "highContrast"] as const) {
    await setTheme(page, theme);
    await screenshot(page, `proposal-${theme}`);
  }
  await clickEnd(page, "Goodbye");
  await page.keyboard.type(" // mine");
  await proposedLine(page, "// mine").waitFor();
  assert.equal(await readFile(file("greeting.ts"), "utf8"), greeting);
  await page.keyboard.press("Alt+Y");
  // The editor writes in place: a file that is read meanwhile may be cut off.
  const made = await pollFile(file("greeting.ts"), (text) => text !== greeting && text.endsWith("}\n"));
  assert.match(made, /throw new Error/);
  assert.match(made, /Goodbye, " \+ name\.trim\(\) \+ "\."; \/\/ mine\n\}\n$/);
  await agentSays(panel, "Thank you.");
  assert.match(await lastOutput(model), /The user rewrote your change to greeting\.ts[\s\S]*\+ {2}return .*\/\/ mine/);
  await tab(page, "proposed by Patchwright").waitFor({ state: "detached" });
});

test("a part of a proposal with several files, through closing and reopening", async (t) => {
  const { page, model, file } = await openStage(t, [[customCall("apply_patch", several)], message("Only that, then.")]);
  const panel = await openPanel(page);
  await say(panel, "Make it polite.");
  await tab(page, "greeting.ts (proposed by Patchwright, file 1 of 2)").waitFor();
  await proposedLine(page, "Hello, ").waitFor();
  await button(page, "Accept the Changes of All Files").waitFor();

  // The first hunk is taken back by the editor's own arrow.
  await proposedLine(page, "Hello, ").hover();
  await diff(page).locator(".gutter [aria-label^='Revert']").first().click();
  await proposedLine(page, '"Hello " + name').waitFor();

  await button(page, "Next File").click();
  await tab(page, "notes.txt (proposed by Patchwright, file 2 of 2)").waitFor();
  await clickEnd(page, "TWO");
  await page.keyboard.type("!");
  await proposedLine(page, "TWO!").waitFor();
  await screenshot(page, "proposal-files");
  await until("what is written is kept", async () => (await page.locator(".tab.active.dirty").count()) === 0);
  await runCommand(page, "View: Close Editor");
  await tab(page, "notes.txt").waitFor({ state: "detached" });
  await panel.getByTestId("open-diff").nth(1).click();
  await proposedLine(page, "TWO!").waitFor();

  // Accepted in the panel, which knows nothing of what was written.
  await answer(panel, "allow");
  await agentSays(panel, "Only that, then.");
  assert.equal(await readFile(file("notes.txt"), "utf8"), "one\r\nTWO!\r\nthree\r\n");
  const made = await readFile(file("greeting.ts"), "utf8");
  assert.match(made, /return "Hello " \+ name;\n[\s\S]*Goodbye/);
  assert.match(await lastOutput(model), /your change to greeting\.ts[\s\S]*your change to notes\.txt[\s\S]*\+TWO!/);
  await tab(page, "proposed by Patchwright").first().waitFor({ state: "detached" });
});

test("a proposal grows while the model writes it, and can be changed once it is whole", async (t) => {
  const rest = Promise.withResolvers<void>();
  let written = 0;
  const { page, file } = await openStage(t, [[customCall("apply_patch", single)], message("Thank you.")], () =>
    ++written === 24 ? rest.promise : delay(30),
  );
  const panel = await openPanel(page);
  await say(panel, "Make it polite.");
  await tab(page, "greeting.ts (proposed by Patchwright)").waitFor();
  await proposedLine(page, "whom === ").waitFor();
  assert.equal(await button(page, "Accept").count(), 0);
  assert.equal(await proposedLine(page, "Goodbye").count(), 0);
  await clickEnd(page, "whom === ");
  await page.keyboard.type("x");
  await screenshot(page, "proposal-arriving");
  rest.resolve();
  await proposedLine(page, "Goodbye").waitFor();
  await beginWriting(page);
  assert.equal(await proposedLine(page, 'greet.");x').count(), 0);
  await button(page, "Accept").click();
  await agentSays(panel, "Thank you.");
  assert.match(await readFile(file("greeting.ts"), "utf8"), /throw new Error[\s\S]*Goodbye.*";!+\n\}\n$/);
});

test("rejected with words, and the user's own editor keeps the focus meanwhile", async (t) => {
  let gate = Promise.withResolvers<void>();
  const { page, model, file } = await openStage(
    t,
    [
      [customCall("apply_patch", single)],
      message("As you say."),
      [customCall("apply_patch", single)],
      message("Over."),
    ],
    () => gate.promise,
  );
  let panel = await openPanel(page);
  await openFile(page, "notes.txt");
  await say(panel, "Make it polite.");
  await page.locator(".editor-instance .view-line", { hasText: "three" }).click();
  await goTo(page, 3, 6);
  await page.keyboard.type(" typed");
  gate.resolve();
  await tab(page, "greeting.ts (proposed by Patchwright)").waitFor();
  await page.keyboard.type(" on");
  await page.locator(".tab.active", { hasText: "notes.txt" }).waitFor();
  await page.locator(".view-line", { hasText: "three typed on" }).waitFor();

  await tab(page, "greeting.ts (proposed by Patchwright)").click();
  await button(page, "Reject with Feedback").click();
  const box = page.locator(".quick-input-widget:visible .quick-input-box input");
  await box.fill("Leave greet alone.");
  await screenshot(page, "proposal-feedback");
  await box.press("Enter");
  await agentSays(panel, "As you say.");
  assert.match(await lastOutput(model), /declined this and said: Leave greet alone\./);
  assert.equal(await readFile(file("greeting.ts"), "utf8"), greeting);
  await tab(page, "proposed by Patchwright").waitFor({ state: "detached" });

  gate = Promise.withResolvers<void>();
  gate.resolve();
  await say(panel, "Once more.");
  await tab(page, "greeting.ts (proposed by Patchwright)").click();
  await beginWriting(page);
  await page.keyboard.type(" // mine");
  await proposedLine(page, "// mine").waitFor();
  panel = await reloadWindow(page);
  await panel.getByText("Stopped after").last().waitFor();
  assert.equal(await page.locator(".monaco-dialog-box").count(), 0);
  assert.equal(await readFile(file("greeting.ts"), "utf8"), greeting);
  await tab(page, "greeting.ts (your version, not applied)").click();
  await proposedLine(page, "// mine").waitFor();
  await screenshot(page, "proposal-reloaded");

  await clickEnd(page, "// mine");
  await page.keyboard.type(" again");
  await proposedLine(page, "// mine again").waitFor();
  await reloadWindow(page);
  await tab(page, "greeting.ts (your version, not applied)").click();
  await proposedLine(page, "// mine again").waitFor();
});
