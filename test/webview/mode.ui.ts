import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, type Panel, panels, textOf, until } from "./driver.ts";

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
async function started(panel: Panel): Promise<object> {
  await panel.byId("composer").fill("Go on.");
  await panel.byId("send").click();
  const [params] = await until(
    () => panel.requests("thread/start"),
    (requests) => requests.length > 0,
  );
  const { approvalPolicy, sandbox, editReview } = params as Record<string, unknown>;
  return { approvalPolicy, sandbox, editReview };
}

test("what the editor begins in the panel works in the way that was chosen for new threads", async () => {
  const panel = await opened("finished");
  await pick(panel, "mode-ask");
  await updated(panel, 1);
  const input = [{ type: "text", text: "Fix this problem." }];
  await panel.notify("editor/startThread", { cwd: "/home/dev/other", input });
  const [turn] = await until(
    () => panel.requests("turn/start"),
    (requests) => requests.length > 0,
  );
  const [thread] = await panel.requests("thread/start");
  const { cwd, approvalPolicy, editReview } = thread as Record<string, unknown>;
  assert.deepEqual(
    { cwd, approvalPolicy, editReview, said: (turn as { input: unknown }).input },
    { cwd: "/home/dev/other", approvalPolicy: "untrusted", editReview: "before", said: input },
  );
});

const workspaceWrite = { type: "workspaceWrite", writableRoots: [], networkAccess: false };

/** What the button says when a thread is opened that works this way, and what the menu says of it. */
async function check(scene: string, label: string, hint: RegExp): Promise<void> {
  const panel = await opened(scene);
  assert.equal(await textOf(panel.byId("mode")), label);
  await panel.byId("mode").click();
  assert.match(await textOf(panel.page.locator('.menu-item[aria-checked="true"]')), hint);
}

test("Agent", () => check("finished", "Agent", /^Agent\s+Commands run in the sandbox and ask before they leave it/));
test("Agent, without a sandbox", () => check("no-sandbox", "Agent", /every command asks/));
test("Ask for everything", () => check("ask-for-everything", "Ask", /^Ask for everything\s+Every edit waits for you/));
test("where everything asks, edits do, whatever was chosen", () => check("edit-after", "Ask", /^Ask for everything/));
test("Full access", () => check("full", "Full access", /outside the sandbox, and nothing asks/));
test("Full access, without a sandbox", () => check("no-sandbox-full", "Full access", /with all your rights/));
test("Read only", () => check("read-only", "Read only", /Commands can read, not write/));
test("Never asks", () => check("never-asks", "Never asks", /What would ask is declined/));

test("a way of working is three settings at once, and changes the open thread", async () => {
  const panel = await opened("finished");
  await pick(panel, "mode-ask");
  const ask = { approvalPolicy: "untrusted", sandboxPolicy: workspaceWrite, editReview: "before" };
  assert.deepEqual(await updated(panel, 1), { threadId: "t", ...ask });
  await becomes(panel.byId("mode"), "Ask");
  await pick(panel, "mode-agent");
  const agent = { approvalPolicy: "on-request", sandboxPolicy: workspaceWrite, editReview: "after" };
  assert.deepEqual(await updated(panel, 2), { threadId: "t", ...agent });
  await becomes(panel.byId("mode"), "Agent");
});

test("after full access the folders and hosts are what they were", async () => {
  const panel = await opened("network-asks");
  await pick(panel, "mode-full");
  await panel.byId("confirm-full-access").click();
  assert.deepEqual(await updated(panel, 1), {
    threadId: "t",
    approvalPolicy: "never",
    sandboxPolicy: { type: "dangerFullAccess" },
  });
  await pick(panel, "mode-agent");
  const { sandboxPolicy } = (await updated(panel, 2)) as { sandboxPolicy: unknown };
  assert.deepEqual(sandboxPolicy, { ...workspaceWrite, allowedHosts: ["packages.example.org"] });
});

test("when edits are reviewed can be chosen by itself", async () => {
  const panel = await opened("finished");
  await pick(panel, "edits-before");
  assert.deepEqual(await updated(panel, 1), { threadId: "t", editReview: "before" });
  await panel.page.getByTitle("Agent. Edits wait for you", { exact: true }).and(panel.byId("mode")).waitFor();
});

/** What becomes of the thread's policy when this network is picked. */
async function checkNetwork(scene: string, testId: string, expected: object): Promise<void> {
  const panel = await opened(scene);
  await pick(panel, testId);
  assert.deepEqual(await updated(panel, 1), { threadId: "t", sandboxPolicy: { ...workspaceWrite, ...expected } });
}

