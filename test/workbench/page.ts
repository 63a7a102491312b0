import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Frame, Locator, Page } from "playwright-core";
import { until } from "./until.ts";
import { resultsFolder } from "./workbench.ts";

/** The document that holds a webview's content, two frames below the window's. */
const webviewDocument = "/contrib/webview/browser/pre/fake.html";

/** A menu or a view that has not come by then was closed again. */
export const menuMs = 5_000;

/** What is looked for in files and commands takes longer. */
const searchMs = 20_000;

const quickInput = ".quick-input-widget:visible";
const quickInputBox = `${quickInput} .quick-input-box input`;

/** Opens a file by its path in the workspace, with "/" between parts. Resolves when its editor has the focus. */
export async function openFile(page: Page, file: string): Promise<void> {
  const label = path.posix.basename(file);
  const tab = page.locator(`.tab.active[data-resource-name="${label}"]`);
  await until(`${file} is open`, async () => {
    await take(page, { key: "ControlOrMeta+P", typed: file, label });
    // A row that moved just when it was clicked has opened another file.
    await tab.waitFor({ timeout: menuMs });
    return true;
  });
  await page.locator(".monaco-editor.focused").waitFor();
}

/** Runs a command by its title in the command palette, such as "Patchwright: New Thread". */
export async function runCommand(page: Page, title: string): Promise<void> {
  await take(page, { key: "F1", typed: `>${title}`, label: title });
}

/** Runs a command that offers a list, and takes the entry of this name. */
export async function chooseFrom(page: Page, title: string, entry: string): Promise<void> {
  await runCommand(page, title);
  await page.locator(quickInputBox).fill(entry);
  await pick(page, entry, entry);
}

/** Puts the cursor of the focused editor at a place; both count from 1. */
export async function goTo(page: Page, line: number, column: number): Promise<void> {
  await page.locator(".monaco-editor.focused").waitFor();
  await typeAfter(page, "Control+G", `:${line}:${column}`);
  await page.locator(quickInputBox).press("Enter");
  await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  await page.locator(".monaco-editor.focused").waitFor();
}

/** Selects whole lines of the focused editor, from the first to the last, counting from 1. */
export async function selectLines(page: Page, first: number, last: number): Promise<void> {
  await goTo(page, first, 1);
  for (let line = first; line < last; line++) await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+End");
}

/** Waits until the visible editor underlines an error, the first one that is drawn, and the extension has begun, which could mend it. */
export async function errorMark(page: Page): Promise<Locator> {
  const mark = page.locator(".monaco-editor .squiggly-error").first();
  await mark.waitFor();
  await page.locator(".statusbar-item[id^=patchwright]").first().waitFor();
  return mark;
}

/** Opens the quick fixes at the cursor with Ctrl+. and takes the one with this title. */
export async function quickFix(page: Page, title: string): Promise<void> {
  await until(`the quick fix "${title}" is chosen`, async () => {
    await openQuickFixes(page);
    const row = page.locator(".action-widget .monaco-list-row", { hasText: title });
    return row.click({ timeout: menuMs }).then(
      () => true,
      // It stays open when this is not in it yet.
      () => page.keyboard.press("Escape").then(() => false),
    );
  });
}

/**
 * Opens the quick fixes at the cursor and resolves with their titles, once there are any. The menu stays open.
 * The editor closes the menu when a language service reports in that moment, so the key is pressed again then.
 */
export async function openQuickFixes(page: Page): Promise<readonly string[]> {
  await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  const rows = page.locator(".action-widget .monaco-list-row.action");
  return until("the quick fixes are open", async () => {
    await page.locator(".monaco-editor.focused").waitFor();
    await page.keyboard.press("ControlOrMeta+.");
    await rows.first().waitFor({ timeout: menuMs });
    return (await rows.allInnerTexts()).map((text) => text.trim());
  });
}

