import assert from "node:assert/strict";
import { test } from "node:test";
import { call, message, type Output, reasoning } from "../../src/core/model/demo/output.ts";
import { atEnd } from "../support/atEnd.ts";
import { startModelServer } from "../support/modelServer.ts";
import { screenshot, showView } from "../workbench/page.ts";
import { openWorkbench } from "../workbench/workbench.ts";
import { outline, readJournals } from "./journals.ts";
import { agentSays, answer, modelOf, openPanel, outside, question, reloadWindow, say, turnsDone } from "./panel.ts";

/** The second half of this message comes when the test says so. */
const story = message("Once upon a time there was a test. And it ended well.");
const run = call("exec_command", { ...outside("echo it ran"), justification: "To see it run." });

/** What the model says, by the words in the user's message, and to the output of a command. */
const lines: readonly (readonly [words: string, outputs: readonly Output[]])[] = [
  ["story", [reasoning("**Remembering a story**\n\nA short one will do."), story]],
  ["Go on", [message("I went on.")]],
  ["Run it", [message("I run it."), run]],
  ["Hide", [message("I look before I ask."), run]],
];

test("a thread survives the reload of its window, and the hiding of its panel", async (t) => {
  let gate = Promise.withResolvers<void>();
  const model = await startModelServer({
    script({ input }) {
      const last = JSON.stringify(input.at(-1));
      if (last.includes("call_output")) return message("It is done.");
      return lines.findLast(([words]) => last.includes(words))?.[1] ?? message("I do not know that.");
    },
    async pace(event) {
      if (event.type === "response.output_text.delta" && event.delta.includes("And")) await gate.promise;
      if (event.type === "response.output_text.delta" && event.delta.includes("before")) await gate.promise;
    },
  });
  atEnd(t, () => model.close());
  const { page, open, patchwrightHome } = await openWorkbench(t, {
    workspace: { kind: "files", files: { "a.txt": "one\n" } },
    ...modelOf(model),
  });

  let panel = await openPanel(page);
  await say(panel, "Tell me a story.");
  await agentSays(panel, "Once upon a time there was a test.");
  await screenshot(page, "reload-before");
  panel = await reloadWindow(page);
  await panel.getByTestId("stopped-divider").waitFor();
  await screenshot(page, "reload-interrupted");
  assert.equal(await panel.getByTestId("user-message").innerText(), "Tell me a story.");
  assert.match(await panel.getByTestId("reasoning").innerText(), /^Thought/);
  gate.resolve();

  await say(panel, "Go on.");
  await turnsDone(panel, 1);
  panel = await reloadWindow(page);
  await agentSays(panel, "I went on.");
  assert.deepEqual(await panel.getByTestId("user-message").allInnerTexts(), ["Tell me a story.", "Go on."]);
  await screenshot(page, "reload-after");

  await say(panel, "Run it.");
  await question(panel, "echo it ran");
  await open();
  panel = await openPanel(page);
  await panel.getByTestId("stopped-divider").nth(1).waitFor();
  assert.equal(await panel.getByTestId("approval").count(), 0);
  await screenshot(page, "reload-approval");

  gate = Promise.withResolvers();
  await say(panel, "Hide now.");
  await agentSays(panel, "I look");
  await showView(page, "Explorer");
  gate.resolve();
  await page.getByText("Patchwright: waiting for you").waitFor();
  panel = await openPanel(page);
  await question(panel, "echo it ran");
  await agentSays(panel, "I look before I ask.");
  await screenshot(page, "reload-hidden");
  await answer(panel, "allow");
  await agentSays(panel, "It is done.");
  await turnsDone(panel, 2);
  assert.equal(await panel.getByTestId("user-message").count(), 4);

  const [journal = [], ...others] = await readJournals(patchwrightHome);
  assert.deepEqual(others, []);
  const turns = outline(journal).filter((line) => /^(turn|turnEnd .*)$/.test(line));
  assert.deepEqual(
    turns,
    ["interrupted", "completed", "interrupted", "completed"].flatMap((status) => ["turn", `turnEnd ${status}`]),
  );
});
