import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { atEnd } from "../support/atEnd.ts";
import { runCommand } from "../workbench/page.ts";
import { startWorkbench } from "../workbench/workbench.ts";
import { statusBarItem } from "./stage.ts";

const repository = path.resolve(import.meta.dirname, "../..");
const language = "qps-ploc";

/** The built extension with a translation of all its words: each in brackets. */
async function translatedExtension(folder: string): Promise<string> {
  // A link would be followed to this repository, whose extension the editor does not know then.
  for (const name of ["dist", "media", "l10n", "package.json", "package.nls.json"]) {
    await cp(path.join(repository, name), path.join(folder, name), { recursive: true });
  }
  for (const name of ["l10n/bundle.l10n", "package.nls"]) {
    const words: Record<string, string> = JSON.parse(await readFile(path.join(folder, `${name}.json`), "utf8"));
    const translated = Object.fromEntries(Object.entries(words).map(([key, text]) => [key, `[${text}]`]));
    await writeFile(path.join(folder, `${name}.${language}.json`), JSON.stringify(translated));
  }
  return folder;
}

test("a window in another language says what is in the bundle of that language", async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), "patchwright-language-"));
  atEnd(t, () => rm(folder, { recursive: true, force: true }));
  const { page, open } = await startWorkbench(t, {
    workspace: { kind: "files", files: { "a.txt": "a\n" } },
    extension: await translatedExtension(folder),
  });
  // The workbench reads its language here, which a language pack would have set.
  await page.addInitScript((name) => Object.assign(globalThis, { _VSCODE_NLS_LANGUAGE: name }), language);
  await open();
  await statusBarItem(page, "[Patchwright: no API key]").waitFor();
  await runCommand(page, "Patchwright: [Set API Key]");
  await page.locator(".quick-input-title", { hasText: "[Patchwright: API Key]" }).waitFor();
});
