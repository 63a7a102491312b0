import assert from "node:assert/strict";
import { test } from "node:test";
import { isFocused, type Panel, panels, textOf, until } from "./driver.ts";

const open = panels();

/** The rules, once the server has told them: rows, or the words that there are none. */
async function opened(scene = "rules", width = 420): Promise<Panel> {
  const panel = await open({ scene, width });
  await panel.byId("mode").click();
  await panel.byId("mode-rules").click();
  await panel.byId("rule-row").or(panel.byId("no-rules")).first().waitFor();
  return panel;
}

const rows = (panel: Panel) => panel.byId("rule-row");
const row = (panel: Panel, text: string) => rows(panel).filter({ hasText: text });
const settled = (panel: Panel, count: number) =>
  until(
    () => rows(panel).count(),
    (now) => now === count,
  );

async function written(panel: Panel): Promise<unknown> {
  const all = await until(
    () => panel.requests("rule/write"),
    (requests) => requests.length > 0,
  );
  return all.at(-1);
}

test("rules stand in groups: here, everywhere, and in other folders", async () => {
  const panel = await opened();
  const groups = await panel.byId("rule-group").allInnerTexts();
  assert.deepEqual(
    groups.map((text) => text.split("\n").filter(Boolean)[0]),
    ["In this folder", "Everywhere", "In /home/ada/other"],
  );
  assert.match(groups[0] ?? "", /npm publish --dry-run\s+Allowed · outside the sandbox/);
  assert.match(groups[1] ?? "", /\*\.telemetry\.example\s+Denied · connections/);
  assert.match(groups[1] ?? "", /cargo build 'name with spaces'\s+Allowed · in the sandbox/);
});

test("all of a rule is to be read, and nothing moves when its buttons come", async () => {
  const panel = await opened("rules", 320);
  const isCut = await panel.page.evaluate(
    `[...document.querySelectorAll(".rule-row .ellipsis")].map((text) => text.scrollWidth > text.clientWidth)`,
  );
  assert.deepEqual(isCut, Array(14).fill(false));
  const host = row(panel, "*.telemetry.example");
  const before = await host.boundingBox();
  await host.hover();
  await host.getByTestId("edit-rule").waitFor();
  assert.deepEqual(await host.boundingBox(), before);
});

test("searching", async () => {
  const panel = await opened();
  await panel.byId("search-rules").locator("input").fill("NPM");
  await settled(panel, 2);
  await panel.byId("search-rules").locator("input").fill("nothing like it");
  await settled(panel, 0);
  assert.match(await textOf(panel.byId("rules")), /No rule has “nothing like it” in it\./);
});

test("none yet", async () => {
  const panel = await opened("no-rules");
  assert.match(await textOf(panel.byId("no-rules")), /^No rules yet\./);
  assert.equal(await panel.byId("search-rules").count(), 0);
});

test("what the field is for can be read while something stands in it", async () => {
  const panel = await opened("no-rules");
  await panel.byId("add-rule").click();
  const field = panel.byId("rule-text");
  await field.locator("input").fill("npm test");
  const label = field.getByText("First words of the command");
  assert.ok(((await label.boundingBox())?.height ?? 0) >= 16);
  await panel.byId("rule-kind-host").click();
  await field.getByText("Host", { exact: true }).waitFor();
});

test("adding one", async () => {
  const panel = await opened("no-rules");
  await panel.byId("add-rule").click();
  await panel.byId("rule-text").locator("input").fill("npm run 'two words'");
  assert.deepEqual(await panel.byId("rule-words").locator("code").allInnerTexts(), ["npm", "run", "two words"]);
  await panel.byId("rule-deny").click();
  await panel.page.keyboard.press("Escape");
  assert.equal(await panel.byId("rule-form").count(), 0);
  await panel.byId("add-rule").click();
  await panel.byId("rule-text").locator("input").fill("npm run 'two words'");
  await panel.byId("save-rule").click();
  assert.deepEqual(await written(panel), {
    rule: {
      subject: { kind: "command", prefix: ["npm", "run", "two words"] },
      decision: "allow",
      workspace: "/home/ada/acme-http",
    },
  });
  await settled(panel, 1);
});

test("adding a host that is denied everywhere", async () => {
  const panel = await opened();
  await panel.byId("add-rule").click();
  await panel.byId("rule-kind-host").click();
  await panel.byId("rule-text").locator("input").fill("Ads.Example.ORG");
  await panel.byId("rule-deny").click();
  await panel.byId("rule-scope-user").click();
  assert.equal(await panel.byId("rule-unconfined").count(), 0);
  await panel.byId("rule-text").locator("input").press("Enter");
  assert.deepEqual(await written(panel), {
    rule: { subject: { kind: "host", host: "ads.example.org" }, decision: "deny" },
  });
});

