import assert from "node:assert/strict";
import path from "node:path";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { customCall, message } from "../../src/core/model/demo/output.ts";
import { type ModelServer, type Script, startModelServer } from "../support/modelServer.ts";
import {
  errorMark,
  goTo,
  openFile,
  openQuickFixes,
  pollFile,
  quickFix,
  screenshot,
  webviewFrame,
} from "../workbench/page.ts";
import { openWorkbench, type Workbench } from "../workbench/workbench.ts";

const patch = (from: string, to: string) =>
  ["*** Begin Patch", "*** Update File: a.ts", "@@", `-${from}`, `+${to}`, "*** End Patch", ""].join("\n");

interface Stage extends Workbench {
  readonly model: ModelServer;
}

/** A window on one file with a type error on its second line, and a model that answers by script. */
async function stage(t: TestContext, script: Script): Promise<Stage> {
  const model = await startModelServer({ script });
  t.after(() => model.close());
  const workbench = await openWorkbench(t, {
    workspace: {
      kind: "files",
      files: { "a.ts": '// é\nexport const a: number = "one";\nexport const b: string = 2;\n', "tsconfig.json": "{}" },
    },
    settings: { "patchwright.baseUrl": model.baseUrl, "patchwright.model": "test-model" },
    env: { OPENAI_API_KEY: model.apiKey },
  });
  await openFile(workbench.page, "a.ts");
  await errorMark(workbench.page);
  return { ...workbench, model };
}

const file = ({ folders: [folder = ""] }: Workbench) => path.join(folder, "a.ts");

const editorButton = (page: Page, name: string) =>
  page.locator(".editor-actions").getByRole("button", { name, exact: false }).first();

test("a problem is fixed from the lightbulb, and the change accepted in the editor's title", async (t) => {
  const fixed = "export const a: number = 1;";
  const window = await stage(t, [
    customCall("apply_patch", patch('export const a: number = "one";', fixed)),
    message("Done."),
  ]);
  const { page, model } = window;
  await goTo(page, 2, 15);
  const titles = await openQuickFixes(page);
  assert.deepEqual(
    titles.filter((title) => title.includes("Patchwright")),
    ["Fix with Patchwright", "Explain with Patchwright"],
  );
  await page.keyboard.press("Escape");
  await quickFix(page, "Fix with Patchwright");
  const panel = await webviewFrame(page, "thread");
  await panel.getByText("a.ts:1–3", { exact: false }).first().waitFor();
  await page.locator(".tab.active", { hasText: "a.ts (proposed by Patchwright)" }).waitFor();
  await screenshot(page, "window-proposal");
  await editorButton(page, "Accept Proposed Change").click();
  await pollFile(file(window), (text) => text.includes(fixed));
  await page.locator(".tab", { hasText: "proposed by Patchwright" }).waitFor({ state: "detached" });
  await panel.getByText("Done.").waitFor();
  await screenshot(page, "window-fixed");
  const { body } = await model.request(0);
  assert.match(body, /a\.ts:2:14: error \(ts 2322\)/);
});
