import assert from "node:assert/strict";
import { test } from "node:test";
import { isFocused, type Panel, panels, textOf, topOf, until } from "./driver.ts";

const open = panels();

async function opened(): Promise<Panel> {
  const panel = await open({ scene: "finished", clock: "fixed" });
  await panel.byId("context-meter").click();
  await panel.byId("meter-sent").click();
  await panel.byId("sent-summary").waitFor();
  return panel;
}

const layer = (panel: Panel, kind: string) => panel.page.locator(`[data-layer=${kind}]`);
const row = (panel: Panel, kind: string) => layer(panel, kind).getByTestId("sent-row");

/** Without what only a screen reader says. */
const seen = (text: string) => text.replace("entries,", "").trim();

test("from the meter: the newest request, its total and its layers in order", async () => {
  const panel = await opened();
  assert.deepEqual(await panel.requests("thread/context/read"), [{ threadId: "t" }]);
  assert.equal(await textOf(panel.byId("sent-number")), "Request 9 of 9");
  assert.equal(await textOf(panel.byId("sent-total")), "about 66k");
  assert.match(await textOf(panel.byId("sent-facts")), /^Atlas 4 · medium · \d\d:41:51$/);
  assert.deepEqual((await panel.page.locator(".sent-group h2, .sent-name").allInnerTexts()).map(seen), [
    "Always sent",
    "Instructions",
    "Tools 14",
    "Permissions",
    "Project rules AGENTS.md",
    "Environment",
    "This thread",
    "Answers 6",
    "Reasoning 4",
    "Tool calls 31",
    "Tool results 31",
    "From you",
    "Your message 2",
  ]);
  await panel.page.getByRole("button", { name: "Tools 14 entries, 8.2k tokens" }).waitFor();
  assert.deepEqual(panel.faults, []);
});

test("from a message: the request that brought it, with the server's count", async () => {
  const panel = await open({ scene: "finished", clock: "fixed" });
  await panel.byId("user-message").first().hover();
  await panel.byId("show-sent").first().click();
  await panel.byId("sent-summary").waitFor();
  assert.deepEqual(await panel.requests("thread/context/read"), [{ threadId: "t", itemId: "item-1" }]);
  assert.equal(await textOf(panel.byId("sent-number")), "Request 3 of 9");
  assert.equal(await textOf(panel.byId("sent-total")), "66k");
  await panel.page.getByText("62k read from cache").waitFor();
});

test("a layer opens to its texts, with hidden characters as boxes and its files as links", async () => {
  const panel = await opened();
  await row(panel, "projectInstructions").click();
  assert.equal(await row(panel, "projectInstructions").getAttribute("aria-expanded"), "true");
  const texts = await layer(panel, "projectInstructions").getByTestId("sent-text").allInnerTexts();
  assert.match(texts[0] ?? "", /Never edit generated files\./);
  assert.match(texts[1] ?? "", /No timers in tests\.U\+202E/);
  await layer(panel, "projectInstructions").getByTestId("sent-source").nth(1).click();
  assert.deepEqual(
    await until(
      () => panel.requests("editor/openFile"),
      (all) => all.length > 0,
    ),
    [{ path: "/home/ada/acme-http/packages/http/AGENTS.md" }],
  );
  await row(panel, "projectInstructions").click();
  assert.equal(await layer(panel, "projectInstructions").getByTestId("sent-text").count(), 0);
});

test("what cannot be read says what it is", async () => {
  const panel = await opened();
  await row(panel, "reasoning").click();
  await row(panel, "message").click();
  await panel.page.getByText("Encrypted, 4.3 kB. Only the model can read it.").waitFor();
  await panel.page.getByText("Picture, 48 kB").waitFor();
});

test("a long layer is cut, and read whole on demand", async () => {
  const panel = await opened();
  await row(panel, "toolOutputs").click();
  const outputs = layer(panel, "toolOutputs");
  await outputs.getByText("533 more characters").waitFor();
  await outputs.getByText("30 more entries").waitFor();
  await outputs.getByTestId("sent-all").click();
  await outputs.getByText("// The end of the file.").waitFor();
  assert.equal(await outputs.getByTestId("sent-entry").count(), 31);
  assert.equal(await outputs.getByTestId("sent-all").count(), 0);
  assert.deepEqual((await panel.requests("thread/context/read")).at(-1), {
    threadId: "t",
    number: 9,
    layer: "toolOutputs",
  });
});

