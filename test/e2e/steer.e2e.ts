import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Frame } from "playwright-core";
import { message, type Output, reasoning } from "../../src/core/model/demo/output.ts";
import { atEnd } from "../support/atEnd.ts";
import { type ModelServer, startModelServer } from "../support/modelServer.ts";
import type { ParsedRequest } from "../support/modelServerRules.ts";
import { screenshot } from "../workbench/page.ts";
import { until } from "../workbench/until.ts";
import { openWorkbench } from "../workbench/workbench.ts";
import { agentSays, modelOf, openPanel, reloadWindow, say, turnsDone } from "./panel.ts";

/** An answer to these words halts before its last sentence until the test lets it go on. */
const slow = "And that was it.";

function answerTo(words: string): readonly Output[] {
  return [reasoning("**Thinking it over**"), message(`You said: ${words} ${slow}`)];
}

/** The text of the newest message of the user. */
function newest({ input }: ParsedRequest): string {
  const said = input.findLast((item) => "role" in item && item.role === "user") as { content: { text?: string }[] };
  return said.content.map(({ text }) => text ?? "").join("");
}

/** Types a message and presses a key; resolves once the server has it and the composer is empty. */
async function type(panel: Frame, text: string, key: "Enter" | "Control+Enter"): Promise<void> {
  const composer = panel.getByTestId("composer");
  await composer.fill(text);
  await composer.press(key);
  await until(`"${text}" is taken`, async () => (await composer.inputValue()) === "");
}

const waiting = (panel: Frame) => panel.getByTestId("queue-text").allInnerTexts();
const waits = (panel: Frame, ...texts: string[]) =>
  until(`${texts.join(", ") || "nothing"} waits`, async () => (await waiting(panel)).join("|") === texts.join("|"));
const messages = (panel: Frame) => panel.getByTestId("user-message").allInnerTexts();

/** A model that stops in the middle of each answer until the promise of that moment resolves. */
async function startPacedModel(t: TestContext, gate: () => Promise<void>): Promise<ModelServer> {
  const model = await startModelServer({
    script: (request) => answerTo(newest(request)),
    async pace(event) {
      if (event.type === "response.output_text.delta" && event.delta.includes("And")) await gate();
    },
  });
  atEnd(t, () => model.close());
  return model;
}

test("messages steer the turn or wait in a queue, and survive a stop and a reload", async (t) => {
  let gate = Promise.withResolvers<void>();
  const model = await startPacedModel(t, () => gate.promise);
  const { page } = await openWorkbench(t, {
    workspace: { kind: "files", files: { "a.txt": "one\n" } },
    ...modelOf(model),
  });
  let panel = await openPanel(page);

  await say(panel, "Begin.");
  await agentSays(panel, "You said: Begin.");
  await type(panel, "First.", "Enter");
  await type(panel, "Second.", "Enter");
  await type(panel, "Third.", "Enter");
  await waits(panel, "First.", "Second.", "Third.");
  await type(panel, "Mind the tests.", "Control+Enter");
  await panel.getByTestId("steering").getByText("Mind the tests.").waitFor();
  await screenshot(page, "steer-queue");

  await panel.getByTestId("queue-item").nth(2).focus();
  await page.keyboard.press("Alt+ArrowUp");
  await waits(panel, "First.", "Third.", "Second.");
  await panel.getByTestId("queue-item").first().hover();
  await panel.getByTestId("queue-item").first().getByTestId("queue-delete").click();
  await waits(panel, "Third.", "Second.");
  await drag(panel, 0, 1);
  await waits(panel, "Second.", "Third.");
  await panel.getByTestId("queue-item").nth(1).hover();
  await panel.getByTestId("queue-item").nth(1).getByTestId("queue-edit").click();
  await type(panel, "Third, and last.", "Enter");
  await waits(panel, "Second.", "Third, and last.");
  await screenshot(page, "steer-edited");

  gate.resolve();
  await turnsDone(panel, 3);
  assert.deepEqual(await messages(panel), ["Begin.", "Mind the tests.", "Second.", "Third, and last."]);
  assert.deepEqual(
    model.requests.map(({ params }) => newest(params!)),
    ["Begin.", "Mind the tests.", "Second.", "Third, and last."],
  );
  assert.equal(await panel.getByTestId("queue").count(), 0);
  await screenshot(page, "steer-done");

  gate = Promise.withResolvers();
  await say(panel, "Once more.");
  await agentSays(panel, "You said: Once more.");
  await type(panel, "For later.", "Enter");
  await type(panel, "Stop, not so.", "Control+Enter");
  await panel.getByTestId("steering").getByText("Stop, not so.").waitFor();
  await panel.getByTestId("composer").press("Shift+Escape");
  await panel.getByTestId("stopped-divider").waitFor();
  await waits(panel, "Stop, not so.", "For later.");
  await panel.getByTestId("composer-note").getByText("before the agent read your message").waitFor();
  assert.equal(await panel.getByTestId("steering").count(), 0);
  await screenshot(page, "steer-stopped");

  panel = await reloadWindow(page);
  await waits(panel, "Stop, not so.", "For later.");
  assert.match(await panel.getByTestId("queue").innerText(), /2 messages, not sent yet/);
  await screenshot(page, "steer-reloaded");
  gate.resolve();
  await panel.getByTestId("queue-send").click();
  await turnsDone(panel, 5);
  assert.deepEqual((await messages(panel)).slice(-3), ["Once more.", "Stop, not so.", "For later."]);
  assert.equal(await panel.getByTestId("queue").count(), 0);
});

test("a message that waits becomes one that steers, and a setting swaps the keys", async (t) => {
  const gate = Promise.withResolvers<void>();
  const model = await startPacedModel(t, () => gate.promise);
  const { page } = await openWorkbench(t, {
    workspace: { kind: "files", files: { "a.txt": "one\n" } },
    ...modelOf(model, { "patchwright.enterWhileRunning": "steer" }),
  });
  const panel = await openPanel(page);
  await say(panel, "Begin.");
  await agentSays(panel, "You said: Begin.");
  await type(panel, "Wait.", "Control+Enter");
  await waits(panel, "Wait.");
  await type(panel, "Now.", "Enter");
  await panel.getByTestId("steering").getByText("Now.").waitFor();
  await panel.getByTestId("queue-item").hover();
  await panel.getByTestId("queue-use").click();
  await panel.getByTestId("steering").nth(1).waitFor();
  await waits(panel);
  await panel.getByTestId("steering").filter({ hasText: "Now." }).getByTestId("steering-close").click();
  await until("one steers", async () => (await panel.getByTestId("steering").count()) === 1);
  await screenshot(page, "steer-swapped");
  gate.resolve();
  await turnsDone(panel, 1);
  assert.deepEqual(await messages(panel), ["Begin.", "Wait."]);
});

/** Drags a waiting message by its grip to the place of another one. */
async function drag(panel: Frame, from: number, to: number): Promise<void> {
  const mouse = panel.page().mouse;
  const grip = await panel.getByTestId("queue-grip").nth(from).boundingBox();
  const target = await panel.getByTestId("queue-item").nth(to).boundingBox();
  if (!grip || !target) throw new Error("The queue is not visible.");
  await mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2);
  await mouse.down();
  await mouse.move(grip.x + grip.width / 2, target.y + target.height / 2, { steps: 5 });
  await mouse.up();
}
