import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, isFocused, type Panel, panels, textOf, until } from "./driver.ts";

const open = panels();

async function opened(scene: string): Promise<Panel> {
  const panel = await open({ scene });
  await panel.byId("user-message").first().waitFor({ state: "attached" });
  await panel.byId("composer").focus();
  return panel;
}

type Sent = { input: { text: string }[]; expectedTurnId?: string; clientUserMessageId?: string };

const sent = async (panel: Panel, method: string) =>
  (
    await until(
      () => panel.requests(method),
      (all) => all.length > 0,
    )
  ).at(-1) as Sent;

const texts = (panel: Panel) => panel.page.locator(".queue-text").allInnerTexts();
const composed = (panel: Panel) => panel.byId("composer").inputValue();
const empties = (panel: Panel) =>
  until(
    () => composed(panel),
    (text) => text === "",
  );
const queued = (panel: Panel, count: number) =>
  until(
    () => texts(panel),
    (all) => all.length === count,
  );
const said = (panel: Panel, words: RegExp) =>
  until(
    () => panel.byId("polite").innerText(),
    (text) => words.test(text),
  );

test("while a turn runs Enter queues and Ctrl+Enter steers", async () => {
  const panel = await opened("at-work");
  await panel.page.keyboard.type("Later.");
  assert.match(await textOf(panel.byId("composer-hints")), /Enter\s*Queue\s*Ctrl\s*Enter\s*Steer now/);
  await panel.page.keyboard.press("Enter");
  const added = await sent(panel, "thread/queue/add");
  assert.equal(added.input[0]?.text, "Later.");
  assert.ok(added.clientUserMessageId);
  await empties(panel);
  await said(panel, /^Message queued$/);
  assert.deepEqual(await queued(panel, 1), ["Later."]);
  await panel.page.keyboard.type("Now.");
  await panel.page.keyboard.press("Control+Enter");
  const { expectedTurnId, input } = await sent(panel, "turn/steer");
  assert.deepEqual([expectedTurnId, input[0]?.text], ["a", "Now."]);
  await panel.byId("steering").getByText("Now.").waitFor();
  await said(panel, /reads the message/);
  assert.deepEqual(await texts(panel), ["Later."]);
  assert.equal(await isFocused(panel.byId("composer")), true);
});

test("the setting lets Enter steer, and Ctrl+Enter queue", async () => {
  const panel = await opened("steer-by-enter");
  await panel.byId("composer").fill("Now.");
  assert.equal(await panel.byId("send").getAttribute("aria-label"), "Steer now");
  await panel.page.keyboard.press("Enter");
  assert.equal((await sent(panel, "turn/steer")).input[0]?.text, "Now.");
  await empties(panel);
  await panel.page.keyboard.type("Later.");
  await panel.page.keyboard.press("Control+Enter");
  assert.equal((await sent(panel, "thread/queue/add")).input[0]?.text, "Later.");
});

test("what the server refuses stays in the composer, with the reason", async () => {
  const panel = await opened("at-work");
  await panel.page.evaluate("fake.failures['turn/steer'] = 'That turn is not running any more.'");
  await panel.page.keyboard.type("Now.");
  await panel.page.keyboard.press("Control+Enter");
  await panel.byId("composer-note").getByText("It was not sent. That turn is not running any more.").waitFor();
  assert.equal(await composed(panel), "Now.");
});

test("what is typed while a message is on its way is not lost", async () => {
  const panel = await opened("at-work");
  await panel.page.evaluate(`(() => {
    const field = document.querySelector("textarea");
    const type = (text) => { field.value = text; field.dispatchEvent(new Event("input", { bubbles: true })); };
    type("First.");
    return new Promise(requestAnimationFrame).then(() => {
      field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
      type("First. Second");
    });
  })()`);
  await queued(panel, 1);
  await until(
    () => composed(panel),
    (text) => text === "Second",
  );
});

test("with a question open Ctrl+Enter steers, and with an empty composer it allows", async () => {
  const panel = await opened("approval-command");
  await panel.byId("approval").waitFor();
  await panel.page.keyboard.type("Use less.");
  assert.match(await textOf(panel.byId("composer-hints")), /Deny with this text/);
  assert.equal(await panel.page.locator(".send.primary").count(), 0);
  await panel.page.keyboard.press("Control+Enter");
  assert.equal((await sent(panel, "turn/steer")).input[0]?.text, "Use less.");
  assert.deepEqual(await panel.answers(), []);
  await empties(panel);
  await until(
    async () => {
      await panel.page.keyboard.press("Control+Enter");
      return panel.answers();
    },
    (answers) => answers.length > 0,
  );
});

