import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import type { Frame, Page } from "playwright-core";
import { demoReply } from "../../src/core/model/demo/demo.ts";
import { atEnd } from "../support/atEnd.ts";
import { startModelServer } from "../support/modelServer.ts";
import { ownMethods, wireProblems } from "../wire/wireCheck.ts";
import { screenshot, setPanelWidth } from "../workbench/page.ts";
import { setTheme } from "../workbench/theme.ts";
import { until } from "../workbench/until.ts";
import { openWorkbench } from "../workbench/workbench.ts";
import { outline, readJournals, readTraces } from "./journals.ts";
import { comparable, type Recorded, runOnNode } from "./nodeRun.ts";
import { answer, cursorPlace, enterKey, openPanel, question, say, turnsDone } from "./panel.ts";

const firstMessage = "The tests fail. Find out why and fix it.";
const secondMessage =
  "Fix this problem, too:\nsrc/describe.ts:10:40: error (ts 2345): Argument of type 'Moment | undefined' is not assignable to parameter of type 'Moment'.";

test("from a message to a tested fix", async (t) => {
  const thought = Promise.withResolvers<void>();
  const model = await startModelServer({
    script: demoReply,
    pace: async ({ type }) => {
      if (type === "response.reasoning_summary_text.done") await thought.promise;
    },
  });
  atEnd(t, () => model.close());
  const { page, folders, patchwrightHome } = await openWorkbench(t, {
    workspace: { kind: "sample" },
    settings: { "patchwright.baseUrl": model.baseUrl, "patchwright.model": "gpt-5.4", "patchwright.trace.wire": true },
  });
  const sample = folders[0] ?? "";
  const panel = await openPanel(page);
  await setPanelWidth(page, 420);
  await enterKey(page, panel, model.apiKey);
  await screenshot(page, "welcome");

  await say(panel, firstMessage);
  await panel.getByTestId("reasoning").getByText("Thinking: Running the tests").waitFor();
  await screenshot(page, "reasoning");
  assert.equal(await panel.getByTestId("agent-message").count(), 0);
  thought.resolve();
  await runTests(panel, page);
  await acceptInCard(panel, page);
  await turnsDone(panel, 1);
  await readAnswer(panel, page);
  await say(panel, secondMessage);
  await acceptInEditor(panel, page);
  await turnsDone(panel, 2);
  await pictures(page);
  await checkFiles(sample);
  await checkJournal(patchwrightHome);
  await checkSameOnNode(t, {
    sample,
    storage: patchwrightHome,
    transcript: (await readTraces(patchwrightHome))[0] ?? [],
  });
});

/** The first test run: asked about, and allowed for the session. */
async function runTests(panel: Frame, page: Page): Promise<void> {
  const card = await question(panel, "npm test");
  assert.match(await panel.getByTestId("plan").innerText(), /0 of 4/);
  assert.equal(await card.getByTestId("allow").innerText(), "Allow");
  assert.equal((await card.getByTestId("deny").innerText()).trim(), "Deny");
  await screenshot(page, "approval");
  await answer(panel, "approval-choices", "allow-session");
  const command = panel.getByTestId("command").first();
  await command.getByText("exit 1").waitFor();
}

async function acceptInCard(panel: Frame, page: Page): Promise<void> {
  const card = await question(panel, "Accept this edit?");
  await page.locator(".tab.active", { hasText: "isOpen.ts (proposed by Patchwright)" }).waitFor();
  await screenshot(page, "edit");
  await answer(panel, "allow");
  await card.waitFor({ state: "detached" });
}

/** The final answer is Markdown, and a place in it opens the file there. */
async function readAnswer(panel: Frame, page: Page): Promise<void> {
  const last = panel.getByTestId("agent-message").last();
  await last.getByText("The tests pass again: 18 pass and none fails.").waitFor();
  assert.deepEqual(await last.locator("strong").allInnerTexts(), ["Cause:", "Change:", "Checked:"]);
  assert.equal(await panel.getByTestId("approval").count(), 0);
  await panel.getByTestId("command").nth(1).getByText("exit 0").waitFor();
  await screenshot(page, "done");
  await last.getByText("src/isOpen.ts:18").click();
  await page.locator('.tab.active[data-resource-name="isOpen.ts"]').waitFor();
  await until("the cursor is at the place", async () => (await cursorPlace(page)) === "Ln 18, Col 1");
  await screenshot(page, "link");
}