/** Shows a view container by the name in its activity bar entry. */
export async function showView(page: Page, name: string): Promise<void> {
  const entry = page.locator(`.activitybar .action-item:has([aria-label^="${name}"])`);
  const title = page.locator(".sidebar .composite.title", { hasText: name });
  await entry.waitFor();
  await until(`the view ${name} is shown`, async () => {
    if (await title.isVisible()) return true;
    // A second click hides the view again, as happens to one that the window was about to show by itself.
    await entry.click();
    await title.waitFor({ timeout: menuMs });
    return true;
  });
}

/** The webview whose content has an element with this `data-testid`. Its frame is a new one after the window was reloaded. */
export function webviewFrame(page: Page, testId: string): Promise<Frame> {
  return until(`a webview shows data-testid="${testId}"`, async () => {
    for (const frame of page.frames()) {
      if (frame.url().includes(webviewDocument) && (await frame.getByTestId(testId).count()) > 0) return frame;
    }
    return undefined;
  });
}

/** Waits until a file on disk is as wanted, since saving goes on after the key was pressed. Resolves with its text. */
export function pollFile(file: string, wanted: (text: string) => boolean): Promise<string> {
  return until(`${file} is as wanted`, async () => {
    const text = await readFile(file, "utf8");
    return wanted(text) ? text : undefined;
  });
}

/** Drags the side bar's edge until the bar is this wide, in CSS pixels. */
export async function setPanelWidth(page: Page, width: number): Promise<void> {
  const bar = page.locator(".part.sidebar");
  await until(`the side bar is ${width} pixels wide`, async () => {
    const box = await bar.boundingBox();
    if (box === null) throw new Error("The side bar is not visible: show a view first.");
    if (Math.round(box.width) === width) return true;
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width, y);
    await page.mouse.down();
    await page.mouse.move(box.x + width, y, { steps: 5 });
    await page.mouse.up();
    return false;
  });
}

/** A picture of the whole window as test-results/NAME.png; of the side bar alone with `part`. */
export async function screenshot(page: Page, name: string, part?: "sidebar"): Promise<string> {
  const file = path.join(resultsFolder, `${name}.png`);
  const target = part === undefined ? page : page.locator(`.part.${part}`);
  await target.screenshot({ path: file });
  return file;
}

/** Opens the box that this key opens, and types into it. A part of the window that takes the focus late closes the box, so the key is pressed again then. */
async function typeAfter(page: Page, key: string, typed: string): Promise<void> {
  await until(`"${typed}" is typed`, async () => {
    await page.keyboard.press(key);
    await page.locator(quickInputBox).fill(typed, { timeout: menuMs });
    return true;
  });
}

/** Opens the box that this key opens, types, and takes the row with this label; from the beginning again when the box was closed meanwhile. */
async function take(page: Page, what: { key: string; typed: string; label: string }): Promise<void> {
  await until(`"${what.typed}" is chosen`, async () => {
    await typeAfter(page, what.key, what.typed);
    await pick(page, what.typed, what.label);
    return true;
  });
}

/** Takes the first row with this very label of the open quick pick. Resolves when the pick is over, be it that another came. */
async function pick(page: Page, typed: string, label: string): Promise<void> {
  const rows = page.locator(`${quickInput} .monaco-list-row`);
  const row = rows.filter({ has: page.getByText(label, { exact: true }) }).first();
  let before = "";
  // While more is found, rows move away from under the mouse.
  const rests = async () => {
    const listed = (await rows.allInnerTexts()).join("\n");
    const same = listed === before;
    before = listed;
    return same && (await row.count()) > 0;
  };
  await until(`"${label}" is listed, and the list rests`, rests, searchMs);
  await row.click({ timeout: menuMs });
  await until(
    `"${typed}" is taken`,
    async () => {
      const box = page.locator(quickInputBox);
      return (await box.count()) === 0 || (await box.inputValue({ timeout: 500 })) !== typed;
    },
    searchMs,
  );
}
