import assert from "node:assert/strict";
import { access } from "node:fs/promises";
import path from "node:path";
import type { TestContext } from "node:test";
import type { Frame, Locator, Page } from "playwright-core";
import { atEnd } from "../support/atEnd.ts";
import { type Script, startModelServer } from "../support/modelServer.ts";
import { screenshot, setPanelWidth } from "../workbench/page.ts";
import { setTheme } from "../workbench/theme.ts";
import { until } from "../workbench/until.ts";
import { openWorkbench } from "../workbench/workbench.ts";
import type { Files } from "../workbench/workspace.ts";
import { modelOf } from "./panel.ts";

export const retry = [
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
export const files = {
  "src/retry.ts": retry,
  "src/gone.ts": "export const gone = 1;\n",
  "src/words.ts": 'export const hello = "hello";\n',
  "src/old.ts": "export const old = true;\nexport const kept = 1;\n",
};
export const patch = [
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
export interface StageOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly files?: Files;
  /** Awaited before each piece of a message of the model. */
  pace?(): Promise<unknown>;
}

/** A window with these files, whose model is scripted. */
export async function openStage(t: TestContext, script: Script, options: StageOptions = {}) {
  const model = await startModelServer({
    script,
    async pace({ type }) {
      if (type === "response.output_text.delta") await options.pace?.();
    },
  });
  atEnd(t, () => model.close());
  const workbench = await openWorkbench(t, {
    workspace: { kind: "files", files: options.files ?? files },
    ...modelOf(model, { "editor.minimap.enabled": false, ...options.settings }),
  });
  const file = (name: string) => path.join(workbench.folders[0] ?? "", name);
  return { page: workbench.page, model, file };
}

export async function pickMode(panel: Frame, testId: string): Promise<void> {
  await panel.getByTestId("mode").click();
  await panel.getByTestId(testId).click();
}

export async function rowSays(panel: Frame, words: string, counts: string): Promise<void> {
  const toggle = panel.getByTestId("changes-toggle");
  const said = async () => [
    (await toggle.locator(".changes-words").innerText()).replace(/\s+/g, " "),
    await toggle.locator(".counts .visually-hidden").innerText(),
  ];
  await until(`the row says ${words}, ${counts}`, async () => {
    const [shown, lines] = await said();
    return (shown === words && lines === counts) || undefined;
  }).catch(async () => assert.deepEqual(await said(), [words, counts]));
}

/** Pictures of what is shown, in every kind of theme and in a narrow and a wide panel. `show` brings back what a change of theme closes. */
export async function pictures(page: Page, name: string, show: () => Promise<void> = async () => {}): Promise<void> {
  for (const theme of ["light", "highContrast", "dark"] as const) {
    await setTheme(page, theme);
    for (const width of [320, 600]) {
      await setPanelWidth(page, width);
      await show();
      await screenshot(page, `${name}-${width}-${theme}`);
      await page.keyboard.press("Escape");
    }
  }
}

export const fileRow = (panel: Frame, name: string): Locator =>
  panel.getByTestId("changed-file").filter({ hasText: name });

export async function isGone(file: string): Promise<void> {
  await until(`${file} is gone`, () =>
    access(file).then(
      () => false,
      () => true,
    ),
  );
}
