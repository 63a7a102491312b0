import assert from "node:assert/strict";
import { test } from "node:test";
import { type Panel, panels, textOf, until } from "./driver.ts";
import * as sample from "./page/samples.ts";

const open = panels();

/** Frames may take this long, the machine being slow; a freeze that is felt takes much longer. */
const MOST_MS = 100;

/** A panel that notes how long its frames take. */
async function measured(scene: string): Promise<Panel> {
  const panel = await open({ scene: "welcome" });
  await panel.page.addInitScript(`
    globalThis.longest = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, entry.duration);
    }).observe({ type: "longtask" });
  `);
  await panel.page.goto(panel.page.url().replace("scene=welcome", `scene=${scene}`));
  await panel.byId("show-all-lines").waitFor();
  return panel;
}

const longest = (panel: Panel) => panel.page.evaluate("globalThis.longest") as Promise<number>;

/** All of a huge text is drawn without a freeze, and can be decided about once its end was scrolled to. */
async function check(scene: string, text: string, tail: string) {
  const panel = await measured(scene);
  assert.ok((await textOf(panel.byId("approval-command").locator(".command-tail"))).endsWith(tail));
  assert.equal(await panel.byId("allow").isDisabled(), true);
  await panel.page.evaluate("globalThis.longest = 0");
  await panel.byId("show-all-lines").click();
  await panel.byId("why-not").getByText("Scroll to the end").waitFor();
  const took = await longest(panel);
  assert.ok(took < MOST_MS, `${scene}: a frame took ${took} ms`);
  assert.equal(await panel.byId("allow").isDisabled(), true);
  const lines = panel.byId("approval-command").locator(".command-lines");
  const shown = await lines.evaluate((element) =>
    [...element.querySelectorAll(".command-line")].map((line) => line.textContent).join(""),
  );
  assert.equal(shown.length, text.length);
  await lines.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await until(
    async () => {
      await lines.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      return panel.byId("allow").isDisabled();
    },
    (disabled) => !disabled,
  );
  const scrolled = await longest(panel);
  assert.ok(scrolled < MOST_MS, `${scene}: a frame took ${scrolled} ms while scrolling`);
}

test("a command of 300 kB in one line", () =>
  check("approval-huge", sample.hugeCommand, "aGVsbG8=; rm -rf ~/projects"));
test("a command of 10,000 lines", () =>
  check("approval-many-lines", sample.manyLines.replaceAll("\n", ""), "rm -rf ~/projects"));

test("100,000 characters that are shown as boxes", async () => {
  const panel = await measured("approval-boxes");
  await panel.page.evaluate("globalThis.longest = 0");
  await panel.byId("show-all-lines").click();
  await panel.byId("why-not").getByText("Scroll to the end").waitFor();
  const took = await longest(panel);
  assert.equal(await panel.page.evaluate("document.getElementsByClassName('hidden-char').length"), 100_000);
  assert.ok(took < MOST_MS, `a frame took ${took} ms`);
  assert.match(await textOf(panel.byId("approval-warning")), /100,?000 hidden characters/);
});

test("the rest of the panel answers while a long text is being drawn", async () => {
  const panel = await measured("approval-boxes");
  await panel.byId("show-all-lines").click();
  await panel.byId("composer").fill("No.");
  await panel.byId("composer").press("Enter");
  await panel.byId("approval").waitFor({ state: "detached" });
  assert.deepEqual(
    (await panel.answers()).map(({ answer }) => answer),
    [{ decision: "decline", feedback: "No." }],
  );
});