test("the request before, and no further than the ends", async () => {
  const panel = await opened();
  assert.equal(await panel.byId("laterRequest").isDisabled(), true);
  await panel.byId("earlierRequest").click();
  await panel.page.getByText("Request 8 of 9").waitFor();
  assert.equal(await panel.byId("laterRequest").isDisabled(), false);
});

test("the request is copied to the byte", async () => {
  const panel = await opened();
  await panel.byId("copy-request").click();
  assert.deepEqual(
    await until(
      () => panel.requests("editor/copy"),
      (all) => all.length > 0,
    ),
    [{ text: '{"model":"atlas-4","input":[9]}' }],
  );
  await until(
    () => textOf(panel.byId("polite")),
    (said) => said === "Copied.",
  );
});

test("the keyboard: into the view, along its rows, open, and back to where one was", async () => {
  const panel = await open({ scene: "finished", clock: "fixed", height: 300 });
  await panel.byId("thread").focus();
  await panel.page.keyboard.press("Home");
  await until(
    () => panel.byId("thread").evaluate(({ scrollTop }) => scrollTop),
    (top) => top === 0,
  );
  await panel.byId("show-sent").first().focus();
  const before = await topOf(panel.byId("user-message").first());
  await panel.page.keyboard.press("Enter");
  await panel.byId("sent-summary").waitFor();
  assert.equal(await isFocused(panel.byId("sent-back")), true);
  assert.equal(await panel.byId("composer").isVisible(), false);
  await row(panel, "instructions").focus();
  await panel.page.keyboard.press("ArrowDown");
  assert.equal(await isFocused(row(panel, "tools")), true);
  await panel.page.keyboard.press("Enter");
  assert.equal(await row(panel, "tools").getAttribute("aria-expanded"), "true");
  await panel.page.keyboard.press("Escape");
  await panel.byId("sent-summary").waitFor({ state: "detached" });
  await until(
    () => isFocused(panel.byId("show-sent").first()),
    (focused) => focused,
  );
  assert.equal(await topOf(panel.byId("user-message").first()), before);
});

test("Escape closes the view and does not answer a question below it", async () => {
  const panel = await open({ scene: "approval-command", clock: "fixed" });
  await panel.byId("show-sent").first().focus();
  await panel.page.keyboard.press("Enter");
  await panel.byId("sent-summary").waitFor();
  await panel.page.keyboard.press("Control+Enter");
  await panel.page.keyboard.press("Escape");
  await panel.byId("sent-summary").waitFor({ state: "detached" });
  await until(() => isFocused(panel.byId("show-sent").first()), Boolean);
  await panel.quiet();
  assert.deepEqual(await panel.answers(), []);
  await panel.page.keyboard.press("Enter");
  await panel.byId("sent-show-question").click();
  await panel.byId("sent-summary").waitFor({ state: "detached" });
  await panel.byId("approval").waitFor();
});

test("when it cannot be read, it says why, and tries again", async () => {
  const panel = await open({ scene: "finished", clock: "fixed" });
  await panel.page.evaluate("fake.failures['thread/context/read'] = 'Nothing has been sent yet.'");
  await panel.byId("context-meter").click();
  await panel.byId("meter-sent").click();
  await panel.byId("sent-problem").getByText("It could not be read. Nothing has been sent yet.").waitFor();
  await panel.page.evaluate("delete fake.failures['thread/context/read']");
  await panel.byId("sent-again").click();
  await panel.byId("sent-summary").waitFor();
});

test("a new count of the server's is shown, and what is open stays open", async () => {
  const panel = await opened();
  await row(panel, "tools").click();
  const counts = {
    totalTokens: 70_000,
    inputTokens: 69_000,
    cachedInputTokens: 0,
    outputTokens: 0,
    reasoningOutputTokens: 0,
  };
  const tokenUsage = { total: counts, last: counts, modelContextWindow: 200_000 };
  await panel.notify("thread/tokenUsage/updated", { threadId: "t", turnId: "a", tokenUsage });
  await until(
    () => panel.requests("thread/context/read"),
    (all) => all.length === 2,
  );
  await panel.quiet();
  assert.equal(await row(panel, "tools").getAttribute("aria-expanded"), "true");
});
