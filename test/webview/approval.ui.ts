import assert from "node:assert/strict";
import { test } from "node:test";
import { isFocused, type Panel, panels, textOf, topOf, until } from "./driver.ts";

const open = panels();

/** A panel with a question whose first moment has passed. */
async function asked(scene: string): Promise<Panel> {
  const panel = await open({ scene, clock: "stopped" });
  await panel.byId("approval").waitFor();
  await panel.pause();
  await panel.run(500);
  return panel;
}

/** What the server is answered after something was done. */
async function check(scene: string, act: (panel: Panel) => Promise<void>, expected: object) {
  const panel = await asked(scene);
  await act(panel);
  await panel.run(50);
  const answers = await panel.answers();
  assert.deepEqual(
    answers.map(({ answer }) => answer),
    [expected],
  );
  assert.equal(await panel.byId("approval").count(), 0);
}

const press = (key: string) => async (panel: Panel) => panel.page.keyboard.press(key);
const click = (testId: string) => (panel: Panel) => panel.byId(testId).click();

test("Allow", () => check("approval-command", click("allow"), { decision: "accept" }));
test("Deny", () => check("approval-command", click("deny"), { decision: "decline" }));
test("Ctrl+Enter allows", () => check("approval-command", press("Control+Enter"), { decision: "accept" }));
test("Escape denies", () => check("approval-command", press("Escape"), { decision: "decline" }));
test("Accept an edit", () => check("approval-edit", click("allow"), { decision: "accept" }));
test("Reject an edit", () => check("approval-edit", click("deny"), { decision: "decline" }));

const pick = (at: number) => (panel: Panel) => panel.byId("pick-hunk").nth(at).click();
const steps =
  (...acts: ((panel: Panel) => Promise<void>)[]) =>
  async (panel: Panel) => {
    for (const act of acts) await act(panel);
  };
test("Accept all parts of an edit", () => check("approval-parts", click("allow"), { decision: "accept" }));
test("Accept some parts of an edit", () =>
  check("approval-parts", steps(pick(0), click("allow")), { decision: "accept", acceptedHunks: ["r2", "r3"] }));
test("Accept some parts, by keys", () =>
  check(
    "approval-parts",
    async ({ page, byId }) => {
      await byId("pick-hunk").nth(1).focus();
      await page.keyboard.press("Space");
      await page.keyboard.press("Control+Enter");
    },
    { decision: "accept", acceptedHunks: ["r1", "r3"] },
  ));
test("A part that is picked again is part of all", () =>
  check("approval-parts", steps(pick(0), pick(0), click("allow")), { decision: "accept" }));
test("Parts of several files", () =>
  check("approval-files", steps(pick(3), click("allow")), { decision: "accept", acceptedHunks: ["r1", "r2", "r3"] }));

test("the button counts the parts, and needs one of them", async () => {
  const panel = await asked("approval-parts");
  assert.deepEqual(await panel.byId("approval").locator(".choice").allInnerTexts(), [
    "Line 32",
    "Lines 43–44",
    "Line 46",
  ]);
  await pick(0)(panel);
  assert.equal(await textOf(panel.byId("allow")), "Accept 2 of 3 changes");
  assert.equal(await panel.byId("approval-choices").count(), 0);
  await steps(pick(1), pick(2))(panel);
  assert.equal(await panel.byId("allow").isDisabled(), true);
  await panel.page.keyboard.press("Control+Enter");
  await panel.run(50);
  assert.deepEqual(await panel.answers(), []);
  await panel.byId("deny").click();
  await panel.run(50);
  assert.equal((await panel.answers()).length, 1);
});

test("a proposal can be edited in the editor", async () => {
  const panel = await asked("approval-parts");
  assert.equal(await textOf(panel.byId("open-diff").locator(".wide-only")), "Edit in the editor");
  await panel.byId("open-diff").click();
  await panel.run(50);
  assert.equal((await panel.requests("editor/showDiff")).length, 1);
});

test("Allow for this session, by keys", () =>
  check(
    "approval-command",
    async ({ page }) => {
      await page.keyboard.press("Control+ArrowDown");
      await page.keyboard.press("Enter");
    },
    { decision: "acceptForSession" },
  ));

test("Deny and stop the turn", () =>
  check(
    "approval-command",
    async (panel) => {
      await panel.byId("approval-choices").click();
      await panel.byId("deny-stop").click();
    },
    { decision: "cancel" },
  ));

test("Deny with feedback: Enter in the composer", () =>
  check(
    "approval-command",
    async (panel) => {
      await panel.byId("deny-feedback").click();
      await panel.page.keyboard.type("Use npm ci.");
      await panel.page.keyboard.press("Enter");
    },
    { decision: "decline", feedback: "Use npm ci." },
  ));

