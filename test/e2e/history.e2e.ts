import assert from "node:assert/strict";
import { test } from "node:test";
import type { Frame, Locator } from "playwright-core";
import { message } from "../../src/core/model/demo/output.ts";
import { atEnd } from "../support/atEnd.ts";
import { startModelServer } from "../support/modelServer.ts";
import { runCommand, screenshot } from "../workbench/page.ts";
import { until } from "../workbench/until.ts";
import { openWorkbench } from "../workbench/workbench.ts";
import { readJournals } from "./journals.ts";
import { modelOf, newThread, openPanel, say, turnsDone } from "./panel.ts";

function row(panel: Frame, title: string): Locator {
  return panel.getByTestId("history-row").filter({ hasText: title });
}

/** Waits until these threads are listed, in this order, and no others. */
async function listed(panel: Frame, ...titles: readonly string[]): Promise<void> {
  const shown = panel.locator(".history-title");
  await until(`the history lists ${titles.join(", ")}`, async () => {
    const all = await shown.allInnerTexts();
    return all.length === titles.length && titles.every((title, index) => all[index] === title);
  });
}

test("threads are listed, searched, opened, renamed, archived and deleted", async (t) => {
  const model = await startModelServer({ script: () => message("Here I am.") });
  atEnd(t, () => model.close());
  const { page, patchwrightHome } = await openWorkbench(t, {
    workspace: { kind: "files", files: { "a.txt": "one\n" } },
    ...modelOf(model),
  });
  const panel = await openPanel(page);
  for (const name of ["Apples", "Pears", "Plums"]) {
    await say(panel, name);
    await turnsDone(panel, 1);
    await newThread(panel);
  }

  await panel.getByTestId("history").click();
  await listed(panel, "Plums", "Pears", "Apples");
  await screenshot(page, "history");
  await panel.getByTestId("search").locator("input").fill("ears");
  await listed(panel, "Pears");
  await screenshot(page, "history-search");
  await row(panel, "Pears").getByTestId("open-thread").click();
  await panel.getByTestId("user-message").getByText("Pears").waitFor();
  assert.equal(await panel.getByTestId("user-message").count(), 1);
  await say(panel, "More pears");
  await turnsDone(panel, 2);

  await runCommand(page, "Patchwright: Show Threads");
  await listed(panel, "Pears", "Plums", "Apples");
  await row(panel, "Apples").hover();
  await row(panel, "Apples").getByTestId("row-rename").click();
  await panel.getByTestId("rename-field").locator("input").fill("Green apples");
  await panel.getByTestId("save-rename").click();
  await listed(panel, "Pears", "Plums", "Green apples");

  await row(panel, "Plums").hover();
  await row(panel, "Plums").getByTestId("row-archive").click();
  await listed(panel, "Pears", "Green apples");
  await row(panel, "Green apples").hover();
  await row(panel, "Green apples").getByTestId("row-delete").click();
  await screenshot(page, "history-delete");
  await panel.getByTestId("confirm-delete").click();
  await listed(panel, "Pears");
  await panel.getByTestId("filter").click();
  await panel.getByTestId("filter-archived").click();
  await listed(panel, "Plums");
  await row(panel, "Plums").hover();
  await row(panel, "Plums").getByTestId("row-unarchive").click();
  await listed(panel);
  await panel.getByTestId("filter").click();
  await panel.getByTestId("filter-archived").click();
  await listed(panel, "Pears", "Plums");
  assert.equal((await readJournals(patchwrightHome)).length, 2);

  await runCommand(page, "Patchwright: New Thread");
  await panel.getByTestId("welcome").waitFor();
  await panel.getByRole("heading", { name: "New thread" }).waitFor();
});
