import assert from "node:assert/strict";
import { test } from "node:test";
import { message } from "../../src/core/model/demo/output.ts";
import { atEnd } from "../support/atEnd.ts";
import { startModelServer } from "../support/modelServer.ts";
import { pollFile, screenshot } from "../workbench/page.ts";
import { openWorkbench } from "../workbench/workbench.ts";
import { portsOfExtensionHost } from "./listening.ts";
import { agentSays, answer, modelOf, openPanel, question, say, turnsDone, typeKey } from "./panel.ts";

test("without a key the demo repairs the sample, and nothing listens on a port", async (t) => {
  const { page, folders, patchwrightHome } = await openWorkbench(t, { workspace: { kind: "sample" } });
  const panel = await openPanel(page);
  await panel.getByTestId("try-demo").waitFor();
  await screenshot(page, "demo-welcome");
  assert.deepEqual(await portsOfExtensionHost(patchwrightHome), []);
  await panel.getByTestId("try-demo").click();
  await panel.getByTestId("banner-demo").waitFor();
  await panel.getByTestId("suggestion").first().click();
  await question(panel, "npm test");
  await screenshot(page, "demo-approval");
  await answer(panel, "allow");
  await question(panel, "Accept this edit?");
  await answer(panel, "allow");
  await question(panel, "npm test");
  await answer(panel, "allow");
  await agentSays(panel, "The tests pass again: 18 pass and none fails.");
  await pollFile(`${folders[0]}/src/isOpen.ts`, (text) => text.includes("minute < range.closes;\n}"));
  await turnsDone(panel, 1);
  await say(panel, "Write me a poem.");
  await turnsDone(panel, 2);
  await agentSays(panel, "I am the demo model: a script that is built into Patchwright, not a language model.");
  await screenshot(page, "demo-done");
  assert.deepEqual(await portsOfExtensionHost(patchwrightHome), []);
});

test("as an agent in the sandbox it asks nothing, and its edit waits for review", async (t) => {
  const { page, folders } = await openWorkbench(t, {
    workspace: { kind: "sample" },
    settings: { "patchwright.approvalPolicy": "on-request", "patchwright.review.edits": "after" },
  });
  const panel = await openPanel(page);
  await panel.getByTestId("try-demo").click();
  await panel.getByTestId("suggestion").first().click();
  await turnsDone(panel, 1);
  await agentSays(panel, "The tests pass again: 18 pass and none fails.");
  await pollFile(`${folders[0]}/src/isOpen.ts`, (text) => text.includes("minute < range.closes;\n}"));
  assert.equal(await panel.getByTestId("command").count(), 2);
  await screenshot(page, "demo-agent");
});

test("elsewhere there is no demo, and the panel shows how to set a key", async (t) => {
  const { page } = await openWorkbench(t, { workspace: { kind: "files", files: { "a.txt": "one\n" } } });
  const panel = await openPanel(page);
  await panel.getByTestId("use-key").waitFor();
  await panel.getByTestId("welcome").getByText("edits and runs code in").waitFor();
  assert.equal(await panel.getByTestId("try-demo").count(), 0);
  await screenshot(page, "no-key");
  await panel.getByTestId("composer").fill("Do something.");
  await panel.getByTestId("composer").press("Enter");
  await panel.getByTestId("composer-note").waitFor();
  assert.match(await panel.getByTestId("composer-note").innerText(), /no API key yet/);
  await screenshot(page, "no-key-asked");
});

test("once a key is entered in a thread of the demo, the panel says who answers before anything is sent", async (t) => {
  const model = await startModelServer({ script: () => [message("I am a model.")] });
  atEnd(t, () => model.close());
  const { settings } = modelOf(model);
  const { page } = await openWorkbench(t, { workspace: { kind: "sample" }, settings });
  const panel = await openPanel(page);
  await panel.getByTestId("try-demo").click();
  const banner = panel.getByTestId("banner-demo");
  await banner.waitFor();
  await say(panel, "Write me a poem.");
  await turnsDone(panel, 1);
  await panel.getByTestId("banner-demo-link").click();
  await typeKey(page, model.apiKey);
  await banner.waitFor({ state: "detached" });
  await panel.getByTestId("model").getByText("gpt-5.4").waitFor();
  assert.deepEqual(model.requests, []);
  await screenshot(page, "demo-key");
  await say(panel, "Who are you?");
  await turnsDone(panel, 2);
  await agentSays(panel, "I am a model.");
});
