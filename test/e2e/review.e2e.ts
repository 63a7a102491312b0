import { readFile } from "node:fs/promises";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { goTo, menuMs, openFile, runCommand, screenshot } from "../workbench/page.ts";
import { setTheme } from "../workbench/theme.ts";
import { until } from "../workbench/until.ts";
import { cursorPlace } from "./panel.ts";
import {
  after,
  bar,
  clickInHover,
  clickLens,
  files,
  hasBytes,
  hoverBadge,
  lensCount,
  reviewing,
  titleAction,
} from "./reviewing.ts";

const before = String(files["src/retry.ts"]);
const timerLine = "  let timer: ReturnType<typeof setTimeout> | undefined;\n";

async function cursorAt(page: Page, place: string): Promise<void> {
  await until(`the cursor is at ${place}`, async () => (await cursorPlace(page)) === place || undefined);
}

test("hunks are kept and undone above them, by their hovers, and taken back with Ctrl+Z", async (t) => {
  const { page, path } = await reviewing(t);
  const file = path("src/retry.ts");
  await hasBytes(file, after);
  await bar(page, "4 files to review").waitFor();
  await openFile(page, "src/retry.ts");
  await lensCount(page, 4);
  await goTo(page, 18, 1);
  await page.locator(".codelens-decoration .codicon-circle-filled").waitFor();
  await bar(page, "2/4 in retry.ts · 4 files").waitFor();
  await screenshot(page, "review-dark");

  const hover = await hoverBadge(page, "throw error");
  await hover.getByText("await new Promise").waitFor();
  await screenshot(page, "review-hover");
  await clickInHover(page, ["throw error", "Copy"], async () => {
    const text = await page.evaluate(() => navigator.clipboard.readText());
    return text.startsWith("      await new Promise") && text.endsWith("});\n");
  });
  await clickInHover(page, ["throw error", "Put these lines back"], () => lensCount(page, 3, menuMs));
  const putBack = after.replace(
    /clearTimeout\(timer\);\n {6}timer[^;]*;\n.*;\n/,
    "await new Promise<void>((resolve) => {\n        setTimeout(resolve, delay);\n      });\n",
  );
  await hasBytes(file, putBack);

  await page.locator(".editor-instance .view-line", { hasText: "export interface" }).click();
  await goTo(page, 1, 1);
  await clickLens(page, ["1 of 3", "Keep"], 2);
  await hasBytes(file, putBack);
  await cursorAt(page, "Ln 1, Col 1");

  await clickLens(page, ["2 of 2", "Undo"], 1);
  const both = before
    .replace("  for (let n", `${timerLine}  for (let n`)
    .replace("} finally {\n", "} finally {\n      clearTimeout(timer);\n");
  await hasBytes(file, both);
  await page.locator(".monaco-editor.focused").waitFor();
  await page.keyboard.press("ControlOrMeta+Z");
  await lensCount(page, 2);
  await page.keyboard.press("ControlOrMeta+S");
  await hasBytes(file, putBack);
});

test("keys lead from hunk to hunk and file to file, keep and undo", async (t) => {
  const { page, path } = await reviewing(t);
  const file = path("src/retry.ts");
  await openFile(page, "src/retry.ts");
  await lensCount(page, 4);
  await goTo(page, 1, 1);
  for (const place of ["Ln 12, Col 1", "Ln 18, Col 1", "Ln 22, Col 1", "Ln 27, Col 1"]) {
    await page.keyboard.press("Alt+J");
    await cursorAt(page, place);
  }
  await page.keyboard.press("Alt+K");
  await cursorAt(page, "Ln 22, Col 1");

  await page.keyboard.press("Alt+Y");
  await lensCount(page, 3);
  await cursorAt(page, "Ln 27, Col 1");
  await hasBytes(file, after);
  await page.keyboard.press("Alt+N");
  await lensCount(page, 2);
  await hasBytes(
    file,
    after.replace("export function isR", "export function old() {\n  return 1;\n}\n\nexport function isR"),
  );
  await cursorAt(page, "Ln 18, Col 1");
  await page.keyboard.press("ControlOrMeta+Z");
  await lensCount(page, 3);

  await page.keyboard.press("Alt+Shift+J");
  await page.locator('.tab.active[data-resource-name="words.ts"]').waitFor();
  await bar(page, "1/1 in words.ts").waitFor();
  await page.keyboard.press("Alt+Shift+J");
  await page.locator('.tab.active[data-resource-name="added.ts"]').waitFor();
  await bar(page, "1/1 in added.ts").waitFor();
  await page.locator(".monaco-editor.focused").waitFor();
  await page.keyboard.press("Alt+J");
  await page.locator('.tab.active[data-resource-name="± gone.ts"]').waitFor();
  await bar(page, "1/1 in gone.ts").waitFor();
  await page.keyboard.press("Alt+N");
  await hasBytes(path("src/gone.ts"), String(files["src/gone.ts"]));
  await page.keyboard.press("Alt+Shift+K");
  await page
    .locator('.tab.active[data-resource-name="added.ts"], .tab.active[data-resource-name="± added.ts"]')
    .waitFor();
});