test("changing one: its words, where it holds, and whether it leaves the sandbox", async () => {
  const panel = await opened();
  await row(panel, "npm publish").getByTestId("rule-open").click();
  assert.equal(await panel.byId("rule-unconfined").isChecked(), true);
  await panel.byId("rule-text").locator("input").fill("npm publish");
  await panel.byId("rule-unconfined").uncheck();
  await panel.byId("rule-scope-user").click();
  await panel.byId("save-rule").click();
  assert.deepEqual(await written(panel), {
    id: "r2",
    rule: { subject: { kind: "command", prefix: ["npm", "publish"] }, decision: "allow" },
  });
  await panel.byId("rule-form").waitFor({ state: "detached" });
  assert.equal(await rows(panel).count(), 7);
});

/** What the form says instead of saving this. */
async function checkRefused(text: string, words: RegExp) {
  const panel = await opened("no-rules");
  await panel.byId("add-rule").click();
  await panel.byId("rule-text").locator("input").fill(text);
  await panel.byId("save-rule").click();
  assert.match(await textOf(panel.byId("rule-problem")), words);
  await panel.quiet();
  assert.deepEqual(await panel.requests("rule/write"), []);
}

test("no words", () => checkRefused("  ", /at least one word/));
test("two commands", () => checkRefused("npm test && curl", /“&” is a sign of the shell/));
test("a variable", () => checkRefused("FOO=1 npm test", /begins with the program\. Leave out “FOO=1”/));
test("an open quote", () => checkRefused("npm 'run", /quote is not closed/));

test("what the server refuses is said in the form", async () => {
  const panel = await opened("no-rules");
  await panel.page.evaluate("fake.failures['rule/write'] = 'A rule for bash would allow anything.'");
  await panel.byId("add-rule").click();
  await panel.byId("rule-text").locator("input").fill("bash -c");
  await panel.byId("save-rule").click();
  assert.match(await textOf(panel.byId("rule-problem")), /It was not saved\. A rule for bash would allow anything\./);
  assert.equal(await panel.byId("rule-text").locator("input").inputValue(), "bash -c");
});

test("deleting, and having it back", async () => {
  const panel = await opened();
  await row(panel, "npm publish").hover();
  await row(panel, "npm publish").getByTestId("delete-rule").click();
  await settled(panel, 6);
  assert.deepEqual(await panel.requests("rule/delete"), [{ id: "r2" }]);
  assert.match(await textOf(panel.byId("rule-deleted")), /Rule deleted\. npm publish --dry-run/);
  assert.equal(await isFocused(panel.byId("undo-delete")), true);
  await panel.page.keyboard.press("Enter");
  assert.deepEqual(await written(panel), {
    rule: {
      subject: { kind: "command", prefix: ["npm", "publish", "--dry-run"] },
      decision: "allow",
      unconfined: true,
      workspace: "/home/ada/acme-http",
    },
  });
  await settled(panel, 7);
  assert.equal(await panel.byId("rule-deleted").count(), 0);
});

test("what cannot be deleted says so where it is", async () => {
  const panel = await opened();
  await panel.page.evaluate("fake.failures['rule/delete'] = 'The disk is full.'");
  await row(panel, "git push").getByTestId("rule-open").focus();
  await panel.page.keyboard.press("Delete");
  assert.match(await textOf(panel.byId("rule-problem")), /It was not deleted\. The disk is full\./);
  assert.equal(await rows(panel).count(), 7);
});

test("rules that cannot be read, and trying again", async () => {
  const panel = await open({ scene: "rules" });
  await panel.page.evaluate("fake.failures['rule/list'] = 'The file is damaged.'");
  await panel.byId("more").click();
  await panel.byId("show-rules").click();
  assert.match(await textOf(panel.byId("rules-problem")), /The rules could not be read\. The file is damaged\./);
  await panel.page.evaluate("delete fake.failures['rule/list']");
  await panel.byId("rules-again").click();
  await settled(panel, 7);
});

test("what another window changes is shown at once", async () => {
  const panel = await opened();
  await settled(panel, 7);
  await panel.notify("rule/updated", { rules: [] });
  await panel.byId("no-rules").waitFor();
});

test("by keys: in, along, into one, out, and back", async () => {
  const panel = await opened();
  await settled(panel, 7);
  assert.equal(await isFocused(panel.byId("back")), true);
  for (const key of ["ArrowDown", "ArrowDown"]) await panel.page.keyboard.press(key);
  assert.equal(await isFocused(row(panel, "npm publish").getByTestId("rule-open")), true);
  await panel.page.keyboard.press("Enter");
  await panel.byId("rule-form").waitFor();
  await panel.page.keyboard.press("Escape");
  await panel.byId("rule-form").waitFor({ state: "detached" });
  assert.equal(await isFocused(row(panel, "npm publish").getByTestId("rule-open")), true);
  await panel.page.keyboard.press("Escape");
  await panel.byId("composer").waitFor();
  assert.equal(await panel.byId("rules").count(), 0);
});

test("the command shows them, too", async () => {
  const panel = await open({ scene: "rules" });
  await panel.byId("composer").waitFor();
  await panel.notify("editor/showRules", {});
  await settled(panel, 7);
});
