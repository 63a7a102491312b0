import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, panels, textOf, until } from "./driver.ts";

const open = panels();

test("a reload in the middle of a turn brings thread, text and draft back", async () => {
  const panel = await open({ scene: "at-work" });
  await panel.byId("command").last().waitFor();
  await panel.byId("composer").fill("Then this.");
  await panel.page.reload();
  await panel.byId("command").last().waitFor();
  assert.equal(await panel.byId("composer").inputValue(), "Then this.");
  assert.match(await textOf(panel.byId("now-label")), /^Running npm test/);
  assert.match(await textOf(panel.byId("output").last()), /run 13/);
  const params = {
    threadId: "t",
    turnId: "a",
    itemId: await panel.page.locator("pw-command").last().getAttribute("data-row-id"),
  };
  await panel.notify("item/commandExecution/outputDelta", { ...params, delta: "\nrun 14" });
  await panel.byId("output").last().getByText("run 14").waitFor();
});

test("a thread that is gone leaves a message and the welcome", async () => {
  const panel = await open({ scene: "welcome" });
  await panel.notify("editor/showThread", { threadId: "gone" });
  await panel.byId("banner-notice").getByText("There is no thread gone.").waitFor();
  await panel.byId("welcome").waitFor();
  await panel.byId("dismiss").click();
  await until(
    () => panel.byId("banner-notice").count(),
    (count) => count === 0,
  );
});

test("when the agent stops the panel says so, and restarts it with the same thread", async () => {
  const panel = await open({ scene: "finished" });
  await panel.byId("agent-message").last().waitFor();
  await panel.notify("editor/agentStopped", {});
  await panel.byId("banner-stopped-link").click();
  await until(
    () => panel.requests("initialize"),
    (all) => all.length === 2,
  );
  await until(
    () => panel.requests("thread/resume"),
    (all) => all.length === 2,
  );
  await until(
    () => panel.byId("banner-stopped").count(),
    (count) => count === 0,
  );
});

test("a question is asked again after a reload, and both askings get the answer", async () => {
  const panel = await open({ scene: "approval-command" });
  await panel.byId("approval").waitFor();
  const itemId = await panel.page.locator("pw-approval").getAttribute("data-row-id");
  const params = { threadId: "t", turnId: "a", itemId, startedAtMs: 0, command: "npm test" };
  await panel.ask("item/commandExecution/requestApproval", params);
  await until(
    () => textOf(panel.byId("approval-command")),
    (text) => text === "npm test",
  );
  assert.equal(await panel.byId("approval").count(), 1);
  await until(
    async () => {
      await panel
        .byId("allow")
        .click({ timeout: 200 })
        .catch(() => {});
      return panel.answers();
    },
    (answers) => answers.length === 2,
  );
});

test("a row that cannot be shown leaves the others alone", async () => {
  const panel = await open({ scene: "streaming" });
  await panel.byId("agent-message").first().waitFor();
  const item = {
    type: "fileChange",
    id: "broken",
    changes: null,
    status: "completed",
    startedAtMs: 1,
    completedAtMs: 2,
  };
  await panel.notify("item/completed", { threadId: "t", turnId: "a", item, completedAtMs: 2 });
  await panel.byId("broken-row").waitFor();
  await panel.byId("copy-row-details").click();
  const [copied] = (await until(
    () => panel.requests("editor/copy"),
    (all) => all.length > 0,
  )) as { text: string }[];
  assert.match(copied?.text ?? "", /TypeError/);
  await panel.notify("item/agentMessage/delta", { threadId: "t", turnId: "a", itemId: "live", delta: "Still here." });
  await panel.byId("agent-message").getByText("Still here.").waitFor();
});

test("rows name what they name by the folders that are open, also when these become known after the thread was shown", async () => {
  const panel = await open({ scene: "approval-command" });
  const where = panel.byId("approval").locator(".facts dd").first();
  const file = panel.page.locator("pw-file-change .file-folder").first();
  for (const [roots, place, folder] of [
    ["[]", "/home/ada/acme-http/packages/http", "/home/ada/acme-http/packages/http/src"],
    ["scene.editor.workspaceRoots", "packages/http", "packages/http/src"],
  ] as const) {
    await panel.page.evaluate(`fake.notify("editor/stateChanged", { ...scene.editor, workspaceRoots: ${roots} })`);
    await becomes(where, place);
    await becomes(file, folder);
  }
});
