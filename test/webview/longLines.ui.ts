import assert from "node:assert/strict";
import { test } from "node:test";
import { type Panel, panels, textOf } from "./driver.ts";
import { longLines } from "./page/samples.ts";

const open = panels();

async function asked(width: number): Promise<Panel> {
  const panel = await open({ scene: "approval-long-lines", width, clock: "stopped" });
  await panel.byId("edit-preview").waitFor();
  return panel;
}

/** In the question about an edit nothing has to be scrolled sideways: what changed is within the card. */
async function check(width: number): Promise<void> {
  const { page } = await asked(width);
  const spills = await page.evaluate(`
    [...document.querySelectorAll(".edit-preview .diff-lines")].map((lines) => lines.scrollWidth > lines.clientWidth)`);
  assert.deepEqual(spills, [false, false]);
  const places = await page.evaluate(`(() => {
    const card = document.querySelector(".edit-preview").getBoundingClientRect();
    return [...document.querySelectorAll(".edit-preview .changed")].map((found) =>
      [...found.getClientRects()].every(({ left, right }) => left >= card.left && right <= card.right));
  })()`);
  assert.deepEqual(places, [true, true]);
}

test("at 320", () => check(320));
test("at 420", () => check(420));
test("at 600", () => check(600));

test("what is left out of a line is counted, and all of it can be shown", async () => {
  const panel = await asked(320);
  const changed = panel.page.locator(".diff-line.added").last();
  assert.match(await textOf(changed.locator(".left-out").first()), /^\d+ more characters$/);
  assert.equal(await textOf(panel.byId("diff-more")), "Show whole lines");
  await panel.byId("diff-more").click();
  const whole = longLines.diff.split("\n").at(-2)?.slice(1);
  assert.equal(await changed.locator(".diff-code").textContent(), whole);
  assert.equal(await panel.page.locator(".left-out").count(), 0);
  assert.equal(await panel.byId("diff-more").count(), 0);
});

test("what wraps stays to the right of the indentation", async () => {
  const panel = await open({ scene: "approval-edits", width: 320 });
  const line = panel.page.locator(".diff-line.added", { hasText: "mockResolvedValue" });
  const [indent, code] = [line.locator(".diff-indent"), line.locator(".diff-code")];
  assert.equal(await indent.textContent(), "  ");
  const [before, after] = [await indent.boundingBox(), await code.boundingBox()];
  assert.ok(before && after && after.height > 18 && after.x >= before.x + before.width);
});
