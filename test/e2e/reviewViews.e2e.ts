import { test } from "node:test";
import { goTo, openFile, runCommand, screenshot } from "../workbench/page.ts";
import { setTheme } from "../workbench/theme.ts";
import { until } from "../workbench/until.ts";
import { after, bar, clickLens, files, hasBytes, lensCount, reviewing, titleAction } from "./reviewing.ts";

const before = String(files["src/retry.ts"]);
const timerLine = "  let timer: ReturnType<typeof setTimeout> | undefined;\n";

test("a file is reviewed side by side: by keys, by the title's buttons and by the editor's own arrows", async (t) => {
  const { page, path } = await reviewing(t);
  const file = path("src/retry.ts");
  await openFile(page, "src/retry.ts");
  await lensCount(page, 4);
  await titleAction(page, "Compare File with Before").click();
  await page.locator(".tab.active", { hasText: "retry.ts (changes to review)" }).waitFor();
  const right = page.locator(".monaco-diff-editor .modified-in-monaco-diff-editor .view-lines");
  await right.getByText("await wait.promise;").click();
  await bar(page, "2/4 in retry.ts · 4 files").waitFor();
  await screenshot(page, "review-diff");

  await page.keyboard.press("Alt+Y");
  await bar(page, "2/3 in retry.ts · 4 files").waitFor();
  await hasBytes(file, after);
  await titleAction(page, "Undo Change").click();
  await hasBytes(file, after.replace("    } finally {\n      clearTimeout(timer);\n", "    } finally {\n"));
  await right.getByText("await wait.promise;").click();
  await page.keyboard.press("ControlOrMeta+Z");
  await page.keyboard.press("ControlOrMeta+S");
  await hasBytes(file, after);

  await right.getByText("let timer").hover();
  await page.locator(".monaco-diff-editor .gutterItem .action-label").first().click();
  await page.keyboard.press("ControlOrMeta+S");
  await hasBytes(file, after.replace(timerLine, ""));
  await bar(page, "in retry.ts · 4 files").waitFor();

  await page.keyboard.press("Alt+Shift+J");
  await page.locator(".tab.active", { hasText: "words.ts (changes to review)" }).waitFor();
});

test("all files are reviewed in one tab, which stays", async (t) => {
  const { page, path } = await reviewing(t);
  await runCommand(page, "Patchwright: Show All Changes");
  const tab = page.locator(".tab.active", { hasText: "Patchwright: Changes to Review" });
  await tab.waitFor();
  await page.locator(".multiDiffEntry", { hasText: "words.ts" }).first().waitFor();
  for (const theme of ["dark", "light", "highContrast"] as const) {
    if (theme !== "dark") await setTheme(page, theme);
    await screenshot(page, `review-all-${theme}`);
  }
  await page.locator(".view-line", { hasText: '"good day"' }).first().click();
  await page.keyboard.press("Alt+N");
  await hasBytes(path("src/words.ts"), String(files["src/words.ts"]));
  await tab.waitFor();
  await titleAction(page, "Keep All Changes in All Files").click();
  await until("nothing is to be reviewed", async () => (await bar(page, "").count()) === 0 || undefined);
  await hasBytes(path("src/retry.ts"), after);
  await tab.waitFor();
});

test("a file is read with its deleted lines, kept and undone there", async (t) => {
  const { page, path } = await reviewing(t);
  const file = path("src/retry.ts");
  await openFile(page, "src/retry.ts");
  await lensCount(page, 4);
  await runCommand(page, "Patchwright: Show File with Deleted Lines");
  await page.locator('.tab.active[data-resource-name="± retry.ts"]').waitFor();
  const row = (text: string) => page.locator(".editor-instance .view-line", { hasText: text });
  await row("await new Promise").waitFor();
  await lensCount(page, 4);
  for (const theme of ["dark", "light", "highContrast"] as const) {
    if (theme !== "dark") await setTheme(page, theme);
    await lensCount(page, 4);
    await screenshot(page, `review-unified-${theme}`);
  }
  await clickLens(page, ["2 of 4", "Keep"], 3);
  await row("await new Promise").waitFor({ state: "detached" });
  await hasBytes(file, after);
  await clickLens(page, ["1 of 3", "Undo"], 2);
  await hasBytes(file, after.replace(timerLine, ""));
  await row("let timer").waitFor({ state: "detached" });
  await goTo(page, 1, 1);
  await page.keyboard.press("Alt+J");
  await page.keyboard.press("Alt+N");
  await lensCount(page, 1);

  await page.locator('.tab[data-resource-name="retry.ts"]').click();
  await page.locator(".editor-instance .view-lines").first().click();
  for (const _step of [1, 2]) await page.keyboard.press("ControlOrMeta+Z");
  await lensCount(page, 3);
  await page.keyboard.press("ControlOrMeta+S");
  await hasBytes(file, after);
  await titleAction(page, "Undo All Changes in File").click();
  await hasBytes(
    file,
    before.replace(/await new Promise[^}]*\}\);\n/, () =>
      after.slice(after.indexOf("clearTimeout"), after.indexOf("    } finally")),
    ),
  );
});
