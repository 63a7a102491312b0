import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { demoReply } from "../../src/core/model/demo/demo.ts";
import { customCall, message } from "../../src/core/model/demo/output.ts";
import { atEnd } from "../support/atEnd.ts";
import { type ModelServer, type Script, startModelServer } from "../support/modelServer.ts";
import {
  errorMark,
  goTo,
  openFile,
  openQuickFixes,
  pollFile,
  quickFix,
  screenshot,
  selectLines,
  webviewFrame,
} from "../workbench/page.ts";
import { openWorkbench, type Workbench } from "../workbench/workbench.ts";
import type { WorkspaceContent } from "../workbench/workspace.ts";
import { agentSays, answer, modelOf, question, turnsDone } from "./panel.ts";

/** A window with a model that answers by this script, and a file in front whose error is marked. */
async function stage(t: TestContext, content: WorkspaceContent, { file, script }: { file: string; script: Script }) {
  const model = await startModelServer({ script });
  atEnd(t, () => model.close());
  const workbench = await openWorkbench(t, { workspace: content, ...modelOf(model) });
  await openFile(workbench.page, file);
  await errorMark(workbench.page);
  return { ...workbench, model };
}

/** The last thing that the user said, as the model got it. */
async function said(model: ModelServer, index: number): Promise<string> {
  const { params } = await model.request(index);
  const last = params?.input.findLast((item) => "role" in item && item.role === "user");
  return JSON.stringify(last);
}

function fileOf({ folders: [folder = ""] }: Workbench, name: string): string {
  return path.join(folder, name);
}

test("the sample's type error is explained, then fixed, from the lightbulb", async (t) => {
  const window = await stage(t, { kind: "sample" }, { file: "src/describe.ts", script: demoReply });
  const { page, model } = window;
  const before = await readFile(fileOf(window, "src/describe.ts"), "utf8");
  await goTo(page, 10, 45);
  assert.deepEqual(
    (await openQuickFixes(page)).filter((title) => title.includes("Patchwright")),
    ["Fix with Patchwright", "Explain with Patchwright"],
  );
  await screenshot(page, "lightbulb");
  await page.keyboard.press("Escape");

  await quickFix(page, "Explain with Patchwright");
  const panel = await webviewFrame(page, "thread");
  await turnsDone(panel, 1);
  await agentSays(panel, "How to fix it:");
  await screenshot(page, "explained");
  assert.match(await said(model, 0), /Explain this problem: .* Do not change any file\./);
  assert.equal(await panel.getByTestId("file-change").count(), 0);
  assert.equal(await readFile(fileOf(window, "src/describe.ts"), "utf8"), before);

  const asked = model.requests.length;
  await page.locator('.tab[data-resource-name="describe.ts"]').click();
  await goTo(page, 10, 45);
  await quickFix(page, "Fix with Patchwright");
  await question(panel, "Accept this edit?");
  const words = await said(model, asked);
  assert.match(words, /Fix this problem\./);
  assert.match(
    words,
    /src\/describe\.ts:10:40: error \(ts 2345\): Argument of type 'Moment \| undefined' is not assignable/,
  );
  assert.match(words, /src\/describe\.ts, lines 4 to 11:\\n```typescript\\nimport \{ type Moment/);
  assert.match(await panel.getByTestId("user-message").innerText(), /Fix this problem\./);
  assert.equal(await panel.getByTestId("user-message").getByTestId("chip").count(), 2);
  await screenshot(page, "fix-proposed");
  await answer(panel, "allow");
  await turnsDone(panel, 1);
  await pollFile(fileOf(window, "src/describe.ts"), (text) => text.includes("const next = nextOpening(hours, now);"));
  await page.locator('.tab.active[data-resource-name="describe.ts"]').click();
  await page.locator(".monaco-editor .squiggly-error").first().waitFor({ state: "detached" });
  await screenshot(page, "fixed");
});

test("all problems of a selection go in one message", async (t) => {
  const files = {
    "a.ts": 'export const a: number = "one";\nexport const b: string = 2;\nexport const c = 3;\n',
    "tsconfig.json": "{}",
  };
  const patch = [
    "*** Begin Patch",
    "*** Update File: a.ts",
    "@@",
    '-export const a: number = "one";',
    "-export const b: string = 2;",
    "+export const a: number = 1;",
    '+export const b: string = "two";',
    "*** End Patch",
    "",
  ].join("\n");
  const script = [customCall("apply_patch", patch), message("Both are fixed.")];
  const window = await stage(t, { kind: "files", files }, { file: "a.ts", script });
  const { page, model } = window;
  await page.locator(".monaco-editor .squiggly-error").nth(1).waitFor();
  await selectLines(page, 1, 2);
  await quickFix(page, "Fix 2 problems with Patchwright");
  const panel = await webviewFrame(page, "thread");
  await question(panel, "Accept this edit?");
  const words = await said(model, 0);
  assert.match(
    words,
    /Fix these 2 problems\.\\n\\na\.ts:1:14: error \(ts 2322\)[^\\]*\\na\.ts:2:14: error \(ts 2322\)/,
  );
  assert.equal(await panel.getByTestId("chip").count(), 3);
  await answer(panel, "allow");
  await agentSays(panel, "Both are fixed.");
  assert.equal(
    await readFile(fileOf(window, "a.ts"), "utf8"),
    'export const a: number = 1;\nexport const b: string = "two";\nexport const c = 3;\n',
  );
  await page.locator(".monaco-editor .squiggly-error").first().waitFor({ state: "detached" });
  await screenshot(page, "fixed-two");
});
