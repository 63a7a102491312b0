import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, type Panel, panels, textOf, until } from "./driver.ts";

const open = panels();

async function opened(scene: string, width = 420): Promise<Panel> {
  const panel = await open({ scene, width });
  await panel.byId("sandbox").waitFor();
  return panel;
}

/** What is seen of the chip in a panel of this width. */
async function checkChip(scene: string, width: number, expected: string): Promise<void> {
  const panel = await opened(scene, width);
  assert.equal((await panel.byId("sandbox").innerText()).trim(), expected);
}

test("a narrow panel has a shield", () => checkChip("finished", 420, ""));
test("a wide one says it", () => checkChip("finished", 600, "Sandboxed"));
test("that there is none is always spelled out", () => checkChip("no-sandbox", 320, "No sandbox"));
test("so is that full access goes without it", () => checkChip("full", 320, "Sandbox off"));

/** Whether the toolbar takes a second line, which then begins with the chip and ends with the button that sends. */
async function checkLines(scene: string, width: number, lines: 1 | 2): Promise<void> {
  const panel = await opened(scene, width);
  const boxOf = async (testId: string) => (await panel.byId(testId).boundingBox()) ?? assert.fail(testId);
  const [attach, model, chip, send] = await Promise.all(["attach", "model", "sandbox", "send"].map(boxOf));
  assert.ok(attach && model && chip && send);
  const isBelow = chip.y >= model.y + model.height;
  assert.equal(isBelow ? 2 : 1, lines);
  assert.equal(chip.y, send.y, "the chip and the button that sends are on one line");
  if (isBelow) assert.equal(Math.round(chip.x), Math.round(attach.x));
  else assert.ok(send.x - (chip.x + chip.width) < 70, "the chip stands at the right");
}

test("a narrow toolbar with words about the sandbox has two lines", () => checkLines("full", 320, 2));
test("also where there is none", () => checkLines("no-sandbox-full", 320, 2));
test("one line where they fit", () => checkLines("full", 420, 1));
test("and with a shield alone", () => checkLines("finished", 320, 1));

/** What its popover says. */
async function checkPopover(scene: string, ...expected: RegExp[]): Promise<void> {
  const panel = await opened(scene);
  await panel.byId("sandbox").click();
  const text = await textOf(panel.byId("sandbox-popover"));
  for (const words of expected) assert.match(text, words);
}

test("what confines commands, and what they may do", () =>
  checkPopover(
    "finished",
    /Confined by\s+bubblewrap/,
    /May write\s+acme-http and the temporary folder/,
    /Network\s+Off/,
    /never written by a command/,
    /cannot be read/,
  ));
test("other folders and an open network", () =>
  checkPopover("network-on", /acme-http, \/data\/cache, and the temporary folder/, /Network\s+On, all hosts/));
test("a network that asks", () => checkPopover("network-asks", /Asks you about each host/));
test("reading only", () => checkPopover("read-only", /May write\s+Nothing/));
test("why there is none, and what to do", () =>
  checkPopover("no-sandbox", /every command asks first/, /bubblewrap is not installed\. Install it/));
test("none, with full access", () => checkPopover("no-sandbox-full", /do not ask/, /bubblewrap is not installed/));
test("one that full access leaves out", () => checkPopover("full", /^The sandbox is off/, /Full access is on/));

test("a banner says that there is none, until it was read, also after a reload", async () => {
  const panel = await opened("no-sandbox");
  assert.match(
    await textOf(panel.byId("banner-no-sandbox")),
    /^No sandbox on this machine\. Every command asks first\./,
  );
  await panel.byId("banner-no-sandbox-link").click();
  await panel.byId("sandbox-why").waitFor();
  await panel.page.keyboard.press("Escape");
  await panel.byId("banner-no-sandbox").getByTestId("dismiss").click();
  await until(
    () => panel.byId("banner-no-sandbox").count(),
    (count) => count === 0,
  );
  await panel.page.reload();
  await panel.byId("sandbox").waitFor();
  await panel.quiet();
  assert.equal(await panel.byId("banner-no-sandbox").count(), 0);
  assert.equal(await textOf(panel.byId("sandbox")), "No sandbox");
});

test("one that is installed, or lost, is shown at once", async () => {
  const panel = await opened("no-sandbox");
  await panel.byId("banner-no-sandbox").waitFor();
  await panel.notify("sandbox/updated", { sandbox: { kind: "bubblewrap" } });
  await panel.byId("banner-no-sandbox").waitFor({ state: "detached" });
  await panel.byId("sandbox").getByText("No sandbox").waitFor({ state: "detached" });
  await panel.notify("sandbox/updated", { sandbox: { kind: "none", reason: "It is gone." } });
  await panel.byId("sandbox").getByText("No sandbox").waitFor();
});

test("what is said of it changes with what is true, also while it is being read", async () => {
  const panel = await opened("finished");
  await panel.byId("sandbox").click();
  await becomes(panel.byId("sandbox-popover"), /May write\s+acme-http and the temporary folder/);
  const threadSettings = {
    model: "atlas-4",
    modelProvider: "openai",
    approvalPolicy: "never",
    sandboxPolicy: { type: "dangerFullAccess" },
  };
  await panel.notify("thread/settings/updated", { threadId: "t", threadSettings });
  await becomes(panel.byId("sandbox-popover"), /^The sandbox is off/);
  await panel.notify("sandbox/updated", { sandbox: { kind: "none", reason: "It is gone." } });
  await becomes(panel.byId("sandbox-popover"), /It is gone\./);
});

test("another window says it once more", async () => {
  const panel = await opened("no-sandbox");
  await panel.byId("banner-no-sandbox").getByTestId("dismiss").click();
  await panel.page.evaluate("fake.notify('editor/stateChanged', { ...scene.editor, windowId: 'window-2' })");
  await panel.byId("banner-no-sandbox").waitFor();
});

test("with a sandbox there is no banner, and in Restricted Mode its own is enough", async () => {
  for (const scene of ["finished", "restricted"]) {
    const panel = await opened(scene);
    assert.equal(await panel.byId("banner-no-sandbox").count(), 0, scene);
  }
});
