import assert from "node:assert/strict";
import { test } from "node:test";
import type { Frame } from "playwright-core";
import { message } from "../../src/core/model/demo/output.ts";
import { atEnd } from "../support/atEnd.ts";
import { startModelServer } from "../support/modelServer.ts";
import type { ParsedRequest } from "../support/modelServerRules.ts";
import { screenshot } from "../workbench/page.ts";
import { until } from "../workbench/until.ts";
import { openWorkbench } from "../workbench/workbench.ts";
import { outline, readJournals } from "./journals.ts";
import { agentSays, modelOf, openPanel, reloadWindow, say, turnsDone } from "./panel.ts";

/** What the user says in this thread so far, as the model sees it. */
function saidIn({ input }: ParsedRequest): string[] {
  const texts = input.flatMap((item) =>
    "role" in item && item.role === "user" && Array.isArray(item.content)
      ? item.content.map((part) => ("text" in part ? part.text : ""))
      : [],
  );
  return texts.filter((text) => !text.startsWith("<"));
}

const messages = (panel: Frame) => panel.getByTestId("user-message").allInnerTexts();
const says = (panel: Frame, ...texts: string[]) =>
  until(`the thread says ${texts.join(", ")}`, async () => (await messages(panel)).join("|") === texts.join("|"));
const composes = (panel: Frame, text: string) =>
  until(`the composer holds "${text}"`, async () => (await panel.getByTestId("composer").inputValue()) === text);

test("earlier messages are edited, by click and by key, also while a turn runs, and threads are forked", async (t) => {
  const gate = Promise.withResolvers<void>();
  const model = await startModelServer({
    script: (request) => message(`I heard: ${saidIn(request).join(" ")} Anything else?`),
    async pace(event) {
      const held = event.type === "response.output_text.delta" && event.delta.includes("Anything");
      if (held && model.requests.length === 4) await gate.promise;
    },
  });
  atEnd(t, () => model.close());
  const { page, patchwrightHome } = await openWorkbench(t, {
    workspace: { kind: "files", files: { "a.txt": "one\n" } },
    ...modelOf(model),
  });
  let panel = await openPanel(page);
  for (const [at, text] of ["One.", "Two.", "Three."].entries()) {
    await say(panel, text);
    await turnsDone(panel, at + 1);
  }

  await panel.getByTestId("composer").fill("half a thought");
  await panel.getByTestId("user-message").nth(1).hover();
  await panel.getByTestId("edit-message").nth(1).click();
  await composes(panel, "Two.");
  assert.match(await panel.getByTestId("composer-edit").innerText(), /files stay as they are/);
  await screenshot(page, "edit-message");
  await panel.getByTestId("composer").press("Escape");
  await composes(panel, "half a thought");
  await panel.getByTestId("user-message").nth(1).hover();
  await panel.getByTestId("edit-message").nth(1).click();
  await panel.getByTestId("composer").fill("Two and a half.");
  model.expectCut();
  await panel.getByTestId("send").click();
  await says(panel, "One.", "Two and a half.");
  await composes(panel, "half a thought");
  await agentSays(panel, "I heard: One. Two and a half.");
  await screenshot(page, "edit-message-sent");

  await panel.getByTestId("composer").fill("");
  await panel.getByTestId("composer").press("ArrowUp");
  await composes(panel, "Two and a half.");
  await panel.getByTestId("composer").fill("Two again.");
  model.expectCut();
  await panel.getByTestId("composer").press("Enter");
  await says(panel, "One.", "Two again.");
  await turnsDone(panel, 2);
  gate.resolve();
  assert.equal(await (await model.request(3)).ended, "broken");

  panel = await reloadWindow(page);
  await says(panel, "One.", "Two again.");
  await panel.getByTestId("user-message").nth(1).hover();
  await panel.getByTestId("message-menu").nth(1).click();
  await panel.getByTestId("fork-before").click();
  await composes(panel, "Two again.");
  await says(panel, "One.");
  await panel.getByTestId("fork-origin").getByText("One.").waitFor();
  await screenshot(page, "edit-fork");
  await panel.getByTestId("composer").press("Enter");
  await says(panel, "One.", "Two again.");
  await turnsDone(panel, 2);
  await panel.getByTestId("fork-origin").click();
  await panel.getByTestId("fork-mark").waitFor({ state: "detached" });
  await says(panel, "One.", "Two again.");

  const journals = await readJournals(patchwrightHome);
  assert.equal(journals.length, 2);
  const lines = journals.map(outline);
  assert.deepEqual(lines.map((journal) => journal.filter((line) => line === "revert").length).toSorted(), [0, 2]);
});
