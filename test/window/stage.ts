import path from "node:path";
import type { TestContext } from "node:test";
import type { Frame, Page } from "playwright-core";
import { atEnd } from "../support/atEnd.ts";
import { type ModelServer, type Script, startModelServer } from "../support/modelServer.ts";
import { showView, webviewFrame } from "../workbench/page.ts";
import { until } from "../workbench/until.ts";
import { openWorkbench, type Workbench, type WorkbenchOptions } from "../workbench/workbench.ts";

/** A window on a small workspace, with a model that answers by script. */
export interface Stage extends Workbench {
  readonly model: ModelServer;
  /** Of a file of the workspace. */
  path(name: string): string;
}

export async function openStage(
  t: TestContext,
  script: Script,
  options: Partial<WorkbenchOptions> = {},
): Promise<Stage> {
  const model = await startModelServer({ script });
  atEnd(t, () => model.close());
  const workbench = await openWorkbench(t, {
    workspace: { kind: "files", files: { "a.ts": typeErrors, "b.txt": numbers, "tsconfig.json": "{}" } },
    env: { OPENAI_API_KEY: model.apiKey },
    ...options,
    settings: { "patchwright.baseUrl": model.baseUrl, "patchwright.model": "test-model", ...options.settings },
  });
  return { ...workbench, model, path: (name) => path.join(workbench.folders[0] ?? "", name) };
}

export const numbers = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";

/** Two errors, on lines 2 and 3. */
export const typeErrors = '// é\nexport const a: number = "one";\nexport const b: string = 2;\n';

/** An `apply_patch` that replaces one line of a file. */
export function replaceLine(file: string, from: string, to: string): string {
  return ["*** Begin Patch", `*** Update File: ${file}`, "@@", `-${from}`, `+${to}`, "*** End Patch", ""].join("\n");
}

/** Opens the panel from the activity bar. */
export async function openPanel(page: Page): Promise<Frame> {
  await showView(page, "Patchwright");
  return webviewFrame(page, "composer");
}

export async function say(panel: Frame, text: string): Promise<void> {
  await panel.getByTestId("composer").fill(text);
  await panel.getByTestId("composer").press("Enter");
}

/** A button in the title of the editor in front, by the beginning of its name. */
export function titleButton(page: Page, name: string) {
  return page.locator(`.editor-group-container.active .editor-actions [aria-label^="${name}"]`).first();
}

/** The status bar's item while it says this. */
export function statusBarItem(page: Page, text: string) {
  return page.locator(".statusbar-item[id^=patchwright]", { hasText: text });
}

/** An answer of the agent in the thread. */
export function answer(panel: Frame, text: string) {
  return panel.getByTestId("agent-message").filter({ hasText: text });
}

/** Allows what is asked. The first moment of a question takes no input, so the button is pressed until the question is gone. */
export async function allow(panel: Frame): Promise<void> {
  const itemId = await panel.locator("pw-approval").getAttribute("data-row-id");
  const button = panel.locator(`pw-approval[data-row-id="${itemId}"]`).getByTestId("allow");
  await until("the question is answered", async () => {
    const asked = (await button.count()) > 0;
    if (asked) await button.click({ timeout: 1000 });
    return !asked;
  });
}
