import assert from "node:assert/strict";
import { test } from "node:test";
import { type Panel, panels, textOf, until } from "./driver.ts";

const open = panels();
const changelog = "/home/ada/acme-http/packages/http/CHANGELOG.md";

/** The popover for the first message, with what would happen in it. */
async function restoring(scene: string): Promise<Panel> {
  const panel = await open({ scene });
  await panel.byId("user-message").first().hover();
  await panel.byId("message-menu").first().click();
  await panel.byId("menu-restore").click();
  await panel.byId("restore-disk").waitFor();
  return panel;
}

async function restored(panel: Panel): Promise<unknown> {
  await panel.byId("confirm-restore").click();
  const all = await until(
    () => panel.requests("checkpoint/restore"),
    (requests) => requests.some((params) => !(params as { dryRun?: boolean }).dryRun),
  );
  return all.at(-1);
}

/** What is asked for after these clicks in the popover. */
async function check(clicks: string[], expected: object) {
  const panel = await restoring("restore");
  for (const testId of clicks) await panel.byId(testId).click();
  assert.deepEqual(await restored(panel), { threadId: "t", checkpointId: "checkpoint-a", ...expected });
}

test("files and thread", () => check([], { files: true, thread: true }));
test("files only", () => check(["restore-files"], { files: true, thread: false }));
test("thread only", () => check(["restore-thread"], { files: false, thread: true }));
test("with the user's own changes", () =>
  check(["restore-overwrite"], { files: true, thread: true, overwrite: [changelog] }));
test("the thread alone overwrites nothing", () =>
  check(["restore-overwrite", "restore-thread"], { files: false, thread: true }));

test("it shows first what would happen, and changes nothing", async () => {
  const panel = await restoring("restore");
  assert.deepEqual(await panel.requests("checkpoint/restore"), [
    { threadId: "t", checkpointId: "checkpoint-a", files: true, thread: false, dryRun: true },
  ]);
  const files = await panel.byId("restore-file").allInnerTexts();
  assert.equal(files.length, 4);
  assert.match(files[1] ?? "", /retry\.timers\.test\.ts[\s\S]*is deleted/);
  assert.match(files[2] ?? "", /your own changes stay/);
  assert.match(files[3] ?? "", /You changed the same lines/);
  assert.equal(await textOf(panel.byId("restore-disk")), "Checkpoints use 12 MB of at most 1 GB.");
  await panel.byId("cancel-restore").click();
  await panel.byId("restore-popover").waitFor({ state: "detached" });
  await panel.quiet();
  assert.equal((await panel.requests("checkpoint/restore")).length, 1);
});

test("files that were let go are said to be, and the thread can be taken back still", async () => {
  const panel = await restoring("restore-no-files");
  assert.match(await textOf(panel.byId("restore-popover")), /were let go to save room/);
  assert.equal(await panel.byId("restore-both").isDisabled(), true);
  assert.equal(await panel.byId("restore-thread").isChecked(), true);
  assert.deepEqual(await restored(panel), { threadId: "t", checkpointId: "checkpoint-a", files: false, thread: true });
});

test("without a checkpoint there is nothing to restore", async () => {
  const panel = await restoring("finished");
  assert.match(await textOf(panel.byId("restore-popover")), /Nothing was kept for this message/);
  assert.equal(await panel.byId("confirm-restore").count(), 0);
});

test("afterwards the message is in the composer, and a banner undoes it", async () => {
  const panel = await restoring("restore");
  await restored(panel);
  const banner = panel.byId("banner-restored");
  await banner.waitFor();
  assert.match(
    await textOf(banner),
    /Restored 3 files and the thread to before that message\. \S+ was left as it is\./,
  );
  assert.match(await panel.byId("composer").inputValue(), /^The retry test is flaky/);
  assert.equal((await panel.requests("thread/resume")).length, 2);
  assert.equal(await panel.byId("user-message").count(), 0);
  assert.equal(await textOf(panel.byId("banner-restored-link")), "Undo the restoring");
  await panel.byId("banner-restored-link").click();
  await banner.waitFor({ state: "detached" });
  const undone = { threadId: "t", checkpointId: "undo-1", files: true, thread: true };
  assert.deepEqual((await panel.requests("checkpoint/restore")).at(-1), undone);
  assert.equal(await panel.byId("composer").inputValue(), "");
});

test("files alone leave thread and composer as they are", async () => {
  const panel = await restoring("restore");
  await panel.byId("restore-files").click();
  await restored(panel);
  await panel.byId("banner-restored").waitFor();
  await panel.quiet();
  assert.equal((await panel.requests("thread/resume")).length, 1);
  assert.equal(await panel.byId("composer").inputValue(), "");
  assert.equal(await panel.byId("user-message").count(), 1);
});

test("a failure is told in the popover, which stays", async () => {
  const panel = await restoring("restore");
  await panel.page.evaluate("fake.failures['checkpoint/restore'] = 'The disk is full.'");
  await panel.byId("confirm-restore").click();
  await panel.byId("restore-failed").getByText("It was not restored. The disk is full.").waitFor();
  assert.equal(await panel.byId("banner-restored").count(), 0);
});

test("while a turn runs it is off, with the reason", async () => {
  const panel = await open({ scene: "at-work" });
  await panel.byId("user-message").first().hover();
  await panel.byId("message-menu").first().click();
  assert.equal(await panel.byId("menu-restore").isDisabled(), true);
  assert.match(await textOf(panel.byId("menu-restore")), /A turn is running/);
});

test("by keys: Tab reaches everything, arrows choose, Escape leaves", async () => {
  const panel = await restoring("restore");
  const focused = () => panel.page.evaluate("document.activeElement?.dataset.testid");
  const seen: unknown[] = [];
  for (let tabs = 0; tabs < 8; tabs++) {
    seen.push(await focused());
    await panel.page.keyboard.press("Tab");
  }
  for (const testId of ["restore-both", "restore-overwrite", "cancel-restore", "confirm-restore"])
    assert.ok(seen.includes(testId), `${testId} was not reached: ${seen.join(", ")}`);
  await panel.byId("restore-both").focus();
  await panel.page.keyboard.press("ArrowDown");
  assert.equal(await panel.byId("restore-files").isChecked(), true);
  await panel.page.keyboard.press("Escape");
  await panel.byId("restore-popover").waitFor({ state: "detached" });
});
