import assert from "node:assert/strict";
import { test } from "node:test";
import { isFocused, type Panel, panels, textOf, until } from "./driver.ts";

const open = panels();
const folder = "/home/ada/acme-http/packages/http";

async function opened(scene: string, width = 420): Promise<Panel> {
  const panel = await open({ scene, width });
  await panel.byId("changes").waitFor();
  return panel;
}

/** What the panel asked last, once it has asked. */
async function asked(panel: Panel, method: string): Promise<unknown> {
  const all = await until(
    () => panel.requests(method),
    (requests) => requests.length > 0,
  );
  return all.at(-1);
}

/** What a click asks the server or the editor for. */
async function check(scene: string, clicks: string[], [method, params]: [string, object]) {
  const panel = await opened(scene);
  for (const testId of clicks) await panel.byId(testId).first().click();
  assert.deepEqual(await asked(panel, method), params);
}

const all = { threadId: "t" };
const first = { threadId: "t", path: `${folder}/src/retry.ts` };
const retry = { path: first.path };
test("Keep all", () => check("changes", ["keep-all"], ["change/accept", all]));
test("Undo all", () => check("changes", ["undo-all", "undo-all-yes"], ["change/reject", all]));
test("Review", () => check("changes", ["review-changes"], ["editor/reviewChanges", retry]));
test("Compare all", () => check("changes", ["changes-toggle", "compare-all"], ["editor/showAllChanges", all]));
test("Keep while a turn runs", () => check("changes-at-work", ["keep-all"], ["change/accept", all]));
test("Undo while a turn runs", () => check("changes-at-work", ["undo-all", "undo-all-yes"], ["change/reject", all]));
test("Keep a hunk in the thread", () =>
  check("changes", ["keep-hunk"], ["change/accept", { ...first, hunkIds: ["r1"] }]));
test("Undo a hunk in the thread", () =>
  check("changes", ["undo-hunk"], ["change/reject", { ...first, hunkIds: ["r1"] }]));

test("a thread without changes has no row for them", async () => {
  const panel = await open({ scene: "finished" });
  assert.equal((await panel.requests("change/list")).length, 1);
  assert.equal(await panel.byId("changes").count(), 0);
});

test("the row counts files and lines, and goes when nothing is left", async () => {
  const panel = await opened("changes");
  assert.equal(await textOf(panel.byId("changes-toggle").locator(".changes-words")), "3 files\nchanged");
  assert.equal(await textOf(panel.byId("changes-toggle").locator(".counts .visually-hidden")), "42 added, 7 removed");
  await panel.byId("keep-all").click();
  await until(
    () => panel.byId("changes").count(),
    (count) => count === 0,
  );
});

test("in a narrow panel the words are shorter, and everything stays in the row", async () => {
  const panel = await opened("changes-many", 320);
  assert.equal(await textOf(panel.byId("keep-all")), "Keep");
  const row = await panel.byId("changes").boundingBox();
  const last = await panel.byId("review-changes").boundingBox();
  assert.ok(row && last && last.x + last.width <= row.x + row.width);
});

test("Keep all is filled when nothing else waits, and no more than one button is", async () => {
  const filled = (panel: Panel) => panel.page.locator(".button.primary, .send.primary");
  const panel = await opened("changes");
  assert.deepEqual(await filled(panel).evaluateAll((found) => found.map((each) => each.getAttribute("data-testid"))), [
    "keep-all",
  ]);
  await panel.byId("composer").fill("And the tests?");
  assert.deepEqual(await filled(panel).evaluateAll((found) => found.map((each) => each.getAttribute("data-testid"))), [
    "send",
  ]);
  const atWork = await opened("changes-at-work");
  assert.equal(await filled(atWork).count(), 0);
});

test("each file can be opened, compared, kept and undone", async () => {
  const panel = await opened("changes-many");
  await panel.byId("changes-toggle").click();
  const rows = panel.byId("changed-file");
  assert.equal(await rows.count(), 8);
  await panel.byId("open-changed").first().click();
  assert.deepEqual(await asked(panel, "editor/openFile"), retry);
  await rows.first().hover();
  await panel.byId("compare-file").first().click();
  assert.deepEqual(await asked(panel, "editor/showChange"), retry);
  await panel.byId("keep-file").first().click();
  assert.deepEqual(await asked(panel, "change/accept"), first);
  await until(
    () => rows.count(),
    (count) => count === 7,
  );
  await rows.first().hover();
  await panel.byId("undo-file").first().click();
  assert.deepEqual(await asked(panel, "change/reject"), { threadId: "t", path: `${folder}/test/retry.test.ts` });
});