test("what Deny with feedback waits for is said until it is done or the question is gone", async () => {
  const panel = await asked("approval-command");
  const note = panel.byId("composer-note");
  await panel.byId("composer").focus();
  await panel.byId("deny-feedback").click();
  await note.getByText("Say what the agent should do instead").waitFor();
  await panel.page.keyboard.type("Use");
  await note.waitFor({ state: "detached" });
  await panel.byId("composer").fill("");
  await panel.byId("deny-feedback").click();
  await note.waitFor();
  await panel.notify("serverRequest/resolved", { threadId: "t", requestId: 0 });
  await panel.run(50);
  await note.waitFor({ state: "detached" });
});

/** A thread at work, in which a command then asks. */
async function askWhileStreaming(panel: Awaited<ReturnType<typeof open>>): Promise<void> {
  await panel.byId("agent-message").first().waitFor({ state: "attached" });
  await panel.pause();
  const item = { type: "commandExecution", id: "c", command: "ls", cwd: "/", status: "inProgress", commandActions: [] };
  await panel.notify("item/started", { threadId: "t", turnId: "a", item, startedAtMs: 0 });
  const params = { threadId: "t", turnId: "a", itemId: "c", startedAtMs: 0, command: "ls" };
  await panel.ask("item/commandExecution/requestApproval", params);
  await panel.run(50);
  await panel.byId("approval").waitFor();
}

test("a message begun before the question denies it only at the second Enter", async () => {
  const panel = await open({ scene: "streaming", clock: "stopped" });
  await panel.byId("composer").fill("And then the README.");
  await askWhileStreaming(panel);
  await panel.run(500);
  await panel.byId("composer").press("Enter");
  await panel.run(50);
  assert.match(await panel.byId("composer-note").innerText(), /Enter again/);
  assert.deepEqual(await panel.answers(), []);
  await panel.byId("composer").press("Enter");
  await panel.run(50);
  const answer = { decision: "decline", feedback: "And then the README." };
  assert.deepEqual(await panel.answers(), [{ itemId: "c", answer }]);
});

test("a click or key in the first 400 ms does not answer", async () => {
  const panel = await open({ scene: "streaming", clock: "stopped" });
  await askWhileStreaming(panel);
  await panel.byId("allow").click();
  await panel.page.keyboard.press("Control+Enter");
  await panel.page.keyboard.press("Escape");
  await panel.run(300);
  await panel.byId("deny").click();
  assert.deepEqual(await panel.answers(), []);
  await panel.run(150);
  await panel.byId("deny").click();
  await panel.run(50);
  assert.deepEqual(await panel.answers(), [{ itemId: "c", answer: { decision: "decline" } }]);
});

test("a long command cannot be allowed before all of it was shown", async () => {
  const panel = await asked("approval-long");
  assert.equal(await panel.byId("allow").isDisabled(), true);
  await panel.page.keyboard.press("Control+Enter");
  await panel.run(50);
  assert.deepEqual(await panel.answers(), []);
  const lines = panel.byId("approval-command").locator(".command-lines");
  const height = (await lines.boundingBox())?.height ?? 0;
  assert.ok(height <= 3 * 18 + 1, `the folded command is ${height} px high`);
  assert.equal(await textOf(panel.byId("approval-command").locator(".command-tail")), "EOF");
  assert.equal(await textOf(panel.byId("why-not")), "Show all 6 lines to allow.");
  await panel.byId("show-all-lines").click();
  await panel.run(50);
  assert.ok(((await lines.boundingBox())?.height ?? 0) >= 6 * 18);
  await panel.byId("allow").click();
  await panel.run(50);
  assert.equal((await panel.answers()).length, 1);
});

test("a short command is whole at once", async () => {
  const panel = await asked("approval-command");
  assert.equal(await panel.byId("show-all-lines").count(), 0);
  assert.equal(await panel.byId("allow").isDisabled(), false);
});

test("hidden characters are boxes, Deny is the filled choice, and only once can be allowed", async () => {
  const panel = await asked("approval-hostile");
  const boxes = panel.byId("approval-command").locator(".hidden-char");
  assert.deepEqual(await boxes.allInnerTexts(), ["ESC", "CR", "U+200B", "U+202E"]);
  assert.match((await panel.byId("deny").getAttribute("class")) ?? "", /primary/);
  assert.equal(await panel.byId("approval-choices").count(), 0);
  assert.equal(await textOf(panel.byId("allow")), "Allow once");
});

