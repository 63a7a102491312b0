import assert from "node:assert/strict";
import { test } from "node:test";
import { type Panel, panels, textOf, until } from "./driver.ts";

const open = panels();
const SCROLLER = "document.querySelector('.thread-scroll')";

const fromEnd = (panel: Panel) =>
  panel.page.evaluate(
    `(({ scrollHeight, clientHeight, scrollTop }) => Math.round(scrollHeight - clientHeight - scrollTop))(${SCROLLER})`,
  );

async function opened(scene: string): Promise<Panel> {
  const panel = await open({ scene });
  await panel.byId("user-message").last().waitFor();
  await rest(panel);
  await until(
    () => fromEnd(panel),
    (distance) => distance === 0,
  );
  return panel;
}

const scroll = async (panel: Panel, by: number) => {
  await panel.byId("thread").hover();
  await panel.page.mouse.wheel(0, by);
};

/** Where the thread stands once it has come to rest: the wheel moves it for some frames. */
async function rest(panel: Panel): Promise<number> {
  let last = Number.NaN;
  return until(
    async () => {
      const before = last;
      last = Number(
        await panel.page.evaluate(`new Promise((seen) => requestAnimationFrame(() => seen(${SCROLLER}.scrollTop)))`),
      );
      return last === before ? last : Number.NaN;
    },
    (place) => !Number.isNaN(place),
  );
}

const write = (panel: Panel) =>
  panel.notify("item/agentMessage/delta", {
    threadId: "t",
    turnId: "a",
    itemId: "live",
    delta: "More.\n\n".repeat(20),
  });

test("the end is followed while the user is there", async () => {
  const panel = await opened("streaming");
  await write(panel);
  await write(panel);
  await until(
    () => textOf(panel.byId("agent-message").last()),
    (text) => text.includes("More."),
  );
  await until(
    () => fromEnd(panel),
    (distance) => distance === 0,
  );
  assert.equal(await panel.byId("latest").count(), 0);
});

test("scrolling up stops following at once; Latest takes it up again", async () => {
  const panel = await opened("streaming");
  await write(panel);
  await write(panel);
  await until(() => panel.page.evaluate(`${SCROLLER}.scrollTop > 200`), Boolean);
  await scroll(panel, -30);
  await panel.byId("latest").waitFor();
  const before = await rest(panel);
  await write(panel);
  await until(
    () => fromEnd(panel),
    (distance) => Number(distance) > 400,
  );
  assert.equal(await panel.page.evaluate(`${SCROLLER}.scrollTop`), before);
  await panel.byId("latest").click();
  await until(
    () => fromEnd(panel),
    (distance) => distance === 0,
  );
  await until(
    () => panel.byId("latest").count(),
    (count) => count === 0,
  );
});

test("a row that the user opens does not make the thread jump", async () => {
  const panel = await opened("finished");
  const place = () => panel.page.evaluate(`${SCROLLER}.scrollTop`);
  const before = await place();
  await panel.byId("command").last().click();
  await panel.byId("output").last().waitFor();
  await panel.byId("latest").waitFor();
  assert.equal(await place(), before);
});

test("a long thread begins with its last items and brings the others when they are asked for", async () => {
  const panel = await opened("long");
  const mounted = () => panel.page.locator(".row").count();
  const first = await mounted();
  assert.ok(first >= 40 && first <= 90, `${first} rows are on the page`);
  assert.match(await textOf(panel.byId("agent-message").last()), /^Answer 299/);
  await panel.page.evaluate(`${SCROLLER}.scrollTop = 600`);
  const place = panel.byId("agent-message").nth(8);
  const text = await textOf(place);
  await scroll(panel, -500);
  await until(mounted, (count) => count > first);
  assert.ok(
    (await panel
      .byId("agent-message")
      .getByText(text.split("\n")[0] ?? "", { exact: true })
      .count()) > 0,
  );
  const top = await rest(panel);
  assert.ok(top > 1000, `what was in sight stays in sight: ${top}`);
});

test("sending a message follows again", async () => {
  const panel = await opened("long");
  await scroll(panel, -300);
  await panel.byId("latest").waitFor();
  await panel.byId("composer").fill("And now?");
  await panel.page.keyboard.press("Enter");
  await panel.byId("user-message").getByText("And now?").waitFor();
  await until(
    () => fromEnd(panel),
    (distance) => distance === 0,
  );
});
