import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { message } from "../../src/core/model/demo/output.ts";
import type { PanelSession } from "../../webview-ui/session/panelSession.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { hold } from "../support/modelServerReply.ts";
import { type Play, play } from "../support/play.ts";
import { newPanel, panelOf } from "./windowPanel.ts";

const draft = (text: string) => ({ text, attachments: [] });

interface Windows {
  readonly first: Play;
  readonly second: Play;
  /** The panels of both. */
  readonly one: PanelSession;
  readonly other: PanelSession;
  readonly threadId: string;
  /** Lets the second turn end. */
  release(): void;
}

/** Two windows over one store, in the first of which a thread has ended its first turn. */
async function check(name: string, run: (windows: Windows) => Promise<void>): Promise<void> {
  test(name, { timeout: 20_000 }, async () => {
    const { storage } = createMemoryHost();
    const host = () => ({ ...createMemoryHost(), storage });
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const script = [[message("One.")], hold(0, released, message("Later."))];
    const first = await play({ host: host(), script });
    const second = await play({ host: host(), script: () => [message("Two.")] });
    const [one, other] = [await panelOf(first), await panelOf(second)];
    const ended = first.told("thread/status/changed", ({ status }) => status.type === "idle");
    await one.sending.send(draft("Hello."), "queue");
    await ended;
    await run({ first, second, one, other, release, threadId: one.view?.thread.id ?? "" });
    for (const panel of [one, other]) panel.close();
    await second.close();
    await first.close();
  });
}

check("a thread that the panel has left is gone on with in another window", async ({ first, one, other, threadId }) => {
  one.thread.clear();
  await first.told("thread/closed");
  await other.thread.open(threadId);
  assert.equal(other.view?.thread.id, threadId);
  assert.deepEqual(other.notices.all, []);
});
check(
  "one that was left at work is, too, once its turn has ended",
  async ({ first, one, other, threadId, release }) => {
    await one.sending.send(draft("Go on."), "queue");
    while (one.view?.thread.status.type !== "active") await setImmediate();
    one.thread.clear();
    await other.thread.open(threadId);
    assert.equal(other.notices.all[0]?.copyOf, threadId);
    release();
    await first.told("thread/closed");
    await other.thread.open(threadId);
    assert.equal(other.view?.turns.length, 2);
  },
);
check("one whose opening was overtaken is, too", async ({ first, second, one, other, threadId }) => {
  one.thread.clear();
  await first.told("thread/closed");
  const left = second.told("thread/closed");
  const opening = other.thread.open(threadId);
  other.thread.clear();
  await opening;
  await left;
  await one.thread.open(threadId);
  assert.deepEqual(one.notices.all, []);
});
check("but not one that was asked for once more", async ({ first, second, one, other, threadId }) => {
  one.thread.clear();
  await first.told("thread/closed");
  await Promise.all([other.thread.open(threadId), other.thread.open(threadId)]);
  await second.client.request("thread/list", {});
  await one.thread.open(threadId);
  assert.equal(one.notices.all[0]?.copyOf, threadId);
});
check("while the panel shows it, another window offers a copy", async ({ other, threadId }) => {
  await other.thread.open(threadId);
  const [notice] = other.notices.all;
  assert.match(notice?.text ?? "", /open in another window or program/);
  assert.equal(notice?.copyOf, threadId);
  await other.thread.openCopy(threadId);
  const copy = other.view;
  assert.equal(copy?.turns.length, 1);
  assert.equal(copy?.thread.forkedFromId, threadId);
});
check("what is said of a thread that did not open goes with the next one", async ({ other, threadId }) => {
  await other.thread.open(threadId);
  assert.equal(other.notices.all.length, 1);
  other.thread.clear();
  assert.deepEqual(other.notices.all, []);
  await other.thread.open(threadId);
  await other.thread.openCopy(threadId);
  assert.deepEqual(other.notices.all, []);
});
check("another window that had it last begins with an empty panel, and says nothing", async ({ second, threadId }) => {
  const later = await panelOf(second, { threadId });
  assert.deepEqual([later.view, later.notices.all, later.thread.opening], [undefined, [], false]);
  await later.sending.send(draft("Something else."), "queue");
  assert.notEqual(later.view?.thread.id, threadId);
  later.close();
});
check("so it does when its shell tells it of the thread", async ({ second, threadId }) => {
  const { session: later, tell } = newPanel(second);
  await later.start({});
  tell({ method: "editor/showThread", params: { threadId } });
  while (later.thread.openings.wanted === undefined) await setImmediate();
  await later.thread.settled();
  assert.deepEqual([later.view, later.notices.all, later.thread.opening], [undefined, [], false]);
  later.close();
});
check(
  "a window that is loaded while the one before it still ends gets it back",
  async ({ first, second, threadId }) => {
    const later = panelOf(second, { threadId });
    await first.close();
    assert.equal((await later).view?.thread.id, threadId);
    (await later).close();
  },
);
check("a thread that is not there has no copy", async ({ other }) => {
  await other.thread.open("0198c0de-0000-7000-8000-0000000000ff");
  assert.equal(other.notices.all[0]?.copyOf, undefined);
});