/** What the card says of a command, as the names and values of its facts. */
async function checkFacts(scene: string, title: string, ...facts: string[]) {
  const panel = await asked(scene);
  const card = panel.byId("approval");
  assert.equal(await textOf(card.locator("h2")), title);
  const names = await card.locator(".facts dt").allInnerTexts();
  const values = await card.locator(".facts dd").allInnerTexts();
  assert.deepEqual(
    names.map((name, at) => `${name}: ${values[at]}`),
    facts,
  );
}

test("a command in the sandbox", () =>
  checkFacts(
    "approval-command",
    "Run this command?",
    "Where: packages/http",
    "May write: acme-http and the temporary folder",
    "Network: Off",
    "Sandbox: On, by bubblewrap",
  ));
test("a command outside the sandbox", () =>
  checkFacts(
    "approval-escalation",
    "Run this outside the sandbox?",
    "Where: packages/http",
    "May write: Anywhere you can",
    "Network: On, all hosts",
    "Sandbox: Off for this command",
  ));
test("a command where there is no sandbox", () =>
  checkFacts(
    "approval-none",
    "Run this command?",
    "Where: packages/http",
    "May write: Anywhere you can",
    "Network: On, all hosts",
    "Sandbox: No sandbox: runs with your rights",
  ));
test("a connection", () =>
  checkFacts("approval-network", "Connect to packages.example.org?", "Host: packages.example.org"));
test("a connection that is not usual", () =>
  checkFacts(
    "approval-network-port",
    "Connect to 10.0.0.7:8080?",
    "Host: 10.0.0.7",
    "Port: 8080",
    "Protocol: http, not encrypted",
  ));
test("typing", () => checkFacts("approval-typing", "Type this?"));
test("a tool", () =>
  checkFacts(
    "approval-tool",
    "Let tickets run create_ticket?",
    "It says: “Creates a ticket in the tracker of the team.”",
    "Sandbox: None: it runs as tickets does, outside the sandbox",
  ));
test("a file that may hold keys", () =>
  checkFacts(
    "approval-read",
    "Let the agent read this file?",
    "Sandbox: Keys and passwords may be in it. What is read is sent to the model.",
  ));

const choose = (testId: string) => steps(click("approval-choices"), click(testId));
const prefix = (...words: string[]) => ({ acceptWithExecpolicyAmendment: { execpolicy_amendment: words } });
const hostRule = (action: string) => ({
  applyNetworkPolicyAmendment: { network_policy_amendment: { host: "packages.example.org", action } },
});

test("always in this folder", () =>
  check("approval-command", choose("always-workspace"), { decision: prefix("npm", "test"), ruleScope: "workspace" }));
test("always everywhere", () =>
  check("approval-command", choose("always-user"), { decision: prefix("npm", "test"), ruleScope: "user" }));
test("always, by keys", () =>
  check(
    "approval-command",
    async ({ page }) => {
      for (const key of ["Control+ArrowDown", "ArrowDown", "Enter"]) await page.keyboard.press(key);
    },
    { decision: prefix("npm", "test"), ruleScope: "workspace" },
  ));
test("a connection once", () => check("approval-network", click("allow"), { decision: "accept" }));
test("a connection for this session", () =>
  check("approval-network", choose("allow-session"), { decision: "acceptForSession" }));
test("a host always, here", () =>
  check("approval-network", choose("allow-host-workspace"), { decision: hostRule("allow"), ruleScope: "workspace" }));
test("a host never, anywhere", () =>
  check("approval-network", choose("deny-host-user"), { decision: hostRule("deny"), ruleScope: "user" }));
test("no connection", () => check("approval-network", click("deny"), { decision: "decline" }));
test("no connection, and why", () =>
  check(
    "approval-network",
    async (panel) => {
      await panel.byId("deny-feedback").click();
      await panel.page.keyboard.type("Use the mirror.");
      await panel.page.keyboard.press("Enter");
    },
    { decision: "decline", feedback: "Use the mirror." },
  ));
test("a tool once", () => check("approval-tool", click("allow"), { action: "accept", content: {} }));
test("a tool for this session", () =>
  check("approval-tool", choose("allow-session"), { action: "accept", content: {}, _meta: { persist: "session" } }));
test("no tool, and why", () =>
  check(
    "approval-tool",
    async (panel) => {
      await panel.byId("deny-feedback").click();
      await panel.page.keyboard.type("Not in that project.");
      await panel.page.keyboard.press("Enter");
    },
    { action: "decline", feedback: "Not in that project." },
  ));
test("reading once", () =>
  check("approval-read", click("allow"), {
    permissions: { fileSystem: { read: ["/home/ada/acme-http/.env"] } },
    scope: "turn",
  }));
test("no reading", () => check("approval-read", click("deny"), { permissions: {} }));

