import assert from "node:assert/strict";
import { test } from "node:test";
import { type Panel, panels, textOf, until } from "./driver.ts";

const open = panels();

async function opened(scene: string): Promise<Panel> {
  const panel = await open({ scene });
  await panel.byId("context-meter").waitFor();
  return panel;
}

test("a line across the thread says what was condensed, and why", async () => {
  const panel = await opened("condensed");
  const [done, not, live] = await panel.byId("compaction").allInnerTexts();
  assert.match(done ?? "", /Condensed the thread · 182k → 12k tokens/);
  assert.match(not ?? "", /The thread was not condensed/);
  assert.match(live ?? "", /Condensing the thread…/);
  assert.match((await panel.byId("compaction").first().getAttribute("title")) ?? "", /nearly full/);
  assert.match(await textOf(panel.byId("now-label")), /^Condensing the thread$/);
});

test("the meter opens what can be done, and condenses", async () => {
  const panel = await opened("finished");
  await panel.byId("context-meter").click();
  assert.match(await textOf(panel.byId("meter-popover")), /41%: 82k of 200k tokens used/);
  await panel.byId("condense-now").click();
  const asked = await until(
    () => panel.requests("thread/compact/start"),
    (all) => all.length > 0,
  );
  assert.deepEqual(asked, [{ threadId: "t" }]);
});

test("while a turn runs it says from when on", async () => {
  const panel = await opened("at-work");
  await panel.byId("context-meter").focus();
  for (const key of ["Enter", "Tab", "Enter"]) await panel.page.keyboard.press(key);
  await panel.byId("composer-note").getByText("condensed before the next step").waitFor();
});

test("while it is condensed there is nothing to click", async () => {
  const panel = await opened("condensed");
  await panel.byId("context-meter").click();
  await panel.byId("meter-sent").waitFor();
  assert.equal(await panel.byId("condense-now").count(), 0);
});

test("a warning stays until it is dismissed, and can lead to a new thread", async () => {
  const panel = await opened("condensed");
  await panel.byId("banner-notice").getByText("condensed 2 times").waitFor();
  await panel.byId("banner-notice-link").click();
  await panel.byId("welcome").waitFor();
  await panel.byId("banner-notice").waitFor({ state: "detached" });

  const other = await opened("finished");
  await other.notify("warning", { threadId: "t", message: "The file AGENTS.md was cut." });
  await other.byId("banner-notice").getByText("AGENTS.md was cut").waitFor();
  assert.equal(await other.byId("banner-notice-link").count(), 0);
  await other.byId("dismiss").click();
  await other.byId("banner-notice").waitFor({ state: "detached" });
});
