import assert from "node:assert/strict";
import { test } from "node:test";
import { isFocused, type Panel, panels, until } from "./driver.ts";

const open = panels();

async function history(): Promise<Panel> {
  const panel = await open({ scene: "history", clock: "fixed" });
  await panel.byId("history").click();
  await panel.byId("history-row").first().waitFor();
  return panel;
}

const titles = (panel: Panel) => panel.page.locator(".history-title").allInnerTexts();

test("threads stand in groups, those that wait for the user first", async () => {
  const panel = await history();
  assert.deepEqual(await panel.page.locator(".history-group h2").allInnerTexts(), [
    "Needs you",
    "Today",
    "Yesterday",
    "Last week",
    "Older",
  ]);
  assert.deepEqual(await panel.page.locator(".history-open .meta").allInnerTexts(), [
    "2 min",
    "now",
    "40 min",
    "09:12",
    "Tue",
    "Thu",
    "11 Mar",
    "17 Jan",
  ]);
});

test("a thread that another window has open says which", async () => {
  const panel = await history();
  const row = panel.byId("history-row").filter({ hasText: "Explain the retry budget" });
  await row.getByText("Open in a window of Code with /home/ada/acme-docs").waitFor();
  assert.equal(await panel.page.locator(".history-note").getByText("Open in").count(), 1);
});

test("the search asks the server, marks what it found, and has the focus", async () => {
  const panel = await history();
  await panel.page.keyboard.type("budget");
  type Asked = { searchTerm: string; cwd: string[] };
  const asked = await until(
    async () => ((await panel.requests("thread/list")) as Asked[]).at(-1),
    (last) => last?.searchTerm === "budget",
  );
  assert.deepEqual(asked?.cwd, ["/home/ada/acme-http"]);
  await until(
    () => titles(panel),
    (all) => all.length === 1,
  );
  assert.deepEqual(await titles(panel), ["Explain the retry budget"]);
  assert.deepEqual(await panel.page.locator(".history-title mark").allInnerTexts(), ["budget"]);
});

test("a search without result says so", async () => {
  const panel = await history();
  await panel.page.keyboard.type("zebra");
  await panel.page.getByText("No thread has “zebra” in it.").waitFor();
});

test("every folder, and the archive", async () => {
  const panel = await history();
  await panel.byId("filter").click();
  await panel.byId("filter-all").click();
  await panel.byId("filter").click();
  await panel.byId("filter-archived").click();
  const asked = (await until(
    () => panel.requests("thread/list"),
    (all) => all.length === 3,
  )) as object[];
  assert.deepEqual(asked.at(-1), { limit: 50, cwd: null, cursor: null, archived: true, searchTerm: null });
});

test("a thread opens", async () => {
  const panel = await history();
  await panel.byId("open-thread").nth(2).click();
  assert.deepEqual(
    await until(
      () => panel.requests("thread/resume"),
      (all) => all.length === 2,
    ),
    [{ threadId: "t" }, { threadId: "h3" }],
  );
  await panel.byId("banner-notice").getByText("There is no thread h3.").waitFor();
  await panel.byId("composer").waitFor();
});

test("a thread is renamed in place", async () => {
  const panel = await history();
  await panel.byId("open-thread").first().press("F2");
  await panel.page.keyboard.type("Better name");
  await panel.page.keyboard.press("Enter");
  assert.deepEqual(
    await until(
      () => panel.requests("thread/name/set"),
      (all) => all.length > 0,
    ),
    [{ threadId: "h1", name: "Better name" }],
  );
  assert.equal((await titles(panel))[0], "Better name");
});

test("a thread is deleted only after it was asked", async () => {
  const panel = await history();
  await panel.byId("open-thread").first().press("Delete");
  assert.equal(await isFocused(panel.byId("cancel-delete")), true);
  await panel.page.keyboard.press("Escape");
  assert.deepEqual(await panel.requests("thread/delete"), []);
  await panel.byId("open-thread").first().press("Delete");
  await panel.byId("confirm-delete").click();
  assert.deepEqual(
    await until(
      () => panel.requests("thread/delete"),
      (all) => all.length > 0,
    ),
    [{ threadId: "h1" }],
  );
});

test("the arrows walk through the list from the search on", async () => {
  const panel = await history();
  await panel.page.keyboard.press("ArrowDown");
  await panel.page.keyboard.press("ArrowDown");
  const rows = panel.byId("open-thread");
  assert.equal(await isFocused(rows.nth(1)), true);
  await panel.page.keyboard.press("ArrowUp");
  await panel.page.keyboard.press("ArrowUp");
  assert.equal(await isFocused(panel.byId("search")), true);
});

test("Escape leads back to the message box, and so does opening a thread", async () => {
  const panel = await history();
  const composerHasFocus = () =>
    until(
      () => isFocused(panel.byId("composer")),
      (focused) => focused,
    );
  await panel.page.keyboard.press("ArrowDown");
  await panel.page.keyboard.press("Escape");
  await composerHasFocus();
  await panel.byId("history").click();
  await panel.byId("open-thread").first().click();
  await composerHasFocus();
});