test("the title's buttons and the list in the status bar decide about files", async (t) => {
  const { page, path } = await reviewing(t);
  await openFile(page, "src/retry.ts");
  await lensCount(page, 4);
  await bar(page, "4 in retry.ts · 4 files").waitFor();
  await bar(page, "retry.ts").click();
  const rows = page.locator(".quick-input-widget .monaco-list-row");
  await rows.first().waitFor();
  await screenshot(page, "review-list");
  const decide = async (name: string, action: string) => {
    const row = rows.filter({ hasText: name });
    const isGone = async () => (await rows.count()) > 0 && (await row.count()) === 0;
    await until(`${name} is listed no more`, async () => {
      if (await isGone()) return true;
      await row.hover({ timeout: menuMs });
      await row.locator(`[aria-label='${action} All Changes in File']`).click({ timeout: menuMs });
      return until("the list is another one", isGone, menuMs);
    });
  };
  await decide("words.ts", "Undo");
  await hasBytes(path("src/words.ts"), String(files["src/words.ts"]));
  await decide("added.ts", "Keep");
  await page.keyboard.press("Escape");
  await bar(page, "4 in retry.ts · 2 files").waitFor();

  await titleAction(page, "Undo All Changes in File").click();
  await hasBytes(path("src/retry.ts"), before);
  await bar(page, "1 file to review").waitFor();
  await page.locator(".editor-instance .view-lines").first().click();
  await page.keyboard.press("ControlOrMeta+Z");
  await lensCount(page, 4);
  await titleAction(page, "Keep All Changes in File").click();
  await lensCount(page, 0);
  await page.keyboard.press("ControlOrMeta+S");
  await hasBytes(path("src/retry.ts"), after);
  await page.keyboard.press("ControlOrMeta+Z");
  await page.keyboard.press("ControlOrMeta+Z");
  await page.keyboard.press("ControlOrMeta+S");
  await until(
    "the agent's edit is taken back as text",
    async () => (await readFile(path("src/retry.ts"), "utf8")) !== after,
  );

  await runCommand(page, "Patchwright: Undo All Changes in All Files");
  await page.locator(".monaco-dialog-box").getByText("Undo Everything").click();
  await hasBytes(path("src/gone.ts"), String(files["src/gone.ts"]));
  await until("nothing is to be reviewed", async () => (await bar(page, "").count()) === 0 || undefined);
});

test("the overlay in every kind of theme, and without it", async (t) => {
  const { page } = await reviewing(t);
  await openFile(page, "src/retry.ts");
  await lensCount(page, 4);
  await goTo(page, 18, 1);
  for (const theme of ["light", "highContrast", "highContrastLight"] as const) {
    await setTheme(page, theme);
    await lensCount(page, 4);
    await screenshot(page, `review-${theme}`);
  }
  const marked = page.locator(".editor-instance [class*=TextEditorDecorationType]");
  await until("the changes are drawn", async () => (await marked.count()) > 0);
  await runCommand(page, "Patchwright: Show or Hide Changes in the Editor");
  await lensCount(page, 0);
  await until("nothing is drawn", async () => (await marked.count()) === 0 || undefined);
});
