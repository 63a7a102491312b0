import assert from "node:assert/strict";
import { test } from "node:test";
import { type Panel, panels, textOf, until } from "./driver.ts";

const open = panels();

async function opened(scene: string): Promise<Panel> {
  const panel = await open({ scene });
  await panel.byId("model").getByText("Atlas 4").waitFor();
  return panel;
}

async function pick(panel: Panel, testId: string): Promise<void> {
  await panel.byId("mode").click();
  await panel.byId(testId).click();
}

/** The `count`th change of the thread's settings. */
async function updated(panel: Panel, count: number): Promise<unknown> {
  const all = await until(
    () => panel.requests("thread/settings/update"),
    (requests) => requests.length === count,
  );
  return all.at(-1);
}

/** What the next thread is started with. */
async function started(panel: Panel): Promise<unknown> {
  await panel.byId("composer").fill("Go on.");
  await panel.byId("send").click();
  const [params] = await until(
    () => panel.requests("thread/start"),
    (requests) => requests.length > 0,
  );
  return (params as { editReview: unknown }).editReview;
}

test("the open thread's edits are reviewed after, and the button says so", async () => {
  const panel = await opened("finished");
  assert.equal(await textOf(panel.byId("mode")), "Ask");
  await pick(panel, "edits-after");
  assert.deepEqual(await updated(panel, 1), { threadId: "t", editReview: "after" });
  assert.equal(await textOf(panel.byId("mode")), "Review after");
  await pick(panel, "edits-before");
  assert.deepEqual(await updated(panel, 2), { threadId: "t", editReview: "before" });
  assert.equal(await textOf(panel.byId("mode")), "Ask");
});

test("in a narrow panel the model's name is not cut off by the way of working", async () => {
  const panel = await open({ scene: "finished", width: 320 });
  await panel.byId("model").getByText("Atlas 4").waitFor();
  await pick(panel, "edits-after");
  await panel.byId("mode").getByText("Review after").waitFor();
  const name = panel.byId("model").locator(".ellipsis");
  assert.ok(await name.evaluate((element) => element.scrollWidth <= element.clientWidth));
});

test("by keys", async () => {
  const panel = await opened("finished");
  await panel.byId("mode").focus();
  for (const key of ["Enter", "ArrowDown", "Enter"]) await panel.page.keyboard.press(key);
  assert.equal(await textOf(panel.byId("mode")), "Review after");
});

test("what a thread works with is shown when it is opened", async () => {
  const panel = await opened("edit-after");
  assert.equal(await textOf(panel.byId("mode")), "Review after");
  await panel.byId("mode").click();
  assert.equal(await panel.byId("edits-after").getAttribute("aria-checked"), "true");
  assert.equal(await panel.byId("mode-ask").getAttribute("aria-checked"), "true");
});

test("a thread starts with it, and nothing is said unless it was chosen", async () => {
  const panel = await opened("welcome");
  await pick(panel, "edits-after");
  assert.equal(await started(panel), "after");
  assert.equal(await started(await opened("welcome")), null);
});

test("it holds for the next thread, through a reload", async () => {
  const panel = await opened("finished");
  await pick(panel, "edits-after");
  await panel.page.reload();
  await panel.byId("model").getByText("Atlas 4").waitFor();
  await panel.byId("new-thread").click();
  assert.equal(await textOf(panel.byId("mode")), "Review after");
  assert.equal(await started(panel), "after");
});

test("with full access edits do not ask, whatever was chosen", async () => {
  const panel = await opened("full");
  assert.equal(await textOf(panel.byId("mode")), "Full access");
  await panel.byId("mode").click();
  assert.equal(await panel.byId("edits-before").isDisabled(), true);
  assert.equal(await panel.byId("edits-after").isDisabled(), true);
});

test("the note about the sandbox says which edits ask", async () => {
  const panel = await opened("edit-after");
  await panel.byId("no-sandbox").click();
  assert.match(await textOf(panel.byId("menu")), /Edits in the workspace are made at once/);
});
