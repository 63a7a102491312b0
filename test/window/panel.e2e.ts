import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import { readTraces } from "../e2e/journals.ts";
import { hold } from "../support/modelServerReply.ts";
import { ownMethods, wireProblems } from "../wire/wireCheck.ts";
import { openFile, runCommand, showView, webviewFrame } from "../workbench/page.ts";
import { allow, answer, openPanel, openStage, say, statusBarItem } from "./stage.ts";

test("a panel that is hidden in mid-answer shows all of it when it is back", async (t) => {
  const rest = Promise.withResolvers<void>();
  const { page, patchwrightHome } = await openStage(
    t,
    [hold(6, rest.promise, message("It begins here and it ends there."))],
    {
      settings: { "patchwright.trace.wire": true },
    },
  );
  const panel = await openPanel(page);
  await say(panel, "Tell me.");
  await statusBarItem(page, "working").waitFor();
  await showView(page, "Explorer");
  rest.resolve();
  await statusBarItem(page, "Patchwright").filter({ hasNotText: "working" }).waitFor();
  await showView(page, "Patchwright");
  const again = await webviewFrame(page, "thread");
  await answer(again, "It begins here and it ends there.").waitFor();

  const traces = await readTraces(patchwrightHome);
  for (const lines of traces) {
    assert.deepEqual(wireProblems(lines, ownMethods), []);
    assert.equal(lines[0]?.message.method, "initialize");
  }
  assert.notEqual(traces.length, 0);
});

test("without a key the status bar says so, and a key from the palette changes it", async (t) => {
  const { page, model } = await openStage(t, [message("Hello.")], { env: {} });
  await statusBarItem(page, "no API key").click();
  const panel = await webviewFrame(page, "composer");
  await panel.locator("[data-testid=composer]:focus").waitFor();
  await runCommand(page, "Patchwright: Set API Key");
  const box = page.locator(".quick-input-widget:visible .quick-input-box input[type=password]");
  await box.fill(model.apiKey);
  await box.press("Enter");
  await statusBarItem(page, "no API key").waitFor({ state: "detached" });
  await panel.getByTestId("use-key").waitFor({ state: "detached" });
  await say(panel, "Hello?");
  await answer(panel, "Hello.").waitFor();
  await runCommand(page, "Patchwright: Remove API Key");
  await statusBarItem(page, "no API key").waitFor();
});

test("a command's output is shown in a terminal on request", async (t) => {
  const script = [
    call("exec_command", { cmd: "touch seen; echo out''put", justification: "To see." }),
    message("Seen."),
  ];
  const { page } = await openStage(t, script, { settings: { "terminal.integrated.gpuAcceleration": "off" } });
  const panel = await openPanel(page);
  await say(panel, "Run it.");
  await allow(panel);
  await answer(panel, "Seen.").waitFor();
  await panel.getByTestId("command").click();
  await panel.getByTestId("show-terminal").click();
  await page.locator(".terminal .xterm-rows", { hasText: "output" }).waitFor();
  await page.locator(".terminal .xterm-rows", { hasText: "[exit code 0]" }).waitFor();
});

test("in Restricted Mode nothing runs, and it is said", async (t) => {
  const script = [call("exec_command", { cmd: "touch ran", justification: "To see." }), message("Not allowed.")];
  const { page, folders } = await openStage(t, script, { trust: "restricted" });
  const panel = await openPanel(page);
  await panel.getByText("Restricted Mode").first().waitFor();
  await statusBarItem(page, "Patchwright").waitFor();
  await say(panel, "Run it.");
  await answer(panel, "Not allowed.").waitFor();
  assert.equal((await readdir(folders[0] ?? "")).includes("ran"), false);
});

test("links of an answer open files at their line, in whichever folder has them", async (t) => {
  const { page } = await openStage(t, [message("See `deep/there.txt:2` and `nowhere.txt:1`.")], {
    workspace: { kind: "folders", folders: { one: { "a.txt": "a\n" }, two: { "deep/there.txt": "1\n2\n3\n" } } },
  });
  await openFile(page, "a.txt");
  const panel = await openPanel(page);
  await say(panel, "Where?");
  await panel.getByTestId("agent-message").getByText("deep/there.txt:2").click();
  await page.locator('.tab.active[data-resource-name="there.txt"]').waitFor();
  await page.locator(".statusbar-item", { hasText: "Ln 2, Col 1" }).waitFor();
  await panel.getByTestId("agent-message").getByText("nowhere.txt:1").click();
  await page.getByText('There is no file "nowhere.txt" in this workspace.').first().waitFor();
});