test("always names the exact words that it covers", async () => {
  const panel = await asked("approval-prefix");
  await panel.byId("approval-choices").click();
  assert.equal(
    await textOf(panel.byId("always-workspace").locator(".menu-exact")),
    `Always allow commands that begin with npm run 'it'"'"'s here' in this folder`,
  );
  assert.match(await textOf(panel.byId("always-workspace")), /They then run without asking\./);
});

test("always says when it lets commands out of the sandbox", async () => {
  const panel = await asked("approval-escalation");
  await panel.byId("approval-choices").click();
  assert.match(
    await textOf(panel.byId("always-user")),
    /npm publish --dry-run everywhere\s+They then run outside the sandbox/,
  );
});

/** The choices beside allowing once. */
async function checkChoices(scene: string, expected: string[]) {
  const panel = await asked(scene);
  await panel.byId("approval-choices").click();
  const items = panel.byId("menu").locator(".menu-item");
  assert.deepEqual(await items.evaluateAll((all) => all.map((item) => item.getAttribute("data-testid"))), expected);
}

test("outside the workspace nothing is always allowed", () =>
  checkChoices("approval-elsewhere", ["allow-session", "deny-stop"]));
test("nor where no words are proposed", () => checkChoices("approval-none", ["allow-session", "deny-stop"]));

test("what is typed, and what could mislead, can be allowed once only", async () => {
  for (const scene of ["approval-typing", "approval-network-foreign", "approval-tool-hostile"]) {
    const panel = await asked(scene);
    assert.equal(await panel.byId("approval-choices").count(), 0, scene);
    assert.equal(await textOf(panel.byId("allow")), "Allow once");
  }
});

test("the arguments of a tool are shown to the last line, with what is hidden in them", async () => {
  const panel = await asked("approval-tool-hostile");
  assert.equal(await panel.byId("allow").isDisabled(), true);
  assert.equal(await textOf(panel.byId("approval-command").locator(".command-tail")), "}");
  await panel.byId("show-all-lines").click();
  await panel.run(200);
  const boxes = panel.byId("approval-command").locator(".hidden-char");
  assert.deepEqual(await boxes.allInnerTexts(), ["U+202E", "U+202C"]);
  assert.match(await panel.byId("approval-command").innerText(), /\\u001b\[2K/);
});

test("a file outside the workspace can be accepted once only", async () => {
  const panel = await asked("approval-outside");
  assert.match(await textOf(panel.byId("approval")), /^Write a file outside the workspace\?/);
  assert.equal(await panel.byId("approval-choices").count(), 0);
});

test("an edit shows its diff in the question", async () => {
  const panel = await asked("approval-edit");
  assert.match(await textOf(panel.byId("edit-preview")), /clearTimeout\(timer\)/);
  await panel.byId("open-diff").click();
  await panel.run(50);
  assert.equal((await panel.requests("editor/showDiff")).length, 1);
});

test("what is written while an edit asks is said to reject it", async () => {
  const panel = await asked("approval-edit");
  await panel.byId("composer").fill("Not so.");
  assert.match(await textOf(panel.byId("composer-hints")), /Reject with this text/);
});

test("what was answered elsewhere is no question any more", async () => {
  const panel = await asked("approval-command");
  await panel.notify("serverRequest/resolved", { threadId: "t", requestId: 1 });
  await panel.run(50);
  assert.equal(await panel.byId("approval").count(), 0);
  assert.deepEqual(await panel.answers(), []);
});

test("a question out of sight is offered in the deck, and does not scroll by itself", async () => {
  const panel = await open({ scene: "approval-command", height: 420 });
  await panel.byId("approval").waitFor();
  await panel.byId("thread").hover();
  await panel.page.mouse.wheel(0, -3000);
  await panel.byId("show-approval").click();
  await until(
    () => topOf(panel.byId("approval")),
    (top) => top < 300,
  );
});

test("a button that goes when it was clicked leaves the focus in the message box", async () => {
  const panel = await asked("approval-command");
  await panel.byId("allow").focus();
  await panel.page.keyboard.press("Enter");
  await panel.run(50);
  assert.equal(await panel.byId("approval").count(), 0);
  assert.equal(await isFocused(panel.byId("composer")), true);
});

test("the card names Ctrl+Enter only while it allows: with a text it sends that", async () => {
  const panel = await asked("approval-command");
  const hint = panel.page.locator("pw-approval .unless-written");
  assert.equal(await hint.isVisible(), true);
  await panel.byId("composer").fill("And the tests?");
  assert.equal(await hint.isVisible(), false);
  await panel.byId("composer").fill("");
  assert.equal(await hint.isVisible(), true);
});
