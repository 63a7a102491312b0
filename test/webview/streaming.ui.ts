import assert from "node:assert/strict";
import { test } from "node:test";
import { type Panel, panels, textOf } from "./driver.ts";

const open = panels();
const FRAME_MS = 20;

/** Counts from here on how often each row is drawn. */
const COUNT_ROWS = `
  globalThis.drawn = {};
  for (const element of new Set([...document.querySelectorAll(".row")].map((row) => row.constructor))) {
    const draw = element.prototype.performUpdate;
    element.prototype.performUpdate = function () {
      drawn[this.dataset.rowId] = (drawn[this.dataset.rowId] ?? 0) + 1;
      return draw.call(this);
    };
  }`;

/** Counts what is put into and taken out of the message that streams: "settled" blocks, and the "tail" that is still growing. */
const COUNT_BLOCKS = `
  globalThis.blocks = { settled: 0, removed: 0, tail: 0 };
  const article = document.querySelector('[data-row-id="live"] article');
  new MutationObserver((records) => {
    for (const { target, addedNodes, removedNodes } of records) {
      const elements = (nodes) => [...nodes].filter((node) => node.nodeType === 1).length;
      if (target === article) blocks.settled += elements(addedNodes);
      if (target === article) blocks.removed += elements(removedNodes);
    }
    if (records.some(({ target }) => target.className === "markdown-tail")) blocks.tail++;
  }).observe(article, { childList: true, subtree: true });`;

const at = { threadId: "t", turnId: "a", itemId: "live" };

async function streams(): Promise<Panel> {
  const panel = await open({ scene: "streaming", clock: "stopped" });
  await panel.byId("agent-message").nth(2).waitFor({ state: "attached" });
  await panel.pause();
  return panel;
}

const write = (panel: Panel, delta: string) => panel.notify("item/agentMessage/delta", { ...at, delta });

test("many deltas in one frame draw one row, once", async () => {
  const panel = await streams();
  await panel.page.evaluate(COUNT_ROWS);
  for (let count = 0; count < 50; count++) await write(panel, `word ${count} `);
  await panel.run(FRAME_MS);
  assert.deepEqual(await panel.page.evaluate("drawn"), { live: 1 });
  assert.match((await panel.byId("agent-message").last().textContent()) ?? "", /word 0 .*word 49/s);
});

test("a command's output draws the command alone", async () => {
  const panel = await open({ scene: "at-work", clock: "stopped" });
  const command = panel.byId("command").last();
  await command.waitFor();
  await panel.pause();
  const rowId = await panel.page.locator("pw-command").last().getAttribute("data-row-id");
  await panel.page.evaluate(COUNT_ROWS);
  await panel.notify("item/commandExecution/outputDelta", { ...at, itemId: rowId, delta: "\nlast line\n" });
  await panel.run(FRAME_MS);
  assert.deepEqual(await panel.page.evaluate("drawn"), { [rowId ?? ""]: 1 });
  assert.match((await command.textContent()) ?? "", /last line/);
});

test("in a message of 50,000 tokens each block settles once, and a frame touches only the last one", async () => {
  const panel = await streams();
  await panel.page.evaluate(COUNT_BLOCKS);
  const paragraph = ["It goes on and on, with some `code` and a [link](src/a.ts:1). ".repeat(8), "\n\n"].join("");
  const blocks = 400;
  const perFrame = 4;
  for (let frame = 0; frame < blocks / perFrame; frame++) {
    await write(panel, paragraph.repeat(perFrame));
    await panel.run(FRAME_MS);
  }
  const counted = (await panel.page.evaluate("blocks")) as { settled: number; removed: number; tail: number };
  assert.deepEqual({ settled: counted.settled, removed: counted.removed }, { settled: blocks - 1, removed: 0 });
  assert.ok(counted.tail <= blocks / perFrame, `the tail was rendered ${counted.tail} times`);
});

test("inside an open fence text is appended, not rendered again", async () => {
  const panel = await streams();
  await write(panel, "Look:\n\n```ts\nconst a = 1;\n");
  await panel.run(FRAME_MS);
  await panel.page.evaluate(COUNT_BLOCKS);
  for (let line = 0; line < 1000; line++) await write(panel, `const line${line} = ${line};\n`);
  await panel.run(FRAME_MS);
  const code = panel.byId("agent-message").last().locator("code");
  assert.deepEqual(await panel.page.evaluate("blocks"), { settled: 0, removed: 0, tail: 0 });
  assert.match((await code.textContent()) ?? "", /line999 = 999;/);
  const shown = ((await code.textContent()) ?? "").split("\n").length;
  assert.ok(shown <= 402, `${shown} lines are on the page`);
  await write(panel, "```\nDone.\n");
  await panel.run(FRAME_MS);
  assert.equal(await code.locator(".tok-keyword").count(), 1001);
});

test("what is finished replaces what was streamed", async () => {
  const panel = await streams();
  await write(panel, "Half of **it");
  await panel.run(FRAME_MS);
  const item = { type: "agentMessage", id: "live", text: "All of **it**.", startedAtMs: 1, completedAtMs: 2 };
  await panel.notify("item/completed", { threadId: "t", turnId: "a", item, completedAtMs: 2 });
  await panel.run(FRAME_MS);
  assert.equal(await textOf(panel.byId("agent-message").last()), "All of it.");
  assert.equal(await textOf(panel.byId("agent-message").last().locator("strong")), "it");
});
