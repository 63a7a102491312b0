import assert from "node:assert/strict";
import { test } from "node:test";
import { type Panel, panels, until } from "./driver.ts";

const open = panels();

const now = ({ byId }: Panel) => byId("composer").getAttribute("placeholder");
const becomes = (panel: Panel, words: string) =>
  until(
    () => now(panel),
    (value) => value === words,
  );

async function asked(scene: string): Promise<Panel> {
  const panel = await open({ scene, clock: "stopped" });
  await panel.byId("approval").waitFor();
  await panel.run(450);
  return panel;
}

test("what is typed says why not, as long as the question about a host is open", async () => {
  const panel = await asked("approval-network");
  await becomes(panel, "Type to deny with feedback");
  await panel.byId("deny").click();
  await panel.run(50);
  assert.equal(await now(panel), "Queue the next message");
});

test("so it is when the command ends and takes its question with it", async () => {
  const panel = await asked("approval-network");
  await panel.notify("serverRequest/resolved", { threadId: "t", requestId: 1 });
  await panel.run(50);
  assert.equal(await now(panel), "Queue the next message");
});

test("a question after the end of its turn leaves the composer to the next message, as Enter does", async () => {
  const panel = await asked("approval-left-running");
  assert.equal(await now(panel), "Ask for a change");
  await panel.byId("composer").fill("Stop watching.");
  await panel.byId("composer").press("Enter");
  await panel.run(50);
  assert.equal((await panel.requests("turn/start")).length, 1);
  assert.deepEqual(await panel.answers(), []);
});

test("a message that is edited is no answer, whatever asks", async () => {
  const panel = await asked("approval-network");
  await panel.byId("user-message").first().hover();
  await panel.byId("edit-message").first().click();
  await panel.byId("composer").fill("");
  await panel.run(50);
  assert.equal(await now(panel), "Write the message anew");
});
