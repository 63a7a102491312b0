import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { promisify } from "node:util";
import { goTo, menuMs, openFile, pollFile, showView } from "../workbench/page.ts";
import { until } from "../workbench/until.ts";
import { askByLens, bar, clickLens, hasBytes, lens, lensCount, reviewing, titleAction } from "./reviewing.ts";

const numbers = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n";
const patch = `*** Begin Patch
*** Update File: numbers.txt
@@
 one
-two
+TWO
 three
@@
 six
+six and a half
 seven
@@
-nine
+NINE
*** End Patch
`;
const edited = numbers.replace("two", "TWO").replace("seven", "six and a half\nseven").replace("nine", "NINE");

test("what the user types inside and beside hunks stays, whatever is kept and undone", async (t) => {
  const { page, path: at } = await reviewing(t, { files: { "numbers.txt": numbers }, patch });
  const file = at("numbers.txt");
  await openFile(page, "numbers.txt");
  await lensCount(page, 3);
  await goTo(page, 1, 1);
  await page.keyboard.type("zero\n");
  await goTo(page, 3, 4);
  await page.keyboard.type(" mine");
  await page.keyboard.press("ControlOrMeta+S");
  const typed = edited.replace("one", "zero\none").replace("TWO", "TWO mine");
  await hasBytes(file, typed);
  await page.locator(".codelens-decoration", { hasText: "1 of 3, edited by you" }).waitFor();

  await askByLens(page, ["1 of 3", "Undo"]);
  const dialog = page.locator(".monaco-dialog-box");
  await dialog.getByText("Cancel").click();
  await hasBytes(file, typed);
  await titleAction(page, "Undo All Changes in File").click();
  await dialog.getByText("You changed these lines").waitFor();
  await dialog.getByText("Cancel").click();
  await hasBytes(file, numbers.replace("one", "zero\none").replace("two", "TWO mine"));
  await askByLens(page, ["1 of 1", "Undo"]);
  await dialog.getByText("Undo Anyway").click();
  await hasBytes(file, numbers.replace("one", "zero\none"));

  await page.locator(".editor-instance .view-lines").first().click();
  for (const _step of [1, 2]) await page.keyboard.press("ControlOrMeta+Z");
  await page.keyboard.press("ControlOrMeta+S");
  await hasBytes(file, typed);
  await lensCount(page, 3);
  for (const _step of [1, 2]) await page.keyboard.press("ControlOrMeta+Shift+Z");
  await page.keyboard.press("ControlOrMeta+S");
  await hasBytes(file, numbers.replace("one", "zero\none"));
  await lensCount(page, 0);
});

test("a review outlives a reload, a rename and changes of the branch", async (t) => {
  const git = async (folder: string, ...args: string[]) => {
    const who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
    await promisify(execFile)("git", [...who, ...args], { cwd: folder });
  };
  const window = await reviewing(t, {
    files: { "numbers.txt": numbers, "other.txt": "other\n" },
    patch,
    prepare: async (folder) => {
      for (const args of [
        ["init", "-b", "main"],
        ["add", "."],
        ["commit", "-m", "one"],
      ])
        await git(folder, ...args);
    },
  });
  const { page, folders } = window;
  const [folder = ""] = folders;
  const file = window.path("numbers.txt");
  await openFile(page, "numbers.txt");
  await lensCount(page, 3);
  await goTo(page, 5, 1);
  await page.keyboard.type("mine ");
  await page.keyboard.press("ControlOrMeta+S");
  const typed = edited.replace("five", "mine five");
  await hasBytes(file, typed);

  await git(folder, "checkout", "-b", "side");
  await git(folder, "commit", "-am", "two");
  await git(folder, "checkout", "main");
  await hasBytes(file, numbers);
  await lensCount(page, 0);
  await git(folder, "checkout", "side");
  await hasBytes(file, typed);
  await lensCount(page, 3);

  await window.open();
  await openFile(page, "numbers.txt");
  await lensCount(page, 3);
  await hasBytes(file, typed);

  await showView(page, "Explorer");
  const entry = page.locator(".explorer-folders-view .monaco-list-row", { hasText: "numbers.txt" });
  const name = page.locator(".explorer-item-edited input");
  // What the files' folder tells of changes closes the field.
  await until("a name can be typed", async () => {
    await entry.click({ timeout: menuMs });
    await page.keyboard.press("F2");
    await name.fill("counted.txt", { timeout: menuMs });
    return true;
  });
  await name.press("Enter");
  await bar(page, "in counted.txt").waitFor();
  await lensCount(page, 3);
  await clickLens(page, ["1 of 3", "Undo"], 2);
  await hasBytes(window.path("counted.txt"), typed.replace("TWO", "two"));
  await clickLens(page, ["2 of 2", "Keep"], 1);
  await hasBytes(window.path("counted.txt"), typed.replace("TWO", "two"));
});

test("format on save and a review get along", async (t) => {
  const json = '{\n  "a": 1,\n  "b": 2,\n  "c": 3,\n  "d": 4\n}';
  const { page, path: at } = await reviewing(t, {
    files: { "a.json": json },
    patch: `*** Begin Patch\n*** Update File: a.json\n@@\n-  "b": 2,\n+  "b":     [2],\n*** End Patch\n`,
    settings: { "editor.formatOnSave": true },
  });
  const file = at("a.json");
  const formatted = await pollFile(file, (text) => text !== json && text.endsWith("}"));
  await openFile(page, "a.json");
  await lensCount(page, 1);
  await goTo(page, 2, 7);
  await page.keyboard.type("    ");
  await page.locator(".tab.active.dirty").waitFor();
  await page.keyboard.press("ControlOrMeta+S");
  await page.locator(".tab.active.dirty").waitFor({ state: "detached" });
  await hasBytes(file, formatted);
  await lensCount(page, 1);
  // The lens is drawn anew after a save, also between pressing and letting go.
  await until("the change is undone", async () => {
    await lens(page, "1 of 1", "Undo")
      .click({ timeout: 2000 })
      .catch(() => {});
    return (await readFile(file, "utf8")) === json || undefined;
  });
});
