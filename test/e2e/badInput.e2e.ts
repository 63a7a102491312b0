import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import type { Frame, Page } from "playwright-core";
import { anyPort } from "../../scripts/codeServer.ts";
import { call, customCall, message } from "../../src/core/model/demo/output.ts";
import { atEnd } from "../support/atEnd.ts";
import { type Script, startModelServer } from "../support/modelServer.ts";
import { cutAfter } from "../support/modelServerReply.ts";
import { pollFile, runCommand, screenshot } from "../workbench/page.ts";
import { until } from "../workbench/until.ts";
import { openWorkbench } from "../workbench/workbench.ts";
import { agentSays, cursorPlace, modelOf, openPanel, say, turnsDone, typeKey } from "./panel.ts";

const hostile = [
  "<script>document.title = 'owned'</script>",
  "<img src=x onerror=\"document.title = 'owned'\">",
  '<iframe src="https://evil.invalid/frame"></iframe>',
  "![pixel](https://evil.invalid/pixel.png)",
  "[script link](javascript:document.title='owned')",
  "[command link](command:workbench.action.files.newUntitledFile)",
  "[data link](data:text/html,owned)",
].join("\n\n");

const patch = "*** Begin Patch\n*** Update File: a.txt\n@@\n-never there\n+1\n*** End Patch\n";

const script: Script = ({ input }) => {
  const last = JSON.stringify(input.at(-1));
  if (last.includes("Break")) return cutAfter(8, message("This answer breaks off before its end."));
  if (last.includes("Attack")) return message(hostile);
  if (last.includes("Err"))
    return [
      call("no_such_tool", {}),
      call("read_file", "{not json"),
      call("read_file", { path: "missing.txt" }),
      customCall("apply_patch", patch),
    ];
  return message("Here I am.");
};

/** The notice of the newest failed turn. */
async function failure(panel: Frame, title: string): Promise<string> {
  const notice = panel.getByTestId("failed-notice").last();
  await notice.getByRole("heading", { name: title }).waitFor();
  return notice.locator("p").innerText();
}

/** Changes the text of the user's settings in the editor, as somebody who pastes it. */
async function editSettings(page: Page, file: string, text: string): Promise<void> {
  await runCommand(page, "Preferences: Open User Settings (JSON)");
  const tab = page.locator('.tab.active[data-resource-name="settings.json"]');
  await tab.waitFor();
  await page.locator(".monaco-editor.focused").waitFor();
  await page.evaluate((pasted) => navigator.clipboard.writeText(pasted), text);
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.press("ControlOrMeta+V");
  await page.keyboard.press("ControlOrMeta+S");
  await pollFile(file, (written) => written === text);
  // The editor learns a moment later that all is saved, and asks until then.
  await until("the editor knows that it is saved", async () => (await page.locator(".tab.active.dirty").count()) === 0);
  await runCommand(page, "View: Close Editor");
  await tab.waitFor({ state: "detached" });
}

/** A setting holds a moment after it was saved, so the message is sent again until the turn fails in another way. */
async function retryUntil(panel: Frame, title: string): Promise<void> {
  const notices = panel.getByTestId("failed-notice");
  await until(`the turn fails with "${title}"`, async () => {
    await notices.last().waitFor();
    if ((await notices.last().innerText()).includes(title)) return true;
    await panel.getByTestId("remedy-retry").click({ timeout: 1000 });
    return false;
  });
}

