import assert from "node:assert/strict";
import { test } from "node:test";
import type { Frame, Locator } from "playwright-core";
import { call, message, reasoning } from "../../src/core/model/demo/output.ts";
import { atEnd } from "../support/atEnd.ts";
import { inputOf, textOf } from "../support/modelInput.ts";
import { startModelServer } from "../support/modelServer.ts";
import { screenshot } from "../workbench/page.ts";
import { until } from "../workbench/until.ts";
import { openWorkbench } from "../workbench/workbench.ts";
import { modelOf, openPanel, say, turnsDone } from "./panel.ts";

/** The texts of a layer, which is opened for it, and read whole. */
async function textsOf(panel: Frame, kind: string): Promise<string[]> {
  const layer = layerOf(panel, kind);
  const row = layer.getByTestId("sent-row");
  if ((await row.getAttribute("aria-expanded")) === "false") await row.click();
  await layer.getByTestId("sent-entry").first().waitFor();
  const all = layer.getByTestId("sent-all");
  if ((await all.count()) > 0) await all.click();
  await all.waitFor({ state: "detached" });
  return layer.getByTestId("sent-text").allTextContents();
}

function layerOf(panel: Frame, kind: string): Locator {
  return panel.locator(`[data-layer=${kind}]`);
}

/** Waits until the view shows this request. */
async function shows(panel: Frame, words: string): Promise<void> {
  await panel.getByTestId("sent-number").getByText(words, { exact: true }).waitFor();
}

test("what was sent is seen, layer by layer, as the model server received it", async (t) => {
  const model = await startModelServer({
    script: [
      [reasoning("**Look first**"), call("read_file", { path: "a.txt" })],
      message("There is one line."),
      message("You are welcome."),
    ],
  });
  atEnd(t, () => model.close());
  const { page } = await openWorkbench(t, {
    workspace: { kind: "files", files: { "a.txt": "one\n", "AGENTS.md": "Be brief.\u200b" } },
    ...modelOf(model),
  });
  const panel = await openPanel(page);
  await say(panel, "What is in a.txt?");
  await turnsDone(panel, 1);
  await say(panel, "Thank you.");
  await turnsDone(panel, 2);

  await panel.getByTestId("user-message").first().hover();
  await panel.getByTestId("show-sent").first().click();
  await shows(panel, "Request 1 of 3");
  const [first, , last] = model.requests;
  assert.deepEqual(await textsOf(panel, "message"), ["What is in a.txt?"]);
  assert.deepEqual(await textsOf(panel, "instructions"), [JSON.parse(first!.body).instructions]);
  const told = inputOf(first!).find((item) => textOf(item)?.startsWith("<project_instructions>"));
  assert.deepEqual(await textsOf(panel, "projectInstructions"), [textOf(told!)?.replace("\u200b", "U+200B")]);
  const { tools } = JSON.parse(first!.body) as { tools: { name: string }[] };
  await textsOf(panel, "tools");
  assert.deepEqual(
    await layerOf(panel, "tools").locator(".sent-title").allTextContents(),
    tools.map(({ name }) => name),
  );
  await layerOf(panel, "tools").getByTestId("sent-row").click();
  await layerOf(panel, "instructions").getByTestId("sent-row").click();
  await screenshot(page, "sent-context");

  await layerOf(panel, "projectInstructions").getByTestId("sent-source").click();
  await page.locator('.tab.active[data-resource-name="AGENTS.md"]').waitFor();

  await panel.getByTestId("laterRequest").click();
  await shows(panel, "Request 2 of 3");
  assert.deepEqual(await textsOf(panel, "toolCalls"), ['{"path":"a.txt"}']);
  await layerOf(panel, "reasoning").getByTestId("sent-row").click();
  await layerOf(panel, "reasoning").getByText("Only the model can read it.").waitFor();
  await panel.getByTestId("sent-back").click();
  await panel.getByTestId("sent").waitFor({ state: "detached" });

  await panel.getByTestId("context-meter").focus();
  await page.keyboard.press("Enter");
  await panel.getByTestId("meter-sent").click();
  await shows(panel, "Request 3 of 3");
  assert.deepEqual(await textsOf(panel, "message"), ["Thank you."]);
  assert.deepEqual(await textsOf(panel, "messages"), ["What is in a.txt?"]);
  await panel.getByTestId("copy-request").click();
  const copied = await until("the request is in the clipboard", async () => {
    const text = await page.evaluate(() => navigator.clipboard.readText());
    return text.startsWith("{") ? text : undefined;
  });
  assert.equal(copied, last!.body);
  await page.keyboard.press("Escape");
  await panel.getByTestId("sent").waitFor({ state: "detached" });
  assert.equal(
    await panel.getByTestId("context-meter").evaluate((meter) => meter === meter.ownerDocument.activeElement),
    true,
  );
});
