import assert from "node:assert/strict";
import { test } from "node:test";
import { isFocused, type Panel, panels, textOf, until } from "./driver.ts";

const open = panels();

async function opened(scene: string): Promise<Panel> {
  const panel = await open({ scene });
  await panel.byId("user-message").first().waitFor({ state: "attached" });
  return panel;
}

const composed = (panel: Panel) => panel.byId("composer").inputValue();
const first = async (panel: Panel, method: string) =>
  (
    await until(
      () => panel.requests(method),
      (all) => all.length > 0,
    )
  )[0];
/** What the panel asked for of these, in order. */
const asked = (panel: Panel, methods: readonly string[]) =>
  until(
    () =>
      panel.page.evaluate(
        `fake.received.map(({ method }) => method).filter((method) => ${JSON.stringify(methods)}.includes(method))`,
      ) as Promise<string[]>,
    (all) => all.length >= methods.length,
  );

test("an earlier message is edited: what followed it is taken back, and the new text starts a turn", async () => {
  const panel = await opened("two-turns");
  await panel.byId("composer").fill("half a thought");
  await panel.byId("user-message").first().hover();
  await panel.byId("edit-message").first().click();
  assert.equal(await composed(panel), "Make the client retry.");
  assert.equal(await isFocused(panel.byId("composer")), true);
  assert.match(await textOf(panel.byId("composer-edit")), /all that followed; files stay as they are/);
  await panel.byId("composer").fill("Make the client retry twice.");
  await panel.byId("send").click();
  assert.deepEqual(await first(panel, "thread/revert"), { threadId: "t", beforeTurnId: "b" });
  const started = (await first(panel, "turn/start")) as { input: { text: string }[] };
  assert.equal(started.input[0]?.text, "Make the client retry twice.");
  assert.deepEqual(await panel.requests("turn/interrupt"), []);
  await until(
    () => composed(panel),
    (text) => text === "half a thought",
  );
  assert.equal(await panel.byId("composer-edit").count(), 0);
});

test("a turn that runs is stopped first", async () => {
  const panel = await opened("at-work");
  await panel.byId("composer").focus();
  await panel.page.keyboard.press("ArrowUp");
  assert.match(await composed(panel), /^The retry test is flaky/);
  assert.equal(await panel.page.locator(".composer [data-testid=chip]").count(), 2);
  await panel.page.keyboard.press("Enter");
  const order = ["turn/interrupt", "thread/revert", "turn/start"];
  assert.deepEqual(await asked(panel, order), order);
});

test("what cannot be taken back stays as it is, with the text in the composer", async () => {
  const panel = await opened("two-turns");
  await panel.page.evaluate("fake.failures['thread/revert'] = 'The disk is full.'");
  await panel.byId("composer").focus();
  await panel.page.keyboard.press("ArrowUp");
  await panel.byId("composer").fill("Another way.");
  await panel.page.keyboard.press("Enter");
  await panel.byId("composer-note").getByText("It was not sent. The disk is full.").waitFor();
  assert.equal(await composed(panel), "Another way.");
  await panel.byId("composer-edit").waitFor();
  assert.deepEqual(await panel.requests("turn/start"), []);
});

test("when only the new message is refused, it is a new message", async () => {
  const panel = await opened("two-turns");
  await panel.page.evaluate("fake.failures['turn/start'] = 'The disk is full.'");
  await panel.byId("composer").focus();
  await panel.page.keyboard.press("ArrowUp");
  await panel.byId("composer").fill("Another way.");
  await panel.page.keyboard.press("Enter");
  await panel.byId("composer-note").getByText("It was not sent.").waitFor();
  await until(
    () => panel.byId("user-message").count(),
    (count) => count === 1,
  );
  assert.equal(await composed(panel), "Another way.");
});

test("Escape and the cross leave everything as it was", async () => {
  const panel = await opened("two-turns");
  await panel.byId("composer").fill("half a thought");
  for (const leave of [() => panel.page.keyboard.press("Escape"), () => panel.byId("cancel-edit").click()]) {
    await panel.byId("user-message").nth(1).hover();
    await panel.byId("edit-message").nth(1).click();
    assert.match(await composed(panel), /^The retry test is flaky/);
    await leave();
    assert.equal(await composed(panel), "half a thought");
  }
  await panel.quiet();
  assert.deepEqual(await panel.requests("thread/revert"), []);
});

test("turns that are taken back leave the thread", async () => {
  const panel = await opened("two-turns");
  await panel.byId("user-message").nth(1).waitFor();
  await panel.notify("thread/reverted", { threadId: "t", beforeTurnId: "a" });
  await until(
    () => panel.byId("user-message").count(),
    (count) => count === 1,
  );
});

test("the keyboard reaches the buttons of a message", async () => {
  const panel = await opened("two-turns");
  await panel.byId("composer").focus();
  await panel.page.keyboard.press("Control+ArrowUp");
  await panel.page.keyboard.press("ArrowUp");
  assert.equal(await isFocused(panel.byId("user-message").nth(1)), true);
  for (let presses = 0; presses < 8; presses++) {
    if (await isFocused(panel.byId("edit-message").nth(1))) break;
    await panel.page.keyboard.press("Tab");
  }
  assert.equal(await isFocused(panel.byId("edit-message").nth(1)), true);
  await panel.page.keyboard.press("Enter");
  assert.match(await composed(panel), /^The retry test is flaky/);
});

test("a fork before a message has it in the composer; one after a turn goes on from there", async () => {
  const panel = await opened("two-turns");
  await panel.byId("user-message").nth(1).hover();
  await panel.byId("message-menu").nth(1).click();
  await panel.byId("fork-before").click();
  assert.deepEqual(await first(panel, "thread/fork"), { threadId: "t", beforeTurnId: "a" });
  await until(
    () => composed(panel),
    (text) => text.startsWith("The retry test is flaky"),
  );
  assert.match(await textOf(panel.byId("composer-note")), /“Fix flaky retry test” stays as it is/);
  await panel.byId("user-message").nth(0).hover();
  await panel.byId("message-menu").nth(0).click();
  await panel.byId("fork-after").waitFor();
  assert.equal(await panel.byId("fork-before").count(), 0);
  await panel.byId("fork-after").click();
  await until(
    () => panel.requests("thread/fork"),
    (all) => all.length === 2,
  );
  assert.deepEqual((await panel.requests("thread/fork"))[1], { threadId: "t", lastTurnId: "b" });
});

test("a fork says where it comes from, and leads there", async () => {
  const panel = await opened("condensed");
  await panel.byId("fork-origin").getByText("Make the client retry").waitFor();
  await panel.byId("fork-origin").click();
  await until(
    () => panel.requests("thread/resume"),
    (all) => all.length === 2,
  );
  assert.deepEqual((await panel.requests("thread/resume"))[1], { threadId: "origin" });
});
