import assert from "node:assert/strict";
import { test } from "node:test";
import type { Frame } from "playwright-core";
import { message } from "../../src/core/model/demo/output.ts";
import { atEnd } from "../support/atEnd.ts";
import { startModelServer } from "../support/modelServer.ts";
import { asksForCompaction } from "../support/modelServerRules.ts";
import { screenshot } from "../workbench/page.ts";
import { openWorkbench } from "../workbench/workbench.ts";
import { modelOf, openPanel, reloadWindow, say, turnsDone } from "./panel.ts";

/** About 6,000 tokens. With what every request begins with, the third one is too much for the small window. */
const report = "The log says that all went well, and so it did. ".repeat(500);

async function percent(panel: Frame): Promise<number> {
  const name = await panel.getByTestId("context-meter").getAttribute("title");
  return Number(/^(\d+)%/.exec(name ?? "")?.[1]);
}

/** The line across the thread with this number, counting from 0, once the thread was condensed there. */
async function condensed(panel: Frame, index: number): Promise<string> {
  const row = panel.getByTestId("compaction").nth(index);
  await row.getByText("Condensed the thread").waitFor();
  return row.innerText();
}

test("a thread that fills its window is condensed, by itself and by hand, and the meter drops", async (t) => {
  const model = await startModelServer({
    models: ["test-model"],
    script: (request, { index }) =>
      message(asksForCompaction(request) ? `All went well until request ${index}.` : "I read it."),
  });
  atEnd(t, () => model.close());
  const { page } = await openWorkbench(t, {
    workspace: { kind: "files", files: { "a.txt": "one\n" } },
    ...modelOf(model, { "patchwright.model": "test-model", "patchwright.contextWindow": 32_000 }),
  });
  let panel = await openPanel(page);
  await say(panel, "Begin.");
  await turnsDone(panel, 1);
  await say(panel, `First report. ${report}`);
  await turnsDone(panel, 2);
  await say(panel, `Second report. ${report}`);
  await turnsDone(panel, 3);
  const full = await percent(panel);
  assert.equal(await panel.getByTestId("compaction").count(), 0);
  await screenshot(page, "compaction-full");

  model.expectCut();
  await say(panel, `Third report. ${report}`);
  assert.match(await condensed(panel, 0), /Condensed the thread · \S+k → \S+k tokens/);
  await turnsDone(panel, 4);
  const dropped = await percent(panel);
  assert.ok(dropped < full - 10, `${full}% before, ${dropped}% after`);
  await screenshot(page, "compaction-auto");

  await panel.getByTestId("context-meter").click();
  await screenshot(page, "compaction-popover");
  model.expectCut();
  await panel.getByTestId("condense-now").click();
  await condensed(panel, 1);
  await panel.getByTestId("banner-notice").getByText("condensed 2 times").waitFor();
  await screenshot(page, "compaction-by-hand");
  await say(panel, "Go on.");
  await turnsDone(panel, 5);

  panel = await reloadWindow(page);
  await condensed(panel, 1);
  assert.equal(await panel.getByTestId("user-message").count(), 5);
  await panel.getByTestId("context-meter").waitFor();
  await panel.getByTestId("context-meter").click();
  await panel.getByTestId("condense-now").click();
  await condensed(panel, 2);
  await panel.getByTestId("banner-notice-link").click();
  await panel.getByTestId("welcome").waitFor();
  await panel.getByTestId("banner-notice").waitFor({ state: "detached" });
  await say(panel, "A new beginning.");
  await turnsDone(panel, 1);
});
