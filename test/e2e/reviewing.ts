import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { TestContext } from "node:test";
import type { Frame, Locator, Page } from "playwright-core";
import { customCall, message } from "../../src/core/model/demo/output.ts";
import { atEnd } from "../support/atEnd.ts";
import { startModelServer } from "../support/modelServer.ts";
import { menuMs } from "../workbench/page.ts";
import { patienceMs, until } from "../workbench/until.ts";
import { openWorkbench, type Workbench } from "../workbench/workbench.ts";
import type { Files } from "../workbench/workspace.ts";
import { modelOf, openPanel, say, turnsDone } from "./panel.ts";

const before = `export interface RetryOptions {
  readonly attempts?: number;
  readonly delay?: number;
}

/** Calls send() until it succeeds or attempts run out. */
export async function retry<T>(
  send: () => Promise<T>,
  { attempts = 3, delay = 200 }: RetryOptions = {},
): Promise<T> {
  const wait = Promise.withResolvers<void>();
  for (let n = 1; ; n++) {
    try {
      return await send();
    } catch (error) {
      if (n >= attempts) throw error;
      await new Promise<void>((resolve) => {
        setTimeout(resolve, delay);
      });
    } finally {
    }
  }
}

export function old() {
  return 1;
}

export function isRetryable(status: number): boolean {
  return status === 429 || status >= 500;
}
`;

/** Its files as they were before the agent's edits. */
export const files: Files = {
  "src/retry.ts": before,
  "src/words.ts": 'export const hello = "hello";\n',
  "src/gone.ts": "export const gone = 1;\n",
  "tsconfig.json": '{ "compilerOptions": { "target": "esnext" } }\n',
};

/** Four hunks in retry.ts, one in words.ts, a new file, and one that goes. */
export const patch = `*** Begin Patch
*** Update File: src/retry.ts
@@
   const wait = Promise.withResolvers<void>();
+  let timer: ReturnType<typeof setTimeout> | undefined;
   for (let n = 1; ; n++) {
@@
       if (n >= attempts) throw error;
-      await new Promise<void>((resolve) => {
-        setTimeout(resolve, delay);
-      });
+      clearTimeout(timer);
+      timer = setTimeout(wait.resolve, delay);
+      await wait.promise;
     } finally {
+      clearTimeout(timer);
     }
@@
-export function old() {
-  return 1;
-}
-
 export function isRetryable(status: number): boolean {
*** Update File: src/words.ts
@@
-export const hello = "hello";
+export const hello = "good day";
*** Add File: src/added.ts
+export const added = true;
*** Delete File: src/gone.ts
*** End Patch
`;

/** What the editor draws anew meanwhile is tried again after so long. */
const redrawnMs = 3000;

export const after = before
  .replace("  for (let n", "  let timer: ReturnType<typeof setTimeout> | undefined;\n  for (let n")
  .replace(
    /await new Promise[^}]*\}\);\n {4}\} finally \{\n/,
    "clearTimeout(timer);\n      timer = setTimeout(wait.resolve, delay);\n      await wait.promise;\n    } finally {\n      clearTimeout(timer);\n",
  )
  .replace(/export function old[^}]*\}\n\n/, "");

export interface Reviewing extends Workbench {
  readonly panel: Frame;
  /** Of a file of the workspace. */
  path(name: string): string;
}

export interface ReviewingOptions {
  readonly files?: Files;
  readonly patch?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Run in the workspace before the agent edits it. */
  prepare?(folder: string): Promise<void>;
}

/** A window in which the agent has edited files that the user has not reviewed yet. */
export async function reviewing(t: TestContext, options: ReviewingOptions = {}): Promise<Reviewing> {
  const model = await startModelServer({
    script: [customCall("apply_patch", options.patch ?? patch), message("Done.")],
  });
  atEnd(t, () => model.close());
  const workbench = await openWorkbench(t, {
    workspace: { kind: "files", files: options.files ?? files },
    ...modelOf(model, { "patchwright.review.edits": "after", "editor.minimap.enabled": false, ...options.settings }),
  });
  const [folder = ""] = workbench.folders;
  await options.prepare?.(folder);
  const panel = await openPanel(workbench.page);
  await say(panel, "Mend it.");
  await turnsDone(panel, 1);
  return { ...workbench, panel, path: (name) => path.join(folder, name) };
}