/** The question is answered in the title of the diff in the editor. */
async function acceptInEditor(panel: Frame, page: Page): Promise<void> {
  const card = await question(panel, "Accept this edit?");
  await page.locator(".tab", { hasText: "describe.ts (proposed by Patchwright)" }).click();
  await page.locator(".monaco-diff-editor .modified").getByText("const next").waitFor();
  await screenshot(page, "edit-in-editor");
  const title = page.locator(".editor-actions");
  await title.getByRole("button", { name: "Reject Proposed Change" }).waitFor();
  await title.getByRole("button", { name: "Accept Proposed Change" }).click();
  await card.waitFor({ state: "detached" });
  await page.locator(".tab", { hasText: "proposed by Patchwright" }).waitFor({ state: "detached" });
}

async function pictures(page: Page): Promise<void> {
  await screenshot(page, "panel-dark");
  await setTheme(page, "light");
  await screenshot(page, "panel-light");
  await setTheme(page, "highContrast");
  await screenshot(page, "panel-hc");
  await setTheme(page, "dark");
  for (const width of [320, 600]) {
    await setPanelWidth(page, width);
    await screenshot(page, `panel-${width}`);
  }
}

const repairs = {
  "src/isOpen.ts": ["minute <= range.closes;", "minute < range.closes;"],
  "src/describe.ts": [
    `  return \`Closed, opens \${formatMoment(nextOpening(hours, now))}\`;\n`,
    `  const next = nextOpening(hours, now);\n  return next ? \`Closed, opens \${formatMoment(next)}\` : "Closed";\n`,
  ],
} as const;

/** The files are those of the sample but for the lines of the two repairs. */
async function checkFiles(sample: string): Promise<void> {
  const template = path.resolve(import.meta.dirname, "../../sample");
  for (const [file, [before, after]] of Object.entries(repairs)) {
    const expected = (await readFile(path.join(template, file), "utf8")).replace(before, () => after);
    assert.equal(await readFile(path.join(sample, file), "utf8"), expected);
  }
}

/** One thread with two turns, each from its message to its end, and what the tests said. */
async function checkJournal(patchwrightHome: string): Promise<void> {
  const [journal = [], ...others] = await readJournals(patchwrightHome);
  assert.deepEqual(others, []);
  const items = outline(journal).filter((line) => /^(thread|turn|turnEnd .*|item .*)$/.test(line));
  assert.deepEqual(items, [
    "thread",
    "turn",
    "item userMessage",
    "item reasoning",
    "item agentMessage",
    "item commandExecution failed",
    "item reasoning",
    "item dynamicToolCall completed",
    "item reasoning",
    "item dynamicToolCall completed",
    "item dynamicToolCall completed",
    "item dynamicToolCall completed",
    "item reasoning",
    "item agentMessage",
    "item fileChange completed",
    "item agentMessage",
    "item commandExecution completed",
    "item dynamicToolCall completed",
    "item agentMessage",
    "turnEnd completed",
    "turn",
    "item userMessage",
    "item reasoning",
    "item dynamicToolCall completed",
    "item reasoning",
    "item dynamicToolCall completed",
    "item reasoning",
    "item agentMessage",
    "item fileChange completed",
    "item dynamicToolCall completed",
    "item agentMessage",
    "turnEnd completed",
  ]);
  const commands = journal.flatMap((record) =>
    record.type === "item" && record.item.type === "commandExecution" ? [record.item] : [],
  );
  assert.deepEqual(
    commands.map(({ command, exitCode }) => [command, exitCode]),
    [
      ["npm test", 1],
      ["npm test", 0],
    ],
  );
  assert.match(commands[0]?.aggregatedOutput ?? "", /✖ is closed from the minute it closes/);
  assert.match(commands[1]?.aggregatedOutput ?? "", /✔ is closed from the minute it closes/);
}

/** Without an editor, in a fresh sample, the same messages and answers make the same transcript of the wire. */
async function checkSameOnNode(t: TestContext, window: Recorded): Promise<void> {
  assert.deepEqual(wireProblems(window.transcript, ownMethods), []);
  const node = await runOnNode(t, demoReply, [
    {
      text: firstMessage,
      answers: [{ here: { decision: "acceptForSession" } }, { here: { decision: "accept" } }],
    },
    { text: secondMessage, answers: [{ elsewhere: { decision: "accept" } }] },
  ]);
  assert.equal(comparable(window), comparable(node));
}
