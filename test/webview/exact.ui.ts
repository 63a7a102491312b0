import assert from "node:assert/strict";
import { test } from "node:test";
import { type Panel, panels, textOf, until } from "./driver.ts";
import * as sample from "./page/samples.ts";

const open = panels();

/** A freeze of this is felt. */
const MOST_MS = 100;
/** A busy machine makes frames long; the quickest attempt says what the panel takes. */
const ATTEMPTS = 4;

/** A panel that notes how long its frames take. */
async function measured(scene: string): Promise<Panel> {
  const panel = await open({ scene });
  await panel.byId("show-all-lines").waitFor();
  await panel.page.evaluate(`
    globalThis.longest = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, entry.duration);
    }).observe({ type: "longtask" });
  `);
  return panel;
}

/** Does something in a fresh panel, until no frame of it takes too long. */
async function staysQuick(scene: string, act: (panel: Panel) => Promise<void>): Promise<Panel> {
  const took: number[] = [];
  while (took.length < ATTEMPTS) {
    const panel = await measured(scene);
    await act(panel);
    took.push(Number(await panel.page.evaluate("globalThis.longest")));
    if ((took.at(-1) ?? 0) < MOST_MS) return panel;
    await panel.page.close();
  }
  throw new Error(`The longest frames took ${took.join(", ")} ms.`);
}

async function showAll(panel: Panel): Promise<void> {
  await panel.byId("show-all-lines").click();
  await panel.byId("why-not").getByText("Scroll to the end").waitFor();
}

const lines = (panel: Panel) => panel.byId("approval-command").locator(".command-lines");

/** What is not drawn is first estimated, so the end is reached in a few steps. */
async function scrollToEnd(panel: Panel): Promise<void> {
  await until(
    async () => {
      await lines(panel).evaluate((element) => element.scrollTo(0, element.scrollHeight));
      return panel.byId("allow").isDisabled();
    },
    (disabled) => !disabled,
  );
}

/** All of a huge text is drawn without a freeze, and can be decided about once its end was scrolled to. */
async function check(scene: string, text: string, tail: string) {
  const panel = await staysQuick(scene, showAll);
  assert.equal(await panel.byId("allow").isDisabled(), true);
  const shown = await lines(panel).evaluate((element) =>
    [...element.querySelectorAll(".command-line")].map((line) => line.textContent).join(""),
  );
  assert.equal(shown, text);
  await scrollToEnd(panel);
  const folded = await measured(scene);
  assert.ok((await textOf(folded.byId("approval-command").locator(".command-tail"))).endsWith(tail));
  assert.equal(await folded.byId("allow").isDisabled(), true);
  assert.equal(await endIsSeen(folded), true);
}

/** True when the last characters of the folded text are within what is seen of its tail. */
function endIsSeen(panel: Panel): Promise<boolean> {
  return panel
    .byId("approval-command")
    .locator(".command-tail")
    .evaluate((tail) => {
      const range = tail.ownerDocument.createRange();
      const text = tail.querySelector(".command-line")?.lastChild as unknown as { length: number };
      range.setStart(text as never, text.length - 1);
      range.setEnd(text as never, text.length);
      const [seen, end] = [tail.getBoundingClientRect(), range.getBoundingClientRect()];
      return end.height > 0 && end.top >= seen.top - 1 && end.bottom <= seen.bottom + 1;
    });
}

test("a command of 300 kB in one line", () =>
  check("approval-huge", sample.hugeCommand, "aGVsbG8=; rm -rf ~/projects"));
test("a command of 10,000 lines", () =>
  check("approval-many-lines", sample.manyLines.replaceAll("\n", ""), "rm -rf ~/projects"));

test("scrolling through it", async () => {
  await staysQuick("approval-huge", async (panel) => {
    await showAll(panel);
    await scrollToEnd(panel);
  });
});

test("100,000 characters that are shown as boxes", async () => {
  const panel = await staysQuick("approval-boxes", showAll);
  const boxes = await lines(panel).evaluate((element) => element.textContent?.match(/ESC|U\+[0-9A-F]{4}/g)?.length);
  assert.equal(boxes, 100_000);
  assert.match(await textOf(panel.byId("approval-warning")), /100,000 hidden characters/);
});

test("the rest of the panel answers while a long text is being drawn", async () => {
  const panel = await measured("approval-boxes");
  await panel.byId("show-all-lines").click();
  await panel.byId("composer").fill("No.");
  await panel.byId("composer").press("Enter");
  await panel.byId("approval").waitFor({ state: "detached" });
  const answers = await until(
    () => panel.answers(),
    (all) => all.length > 0,
  );
  assert.deepEqual(
    answers.map(({ answer }) => answer),
    [{ decision: "decline", feedback: "No." }],
  );
});