test("the network asks", () => checkNetwork("finished", "network-asks", { allowedHosts: [] }));
test("the network is on", () => checkNetwork("network-asks", "network-on", { networkAccess: true }));
test("the network is off again", () =>
  checkNetwork("network-on", "network-off", { writableRoots: ["/data/cache"], networkAccess: false }));

test("where nothing confines commands, the network cannot be chosen", async () => {
  for (const scene of ["no-sandbox", "full", "read-only"]) {
    const panel = await opened(scene);
    await panel.byId("mode").click();
    await panel.byId("edits-after").waitFor();
    assert.equal(await panel.byId("network-off").count(), 0, scene);
  }
});

test("in a narrow panel the model's name is not cut off by the way of working", async () => {
  const panel = await open({ scene: "full", width: 320 });
  await panel.byId("model").getByText("Atlas 4").waitFor();
  await panel.byId("mode").getByText("Full access").waitFor();
  const name = panel.byId("model").locator(".ellipsis");
  assert.ok(await name.evaluate((element) => element.scrollWidth <= element.clientWidth));
});

test("by keys", async () => {
  const panel = await opened("finished");
  await panel.byId("mode").focus();
  for (const key of ["Enter", "ArrowUp", "Enter"]) await panel.page.keyboard.press(key);
  await becomes(panel.byId("mode"), "Ask");
});

const asked = { approvalPolicy: "untrusted", sandbox: "workspace-write", editReview: "before" };
const unsaid = { approvalPolicy: null, sandbox: null, editReview: null };

test("a thread starts with it, and nothing is said unless it was chosen", async () => {
  const panel = await opened("welcome");
  await pick(panel, "mode-ask");
  assert.deepEqual(await started(panel), asked);
  assert.deepEqual(await started(await opened("welcome")), unsaid);
});

test("it holds for the next thread, through a reload", async () => {
  const panel = await opened("finished");
  await pick(panel, "mode-ask");
  await panel.page.reload();
  await panel.byId("user-message").waitFor({ state: "attached" });
  await panel.byId("new-thread").click();
  await becomes(panel.byId("mode"), "Ask");
  assert.deepEqual(await started(panel), asked);
});

test("full access holds for its thread alone", async () => {
  const panel = await opened("finished");
  await pick(panel, "mode-full");
  await panel.byId("confirm-full-access").click();
  await panel.byId("mode").getByText("Full access").waitFor();
  await panel.byId("new-thread").click();
  await becomes(panel.byId("mode"), "Agent");
  assert.deepEqual(await started(panel), unsaid);
});

test("a network that was chosen before there is a thread is set once there is one", async () => {
  const panel = await opened("welcome");
  await pick(panel, "network-asks");
  assert.deepEqual(await started(panel), unsaid);
  assert.deepEqual(await updated(panel, 1), {
    threadId: "started",
    sandboxPolicy: { ...workspaceWrite, allowedHosts: [] },
  });
});

/** What is said of edits where that cannot be chosen. */
async function checkEdits(scene: string, testId: string): Promise<void> {
  const panel = await opened(scene);
  await panel.byId("mode").click();
  assert.equal(await panel.byId("edits-before").isDisabled(), true);
  assert.equal(await panel.byId("edits-after").isDisabled(), true);
  assert.equal(await panel.byId(testId).getAttribute("aria-checked"), "true");
}

test("with full access edits do not ask, whatever was chosen", () => checkEdits("full", "edits-after"));
test("where everything asks, edits do", () => checkEdits("edit-after", "edits-before"));
test("where commands only read, edits ask", () => checkEdits("read-only", "edits-before"));

test("the sandbox and the rules are one click away", async () => {
  const panel = await opened("finished");
  await pick(panel, "mode-sandbox");
  await panel.byId("sandbox-popover").waitFor();
  await panel.page.keyboard.press("Escape");
  await pick(panel, "mode-rules");
  await panel.byId("rules").waitFor();
});

test("the welcome promises of commands only what holds in this way of working", async () => {
  const panel = await opened("welcome");
  const promise = panel.byId("welcome").getByRole("listitem").first();
  await promise.getByText("Commands run in a sandbox, and ask you before they leave it").waitFor();
  await panel.byId("mode").click();
  await panel.byId("mode-full").click();
  await panel.byId("confirm-full-access").click();
  await promise.getByText("Commands run outside the sandbox, and nothing asks.").waitFor();
});

test("in Restricted Mode it promises to read, and suggests nothing else", async () => {
  const panel = await opened("welcome-restricted");
  const welcome = panel.byId("welcome");
  await welcome.getByText("It edits and runs code once you trust the folder.").waitFor();
  await welcome.getByText("nothing is changed, and no command runs").waitFor();
  assert.deepEqual(await panel.byId("suggestion").allInnerTexts(), ["Explain how this workspace is built."]);
});