test("a queued message steers, is edited and deleted by clicks", async () => {
  const panel = await opened("queue");
  await queued(panel, 2);
  assert.match(await textOf(panel.byId("queue")), /^Queued · sent in order when this turn ends/);
  const [first, second] = [panel.byId("queue-item").nth(0), panel.byId("queue-item").nth(1)];
  await first.hover();
  await first.getByTestId("queue-use").click();
  assert.deepEqual(await sent(panel, "thread/queue/start"), { threadId: "t", queuedSubmissionId: "q1" });
  await second.hover();
  await second.getByTestId("queue-edit").click();
  assert.match(await composed(panel), /^Then update the changelog/);
  assert.equal(await panel.page.locator(".composer [data-testid=chip]").innerText(), "backoff.ts");
  await panel.byId("composer").fill("Never mind the changelog.");
  await panel.page.keyboard.press("Enter");
  const update = (await sent(panel, "thread/queue/update")) as Sent & { queuedSubmissionId: string };
  assert.equal(update.queuedSubmissionId, "q2");
  assert.equal(update.input[0]?.text, "Never mind the changelog.");
  await until(
    () => composed(panel),
    (text) => text === "Use vi.useFakeTimers, not a real delay",
  );
  await first.hover();
  await first.getByTestId("queue-delete").click();
  assert.deepEqual(await queued(panel, 1), ["Never mind the changelog."]);
});

test("Escape leaves a queued message as it was, and brings back what was being written", async () => {
  const panel = await opened("queue");
  await queued(panel, 2);
  await panel.byId("queue-item").first().focus();
  await panel.page.keyboard.press("Enter");
  assert.equal(await composed(panel), "Add the same test for the fetch client");
  await panel.byId("composer").fill("Something else");
  await panel.page.keyboard.press("Escape");
  assert.equal(await composed(panel), "Use vi.useFakeTimers, not a real delay");
  assert.equal(await panel.byId("composer-edit").count(), 0);
  await panel.quiet();
  assert.deepEqual(await panel.requests("thread/queue/update"), []);
});

test("a message that is read while it is edited leaves its new text in the composer", async () => {
  const panel = await opened("queue");
  await panel.byId("steering").getByTestId("steering-edit").click();
  assert.match(await textOf(panel.byId("composer-edit")), /has not read yet/);
  await panel.byId("composer").fill("Keep every signature.");
  await panel.notify("thread/queue/changed", { threadId: "t", queuedSubmissions: [] });
  await panel.byId("composer-note").getByText("cannot be changed any more").waitFor();
  assert.equal(await composed(panel), "Keep every signature.\n\nUse vi.useFakeTimers, not a real delay");
  assert.equal(await panel.byId("composer-edit").count(), 0);
});

test("an edit survives the reload of the panel", async () => {
  const panel = await opened("queue");
  await queued(panel, 2);
  await panel.byId("queue-item").first().focus();
  await panel.page.keyboard.press("Enter");
  await panel.byId("composer").fill("Half of it");
  await panel.page.reload();
  await queued(panel, 2);
  await panel.byId("composer-edit").waitFor();
  assert.equal(await composed(panel), "Half of it");
  await panel.byId("composer").focus();
  await panel.page.keyboard.press("Escape");
  assert.equal(await composed(panel), "Use vi.useFakeTimers, not a real delay");
});

test("Alt with the arrows reorders and keeps the focus; Delete deletes and hands it on", async () => {
  const panel = await opened("queue");
  await queued(panel, 2);
  await panel.byId("queue-item").nth(1).focus();
  await panel.page.keyboard.press("Alt+ArrowUp");
  const { queuedSubmissionIds } = (await sent(panel, "thread/queue/reorder")) as Sent & {
    queuedSubmissionIds: string[];
  };
  assert.deepEqual(queuedSubmissionIds, ["q2", "q1"]);
  await until(
    () => texts(panel),
    ([first]) => first?.startsWith("Then update") === true,
  );
  await until(() => isFocused(panel.byId("queue-item").first()), Boolean);
  await panel.page.keyboard.press("Alt+ArrowUp");
  await panel.quiet();
  assert.equal((await panel.requests("thread/queue/reorder")).length, 1);
  await panel.page.keyboard.press("Delete");
  await queued(panel, 1);
  await until(() => isFocused(panel.byId("queue-item").first()), Boolean);
});