/** The status bar's item about review, while it says this. */
export function bar(page: Page, text: string | RegExp): Locator {
  return page.locator(".statusbar-item[id*='review']", { hasText: text });
}

/** A button above the hunk that says this place, such as "2 of 3": the editor draws them in any order, and anew when their number changes. */
export function lens(page: Page, place: string, text: string): Locator {
  return page
    .locator(".editor-instance .codelens-decoration")
    .filter({ hasText: place })
    .locator("a", { hasText: text });
}

/** Waits until so many hunks have their controls, and no more. */
export function lensCount(page: Page, count: number, timeoutMs = patienceMs): Promise<true> {
  const shown = page.locator(".editor-instance .codelens-decoration").filter({ hasText: / of \d/ });
  return until(`${count} hunks have controls`, async () => (await shown.count()) === count || undefined, timeoutMs);
}

/** Clicks a button above a hunk until so many hunks are left: one that is drawn anew between pressing and letting go takes no click. */
export async function clickLens(page: Page, [place, text]: readonly [string, string], left: number): Promise<void> {
  const button = lens(page, place, text);
  await until(`"${text}" is done with ${place}`, async () => {
    if ((await button.count()) > 0) await button.click({ timeout: redrawnMs });
    return lensCount(page, left, redrawnMs);
  });
}

/** Clicks a button above a hunk until the dialog that it leads to is open. */
export async function askByLens(page: Page, [place, text]: readonly [string, string]): Promise<void> {
  const dialog = page.locator(".monaco-dialog-box");
  await until(`"${text}" of ${place} asks`, async () => {
    await lens(page, place, text).click({ timeout: redrawnMs });
    await dialog.waitFor({ timeout: menuMs });
    return true;
  });
}

/** Waits until a file on disk has just these bytes. */
export async function hasBytes(file: string, expected: string | Uint8Array): Promise<void> {
  const wanted = Buffer.from(expected);
  await until(`${file} has the expected bytes`, async () => (await readFile(file)).equals(wanted) || undefined).catch(
    async () => assert.equal(await readFile(file, "utf8"), wanted.toString()),
  );
}

/** A button in the title of the editor in front, by its name. */
export function titleAction(page: Page, name: string): Locator {
  return page.locator(`.editor-group-container.active .title .action-label[aria-label^="${name}"]`);
}

/** Points at the badge after the line with this text, until the hover about deleted lines shows. */
export async function hoverBadge(page: Page, line: string): Promise<Locator> {
  const text = page.locator(".view-line", { hasText: line }).first();
  const hover = page.locator(".monaco-hover:visible", { hasText: "Deleted here" });
  await until("the hover shows", async () => {
    const box = await text.locator("span[class*=TextEditorDecorationType]").last().boundingBox();
    if (!box) return undefined;
    await page.mouse.move(5, 5);
    await page.mouse.move(box.x + box.width - 12, box.y + box.height / 2, { steps: 3 });
    await hover.first().waitFor({ timeout: redrawnMs });
    return true;
  });
  return hover.first();
}

/** Clicks words in that hover until what they do is done. The hover closes when its badge is drawn anew: it is pointed at again then. */
export async function clickInHover(
  page: Page,
  [line, words]: readonly [string, string],
  isDone: () => Promise<boolean | undefined>,
): Promise<void> {
  await until(`"${words}" is done`, async () => {
    const hover = await hoverBadge(page, line);
    await hover.getByText(words).click({ timeout: redrawnMs });
    return until(`"${words}" is done`, isDone, menuMs);
  });
}
