import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, isFocused, type Panel, panels, textOf, until } from "./driver.ts";

const open = panels();

async function opened(scene: string): Promise<Panel> {
  const panel = await open({ scene });
  await panel.byId("composer").waitFor();
  return panel;
}

const chips = (panel: Panel) => panel.page.locator(".composer [data-testid=chip]").allInnerTexts();
const first = async (panel: Panel, method: string) =>
  (
    await until(
      () => panel.requests(method),
      (all) => all.length > 0,
    )
  )[0];

test("the first message starts a thread in the workspace, with what was picked", async () => {
  const panel = await opened("welcome");
  await panel.byId("model").getByText("Atlas 4").waitFor();
  await panel.byId("model").click();
  await panel.byId("model-item").getByText("Atlas 4 Mini").click();
  await panel.byId("suggestion").first().click();
  assert.deepEqual(await first(panel, "thread/start"), {
    cwd: "/home/ada/acme-http",
    model: "atlas-4-mini",
    approvalPolicy: null,
    sandbox: null,
    editReview: null,
  });
  assert.deepEqual(await first(panel, "turn/start"), {
    threadId: "started",
    input: [{ type: "text", text: "The tests fail. Find out why and fix it.", text_elements: [] }],
  });
  await panel.byId("user-message").waitFor();
});

test("without a folder nothing is suggested, since it could not be sent, but to open one", async () => {
  const panel = await opened("welcome-no-folder");
  assert.equal(await panel.byId("suggestion").count(), 0);
  await panel.byId("open-folder").click();
  assert.deepEqual(await first(panel, "editor/openFolder"), {});
});

test("until the editor has said which folder is open, none is missed", async () => {
  const panel = await opened("welcome-late");
  await panel.byId("welcome").waitFor();
  assert.equal(await panel.byId("open-folder").count(), 0);
  assert.doesNotMatch(await textOf(panel.byId("welcome")), /Open a folder/);
  await panel.speak();
  await panel.byId("welcome").getByText("runs code in acme-http").waitFor();
});

test("a double click on a suggestion sends it once", async () => {
  const panel = await opened("welcome");
  await panel.byId("suggestion").first().dblclick();
  await panel.byId("user-message").waitFor();
  await panel.quiet();
  assert.equal((await panel.requests("thread/start")).length, 1);
  assert.equal((await panel.requests("turn/start")).length, 1);
  assert.equal(await panel.byId("composer").inputValue(), "");
});

test("full access is explained and confirmed before it holds", async () => {
  const panel = await opened("finished");
  await panel.byId("mode").click();
  await panel.byId("mode-full").click();
  assert.match(await textOf(panel.byId("confirm-full")), /without asking/);
  await panel.byId("cancel-full").click();
  assert.deepEqual(await panel.requests("thread/settings/update"), []);
  await panel.byId("mode").click();
  await panel.byId("mode-full").click();
  await panel.byId("confirm-full-access").click();
  assert.deepEqual(await first(panel, "thread/settings/update"), {
    threadId: "t",
    approvalPolicy: "never",
    sandboxPolicy: { type: "dangerFullAccess" },
  });
  await becomes(panel.byId("mode"), "Full access");
});

test("another model and effort in the open thread", async () => {
  const panel = await opened("finished");
  await panel.byId("model").getByText("Atlas 4").waitFor();
  await panel.byId("model").click();
  await panel.byId("effort").getByText("High").click();
  assert.deepEqual(await first(panel, "thread/settings/update"), { threadId: "t", model: "atlas-4", effort: "high" });
});

test("attached files become chips, can be removed, and are sent", async () => {
  const panel = await opened("markdown");
  await panel.byId("attach").click();
  await until(
    () => chips(panel),
    (all) => all.length === 1,
  );
  assert.deepEqual(await chips(panel), ["backoff.ts"]);
  await panel.byId("remove-chip").click();
  assert.deepEqual(await chips(panel), []);
  await panel.byId("attach").click();
  await until(
    () => chips(panel),
    (all) => all.length === 1,
  );
  await panel.byId("composer").fill("Read it.");
  await panel.byId("send").click();
  assert.deepEqual(await first(panel, "turn/start"), {
    threadId: "t",
    input: [
      { type: "text", text: "Read it.", text_elements: [] },
      { type: "mention", name: "backoff.ts", path: "/home/ada/acme-http/packages/http/src/backoff.ts" },
    ],
  });
});