test("what is moved back before the server has told of the first move is moved back", async () => {
  const panel = await opened("queue");
  await queued(panel, 2);
  await panel.page.evaluate(`(async () => {
    for (const key of ["ArrowDown", "ArrowUp"]) {
      const item = document.querySelector("[data-id=q1]");
      item.dispatchEvent(new KeyboardEvent("keydown", { key, altKey: true, bubbles: true, cancelable: true }));
      await item.closest("pw-queue").updateComplete;
    }
  })()`);
  await panel.quiet();
  const asked = (await panel.requests("thread/queue/reorder")) as { queuedSubmissionIds: string[] }[];
  assert.deepEqual(
    asked.map(({ queuedSubmissionIds }) => queuedSubmissionIds),
    [
      ["q2", "q1"],
      ["q1", "q2"],
    ],
  );
  assert.match((await texts(panel))[0] ?? "", /^Add the same test/);
});

test("the grip drags a message to another place, and an order that is refused does not stay", async () => {
  const panel = await opened("queue");
  await queued(panel, 2);
  const drag = async () => {
    const grip = await panel.byId("queue-grip").first().boundingBox();
    const last = await panel.byId("queue-item").last().boundingBox();
    assert.ok(grip && last);
    await panel.page.mouse.move(grip.x + 8, grip.y + 8);
    await panel.page.mouse.down();
    await panel.page.mouse.move(grip.x + 8, last.y + 20, { steps: 4 });
    await panel.page.mouse.up();
  };
  await drag();
  const { queuedSubmissionIds } = (await sent(panel, "thread/queue/reorder")) as Sent & {
    queuedSubmissionIds: string[];
  };
  assert.deepEqual(queuedSubmissionIds, ["q2", "q1"]);
  await panel.page.evaluate("fake.failures['thread/queue/reorder'] = 'The disk is full.'");
  await drag();
  await panel.byId("banner-notice").getByText("The disk is full.").waitFor();
  await until(
    () => texts(panel),
    ([first]) => first?.startsWith("Then update") === true,
  );
});

test("a steering message is dashed at the end of the thread until it is read, and can be taken back", async () => {
  const panel = await opened("queue");
  const steering = panel.byId("steering");
  assert.match(await textOf(steering), /^Steering: read after this command\s+Keep the public signature/);
  const item = { type: "userMessage", id: "s1", content: [{ type: "text", text: "Keep the public signature." }] };
  const said = { threadId: "t", turnId: "a", item, startedAtMs: 0, completedAtMs: 0 };
  await panel.notify("item/started", said);
  await panel.notify("item/completed", said);
  await panel.byId("user-message").nth(1).waitFor();
  await steering.waitFor({ state: "detached" });
  assert.equal(await panel.byId("user-message").nth(1).getByTestId("edit-message").count(), 0);

  const other = await opened("queue");
  await other.byId("steering").getByTestId("steering-close").click();
  await until(
    () => other.byId("steering").count(),
    (count) => count === 0,
  );
  assert.deepEqual(await other.requests("thread/queue/delete"), [{ threadId: "t", queuedSubmissionId: "s1" }]);
});

test("a stop with a message that was not read says so, and what waits is sent by a click", async () => {
  const panel = await opened("queue");
  await panel.byId("steering").waitFor();
  await panel.page.keyboard.press("Shift+Escape");
  const waiting = (id: string, text: string) => ({ id, clientUserMessageId: id, input: [{ type: "text", text }] });
  const queuedSubmissions = [waiting("s1", "Keep it."), waiting("q1", "Add a test.")];
  await panel.notify("thread/queue/changed", { threadId: "t", queuedSubmissions });
  const turn = { id: "a", items: [], status: "interrupted", durationMs: 4000 };
  await panel.notify("turn/completed", { threadId: "t", turn });
  await panel.byId("composer-note").getByText("The turn ended before the agent read your message.").waitFor();
  await becomes(panel.byId("queue"), /^2 messages, not sent yet/);
  assert.deepEqual(await texts(panel), ["Keep it.", "Add a test."]);
  await panel.byId("queue-send").click();
  assert.deepEqual(await sent(panel, "thread/queue/start"), { threadId: "t", queuedSubmissionId: null });
});
