import assert from "node:assert/strict";
import { test } from "node:test";
import { type Panel, panels, textOf, until } from "./driver.ts";

const open = panels();

async function hostile(): Promise<Panel> {
  const panel = await open({ scene: "hostile" });
  await panel.byId("agent-message").waitFor();
  return panel;
}

const count = (panel: Panel, selector: string) => panel.page.locator(selector).count();

test("nothing in a message runs, loads or reaches the host", async () => {
  const panel = await hostile();
  await panel.page.waitForLoadState("networkidle");
  assert.equal(await panel.page.evaluate("globalThis.pwned ?? 'untouched'"), "untouched");
  assert.deepEqual(panel.strangers, []);
  assert.deepEqual(panel.faults, []);
  assert.deepEqual(
    await panel.page.evaluate("fake.received.map(({ method }) => method).filter((m) => m.startsWith('editor/'))"),
    ["editor/state"],
  );
});

test("markup is shown as the text it is", async () => {
  const panel = await hostile();
  assert.equal(await count(panel, ".thread :is(script, img, iframe, style, object, form, svg:not(.spinner))"), 0);
  assert.equal(await count(panel, ".thread [onclick], .thread [onerror], .thread [style], .thread [href]"), 0);
  const text = await textOf(panel.byId("agent-message"));
  for (const shown of ["<script>window.pwned = 1</script>", "<iframe src=", "onerror="]) {
    assert.ok(text.includes(shown), `the text ${shown} is missing`);
  }
  assert.equal(await textOf(panel.byId("user-message")), "<b>bold?</b>");
});

test("only web pages and files are links, and they lead through the editor", async () => {
  const panel = await hostile();
  const links = panel.byId("agent-message").locator(".link");
  assert.deepEqual(await links.allInnerTexts(), ["fine", "file"]);
  await links.filter({ hasText: "fine" }).click();
  await links.filter({ hasText: "file" }).press("Enter");
  await until(
    () => panel.requests("editor/openFile"),
    (all) => all.length > 0,
  );
  assert.deepEqual(await panel.requests("editor/openLink"), [{ url: "https://example.com/fine" }]);
  assert.deepEqual(await panel.requests("editor/openFile"), [{ path: "src/retry.ts", line: 43 }]);
});
