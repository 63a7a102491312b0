import assert from "node:assert/strict";
import { test } from "node:test";
import { isFocused, type Panel, panels, until } from "./driver.ts";

const open = panels();

async function opened(scene: string): Promise<Panel> {
  const panel = await open({ scene });
  await panel.byId("user-message").first().waitFor({ state: "attached" });
  await panel.byId("composer").focus();
  return panel;
}

const focused = (panel: Panel): Promise<unknown> =>
  panel.page.evaluate("document.activeElement.dataset.testid ?? document.activeElement.localName");

test("Enter sends, Shift+Enter is a new line", async () => {
  const panel = await opened("finished");
  await panel.byId("composer").fill("");
  await panel.page.keyboard.type("one");
  await panel.page.keyboard.press("Shift+Enter");
  await panel.page.keyboard.type("two");
  await panel.page.keyboard.press("Enter");
  const [sent] = (await until(
    () => panel.requests("turn/start"),
    (all) => all.length > 0,
  )) as { input: { text: string }[] }[];
  assert.equal(sent?.input[0]?.text, "one\ntwo");
  await until(
    () => panel.byId("composer").inputValue(),
    (text) => text === "",
  );
});

test("Enter of an input method does not send", async () => {
  const panel = await opened("finished");
  await panel.page.keyboard.type("に");
  await panel.page.evaluate(
    "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))",
  );
  await panel.quiet();
  assert.deepEqual(await panel.requests("turn/start"), []);
  assert.equal(await panel.byId("composer").inputValue(), "に");
});

test("Shift+Escape stops the turn", async () => {
  const panel = await opened("at-work");
  await panel.page.keyboard.press("Shift+Escape");
  assert.deepEqual(
    await until(
      () => panel.requests("turn/interrupt"),
      (all) => all.length > 0,
    ),
    [{ threadId: "t", turnId: "a" }],
  );
});

test("up in the empty composer takes the last message back for editing", async () => {
  const panel = await opened("at-work");
  await panel.page.keyboard.press("ArrowUp");
  assert.match(await panel.byId("composer").inputValue(), /^The retry test is flaky/);
  assert.equal(await panel.page.locator(".composer [data-testid=chip]").count(), 2);
});

test("Ctrl+up enters the rows, the arrows move, open and close, Escape returns", async () => {
  const panel = await opened("at-work");
  const command = panel.byId("command").last();
  await panel.page.keyboard.press("Control+ArrowUp");
  assert.equal(await isFocused(command.locator("[data-row]")), true);
  await panel.page.keyboard.press("ArrowLeft");
  assert.equal(await command.locator("[data-row]").getAttribute("aria-expanded"), "false");
  await panel.page.keyboard.press("ArrowRight");
  assert.equal(await command.locator("[data-row]").getAttribute("aria-expanded"), "true");
  await panel.page.keyboard.press("ArrowUp");
  assert.equal(await focused(panel), "file-toggle");
  await panel.page.keyboard.press("ArrowUp");
  assert.equal(await focused(panel), "agent-message");
  await panel.page.keyboard.press("Escape");
  assert.equal(await focused(panel), "composer");
});

test("a menu is moved through by arrows and closed by Escape, and the focus returns", async () => {
  const panel = await opened("finished");
  await panel.byId("mode").focus();
  await panel.page.keyboard.press("Enter");
  assert.equal(await focused(panel), "mode-agent");
  await panel.page.keyboard.press("ArrowDown");
  assert.equal(await focused(panel), "mode-full");
  await panel.page.keyboard.press("ArrowDown");
  assert.equal(await focused(panel), "edits-before");
  await panel.page.keyboard.press("Escape");
  await until(
    () => panel.byId("menu").count(),
    (count) => count === 0,
  );
  assert.equal(await focused(panel), "mode");
});

test("the tab order is header, thread, deck", async () => {
  const panel = await opened("at-work");
  await panel.byId("title").focus();
  const order: unknown[] = ["title"];
  for (let presses = 0; presses < 60; presses++) {
    await panel.page.keyboard.press("Tab");
    order.push(await focused(panel));
  }
  const places = ["title", "new-thread", "thread", "reasoning", "composer", "attach", "mode", "model", "stop"].map(
    (name) => order.indexOf(name),
  );
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
  assert.ok(!places.includes(-1), `${places}`);
});