test("files say what became of them, and which the user edited", async () => {
  const panel = await opened("changes-many");
  await panel.byId("changes-toggle").click();
  const marks = panel.byId("changed-file").locator(".kind-letter .visually-hidden");
  assert.deepEqual(await marks.allTextContents(), ["Added", "Deleted", "Moved from packages/http/src/backoff.ts"]);
  assert.equal(await panel.byId("edited-mark").count(), 2);
});

test("a file that is gone is compared with what it was", async () => {
  const panel = await opened("changes-many");
  await panel.byId("changes-toggle").click();
  await panel.byId("open-changed").nth(4).click();
  assert.deepEqual(await asked(panel, "editor/showChange"), { path: `${folder}/src/legacyBackoffStrategies.ts` });
});

test("by keys: the row opens, arrows move between files, and the focus stays when a file goes", async () => {
  const panel = await opened("changes");
  await panel.byId("changes-toggle").focus();
  await panel.page.keyboard.press("Enter");
  assert.equal(await panel.byId("changes-toggle").getAttribute("aria-expanded"), "true");
  await panel.byId("open-changed").first().focus();
  await panel.page.keyboard.press("ArrowDown");
  assert.equal(await isFocused(panel.byId("open-changed").nth(1)), true);
  await panel.page.keyboard.press("ArrowUp");
  for (let tabs = 0; tabs < 3; tabs++) await panel.page.keyboard.press("Tab");
  assert.equal(await isFocused(panel.byId("keep-file").first()), true);
  await panel.page.keyboard.press("Enter");
  await until(
    () => panel.byId("changed-file").count(),
    (count) => count === 2,
  );
  await until(
    () => isFocused(panel.byId("open-changed").first()),
    (focused) => focused,
  );
});

test("places that the user changed are asked about, and undone with a yes", async () => {
  const panel = await opened("changes-many");
  await panel.byId("undo-all").click();
  await panel.byId("undo-all-yes").click();
  assert.match(
    await textOf(panel.byId("edited-question")),
    /You changed 2 of these places after the agent did\. Undo them too\?/,
  );
  await panel.byId("undo-edited").click();
  const yes = { threadId: "t", hunkIds: ["c1", "m4"], includeEdited: true };
  await until(
    () => panel.requests("change/reject"),
    (requests) => requests.length === 2,
  );
  assert.deepEqual((await panel.requests("change/reject"))[1], yes);
  await until(
    () => panel.byId("changes").count(),
    (count) => count === 0,
  );
});

test("with a no they stay, and nothing more is asked for", async () => {
  const panel = await opened("changes-many");
  await panel.byId("undo-all").click();
  await panel.byId("undo-all-yes").click();
  await panel.byId("leave-edited").click();
  await panel.byId("edited-question").waitFor({ state: "detached" });
  await panel.quiet();
  assert.equal((await panel.requests("change/reject")).length, 1);
  assert.match(await textOf(panel.byId("changes-toggle")), /2 files/);
});

test("one file is undone without a question", () => check("changes-one", ["undo-all"], ["change/reject", all]));

test("several files are not undone by one click", async () => {
  const panel = await opened("changes");
  await panel.byId("undo-all").click();
  assert.match(await textOf(panel.byId("undo-all-question")), /Undo the changes in all 3 files\?/);
  await panel.byId("undo-all-no").click();
  await panel.byId("undo-all-question").waitFor({ state: "detached" });
  await panel.quiet();
  assert.deepEqual(await panel.requests("change/reject"), []);
});

test("a failure is told in words", async () => {
  const panel = await opened("changes");
  await panel.page.evaluate("fake.failures['change/reject'] = 'The disk is full.'");
  await panel.byId("undo-all").click();
  await panel.byId("undo-all-yes").click();
  await panel.byId("banner-notice").getByText("The disk is full.").waitFor();
  assert.match(await textOf(panel.byId("changes-toggle")), /3 files/);
});

test("what is told while the thread is open appears at once, and another thread's does not", async () => {
  const panel = await open({ scene: "finished" });
  const author = { threadId: "t", turnId: "a", itemId: null };
  const hunk = { id: "x", oldStart: 1, oldCount: 0, oldLines: [], newStart: 1, newCount: 1, edited: false };
  const file = (threadId: string) => {
    const authors = [{ ...author, threadId }];
    return {
      path: "/f.ts",
      kind: "update",
      movedFrom: null,
      binary: false,
      hunks: [{ ...hunk, authors }],
      added: 1,
      removed: 0,
      authors,
    };
  };
  await panel.notify("change/updated", { path: "/f.ts", file: file("another") });
  await panel.notify("change/updated", { path: "/f.ts", file: file("t") });
  await panel.byId("changes").waitFor();
  await panel.quiet();
  assert.match(await textOf(panel.byId("changes-toggle")), /1 file/);
});