test("what goes wrong is said in the panel with what to do, and the thread goes on", async (t) => {
  const model = await startModelServer({ script });
  atEnd(t, () => model.close());
  const nowhere = `http://127.0.0.1:${await anyPort()}/v1`;
  const settings = { "patchwright.baseUrl": nowhere, "patchwright.model": "gpt-5.4", "patchwright.maxRetries": 1 };
  const { page, server, folders } = await openWorkbench(t, {
    workspace: { kind: "files", files: { "a.txt": "one\n" } },
    settings,
    env: { OPENAI_API_KEY: "sk-wrong" },
  });
  const panel = await openPanel(page);

  await say(panel, "Hello.");
  assert.match(await failure(panel, "The model cannot be reached"), /127\.0\.0\.1/);
  await screenshot(page, "bad-unreachable");

  const written = await readFile(server.settingsFile, "utf8");
  await editSettings(page, server.settingsFile, written.replace(nowhere, model.baseUrl));
  await retryUntil(panel, "The model refused the API key");
  assert.match(await failure(panel, "The model refused the API key"), /refuses the API key\. Check that it is whole/);
  await screenshot(page, "bad-key");
  await panel.getByTestId("remedy-enterKey").click();
  await typeKey(page, model.apiKey);
  await say(panel, "Hello again.");
  await agentSays(panel, "Here I am.");
  await turnsDone(panel, 1);

  await say(panel, "Break.");
  assert.match(await failure(panel, "The model cannot be reached"), /was lost before the answer ended/);
  await screenshot(page, "bad-broken");
  await say(panel, "And now?");
  await turnsDone(panel, 2);

  await say(panel, "Err.");
  await turnsDone(panel, 3);
  const failed = panel.getByTestId("tool");
  assert.deepEqual(
    (await failed.allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim()),
    ["no_such_tool failed", "apply_patch failed"],
  );
  assert.equal(await readFile(path.join(folders[0] ?? "", "a.txt"), "utf8"), "one\n");
  await screenshot(page, "bad-calls");

  await say(panel, "Attack.");
  await turnsDone(panel, 4);
  const answer = panel.getByTestId("agent-message").last();
  assert.equal(await answer.locator("script, img, iframe, a[href]").count(), 0);
  for (const text of ["script link", "command link", "data link"]) await answer.getByText(text).click();
  await screenshot(page, "bad-markdown");
  assert.equal(await page.locator(".tab").count(), 0);
  assert.notEqual(await panel.title(), "owned");
  assert.notEqual(await page.title(), "owned");
});

test("an address of the model server that is none is said to be that, and not a missing key", async (t) => {
  const model = await startModelServer({ script });
  atEnd(t, () => model.close());
  const { settings, env } = modelOf(model, { "patchwright.baseUrl": "localhost:1234" });
  const { page, server } = await openWorkbench(t, {
    workspace: { kind: "files", files: { "a.txt": "one\n" } },
    settings,
    env,
  });
  const panel = await openPanel(page);
  await panel.getByTestId("suggestion").first().waitFor();
  await panel.getByTestId("composer").fill("Hello.");
  await panel.getByTestId("composer").press("Enter");
  const note = panel.getByTestId("composer-note");
  await note.getByText('"localhost:1234" is not the address of a model server').waitFor();
  await screenshot(page, "bad-address");
  const written = await readFile(server.settingsFile, "utf8");
  await editSettings(page, server.settingsFile, written.replace("localhost:1234", model.baseUrl));
  await until("the message is sent", async () => {
    if ((await panel.getByTestId("agent-message").count()) > 0) return true;
    await panel.getByTestId("composer").press("Enter");
    await note.waitFor({ state: "detached", timeout: 1000 });
    return false;
  });
  await agentSays(panel, "Here I am.");
});

test("a window without a folder", async (t) => {
  const model = await startModelServer({ script });
  atEnd(t, () => model.close());
  const { page } = await openWorkbench(t, { workspace: { kind: "none" }, ...modelOf(model) });
  const panel = await openPanel(page);
  await panel.getByTestId("open-folder").waitFor();
  await screenshot(page, "bad-no-folder");
  await panel.getByTestId("composer").fill("Hello.");
  await panel.getByTestId("composer").press("Enter");
  await panel.getByTestId("composer-note").waitFor();
  assert.match(await panel.getByTestId("composer-note").innerText(), /No folder is open\. Open one/);
  assert.equal(await panel.getByTestId("composer").inputValue(), "Hello.");
  await screenshot(page, "bad-no-folder-asked");
});

test("a window with several folders", async (t) => {
  const model = await startModelServer({
    script: [
      call("list_files", { path: "../second" }),
      call("read_file", { path: "../second/b.txt" }),
      message("It is in `../second/b.txt:2`."),
    ],
  });
  atEnd(t, () => model.close());
  const { page, folders } = await openWorkbench(t, {
    workspace: { kind: "folders", folders: { first: { "a.txt": "one\n" }, second: { "b.txt": "one\ntwo\n" } } },
    ...modelOf(model),
  });
  const panel = await openPanel(page);
  await say(panel, "Where is two?");
  await turnsDone(panel, 1);
  await screenshot(page, "bad-several-folders");
  for (const folder of folders) assert.ok(model.requests[0]?.body.includes(folder), path.basename(folder));
  assert.match(JSON.stringify(model.requests[2]?.params?.input.at(-1)), /2\\ttwo/);
  await panel.getByTestId("agent-message").getByText("../second/b.txt:2").click();
  await page.locator('.tab.active[data-resource-name="b.txt"]').waitFor();
  await until("the cursor is at the place", async () => (await cursorPlace(page)) === "Ln 2, Col 1");
});