test("what the editor puts in comes before what is there, and has the focus", async () => {
  const panel = await opened("markdown");
  await panel.byId("composer").fill("mine");
  await panel.byId("title").focus();
  const text = "Fix this problem.\n\na.ts:1:1: error: no";
  const input = [{ type: "text", text, text_elements: [{ byteRange: { start: 19, end: 38 }, placeholder: "ts: no" }] }];
  await panel.notify("editor/compose", { input });
  await until(
    () => panel.byId("composer").inputValue(),
    (value) => value === "Fix this problem.\n\nmine",
  );
  assert.deepEqual(await chips(panel), ["ts: no"]);
  await until(() => isFocused(panel.byId("composer")), Boolean);
});

test("a message that is not taken stays, and the reason stands below it", async () => {
  const panel = await opened("markdown");
  await panel.page.evaluate("fake.failures['turn/start'] = 'The disk is full. Free some space and send it again.'");
  await panel.byId("composer").fill("Try.");
  await panel.page.keyboard.press("Enter");
  await panel.byId("composer-note").getByText("It was not sent. The disk is full.").waitFor();
  assert.equal(await panel.byId("composer").inputValue(), "Try.");
});

test("without a key nothing is sent, and the way to one is shown", async () => {
  const panel = await opened("welcome-demo");
  await panel.byId("composer").fill("Hello");
  await panel.page.keyboard.press("Enter");
  assert.match(await textOf(panel.byId("composer-note")), /no API key/);
  await panel.byId("use-key").click();
  await first(panel, "editor/enterKey");
  await panel.byId("try-demo").click();
  await first(panel, "editor/startDemo");
  assert.deepEqual(await panel.requests("thread/start"), []);
});

test("that a key is missing is said until one is there", async () => {
  const panel = await opened("welcome-demo");
  await panel.byId("composer").fill("Hello");
  await panel.page.keyboard.press("Enter");
  await panel.byId("composer-note").waitFor();
  await panel.notify("account/updated", { authMode: "apikey" });
  await panel.byId("composer-note").waitFor({ state: "detached" });
  assert.equal(await panel.byId("composer").inputValue(), "Hello");
});

test("the demo suggests only what it can answer", async () => {
  const panel = await opened("welcome-in-demo");
  await panel.byId("suggestion").first().waitFor();
  assert.deepEqual(await panel.byId("suggestion").allInnerTexts(), ["The tests fail. Find out why and fix it."]);
  const ours = await opened("welcome");
  await ours.byId("suggestion").nth(2).waitFor();
});

test("what the demo sends nowhere is said so, and nothing of it once a key was entered", async () => {
  const demo = await opened("demo");
  await demo.byId("banner-demo").waitFor();
  assert.equal(await textOf(demo.byId("model")), "Demo model");
  const over = await opened("demo-over");
  await over.byId("model").getByText("Atlas 4").waitFor();
  assert.equal(await over.byId("banner-demo").count(), 0);
});

test("the demo is offered in the sample only", async () => {
  const panel = await opened("welcome-no-key");
  await panel.byId("use-key").waitFor();
  assert.equal(await panel.byId("try-demo").count(), 0);
});

test("the text grows to ten lines and then scrolls", async () => {
  const panel = await opened("markdown");
  const height = async () => (await panel.byId("composer").boundingBox())?.height;
  assert.equal(await height(), 20);
  await panel.byId("composer").fill("a\nb\nc");
  assert.equal(await height(), 60);
  await panel.byId("composer").fill("a\n".repeat(30));
  assert.equal(await height(), 200);
});

test("retry puts a turn that did nothing in its own place", async () => {
  const panel = await opened("unanswered");
  await panel.byId("remedy-retry").click();
  const reverted = (await first(panel, "thread/revert")) as { beforeTurnId: string };
  assert.equal(reverted.beforeTurnId, "a");
  const sent = (await first(panel, "turn/start")) as { input: { text: string }[] };
  assert.equal(sent.input[0]?.text, "Find the flake.");
});

test("a turn that did something goes on", async () => {
  const panel = await opened("unauthorized");
  assert.equal(await textOf(panel.byId("remedy-enterKey")), "Enter a key");
  const failed = await opened("failed");
  await failed.byId("remedy-retry").click();
  const sent = (await first(failed, "turn/start")) as { input: { text: string }[] };
  assert.equal(sent.input[0]?.text, "Continue.");
});
