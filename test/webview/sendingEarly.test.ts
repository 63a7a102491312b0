import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { message } from "../../src/core/model/demo/output.ts";
import type { OpenedThread } from "../../src/protocol/threadMethods.ts";
import { sendActs } from "../../webview-ui/session/delivery.ts";
import { type Draft, emptyDraft } from "../../webview-ui/session/draft.ts";
import type { PanelSession } from "../../webview-ui/session/panelSession.ts";
import { Writing } from "../../webview-ui/session/writing.ts";
import { choose } from "../../webview-ui/views/choose.ts";
import { sendWritten } from "../../webview-ui/views/messages.ts";
import type { Panel } from "../../webview-ui/views/panel.ts";
import { type Play, play } from "../support/play.ts";
import { newPanel, panelOf } from "./windowPanel.ts";

const draft = (text: string) => ({ text, attachments: [] });

/** What sending uses of a panel. */
function panelAround(session: PanelSession, written: Draft): Panel {
  const writing = new Writing({ approval: () => undefined, onDraft() {}, onNote() {} });
  writing.setDraft(written);
  return {
    session,
    writing,
    sendActs: sendActs({ editing: undefined, approval: undefined, turnRuns: false, onEnter: "queue" }),
    announce() {},
  } as unknown as Panel;
}

interface Early {
  /** The thread that was open before, with one turn. */
  readonly threadId: string;
  /** A panel that has begun to begin: the server has not answered it yet. */
  begin(threadId: string): Panel;
  /** One that has begun, and shows nothing. */
  readonly begun: Panel;
  /** Lets the server's answers reach the first. */
  answer(): void;
  /** Something is said in another folder. */
  elsewhere(folder: string): Promise<void>;
  /** What the user said in each thread, the newest first. */
  said(): Promise<(readonly string[])[]>;
  /** What each thread asks about, the newest first. */
  asks(): Promise<unknown[]>;
  /** Whether commands of each thread reach every host, the newest first. */
  reaches(): Promise<unknown[]>;
}

function check(name: string, run: (early: Early) => Promise<void>): void {
  test(name, { timeout: 20_000 }, async () => {
    const window = await play({ script: () => [message("Here I am.")] });
    const first = await panelOf(window);
    const ended = window.told("thread/status/changed", ({ status }) => status.type === "idle");
    await first.sending.send(draft("One."), "queue");
    await ended;
    const threadId = first.view?.thread.id ?? "";
    const held = Promise.withResolvers<void>();
    const sessions = [first];
    const around = (session: PanelSession) => {
      sessions.push(session);
      return panelAround(session, draft("Two."));
    };
    await run({
      threadId,
      begun: around(await panelOf(window)),
      begin(saved) {
        const { session } = newPanel(window, held.promise);
        void session.start({ threadId: saved });
        return around(session);
      },
      answer: held.resolve,
      async elsewhere(folder) {
        const { thread } = await window.client.request("thread/start", { cwd: folder });
        await window.say(thread.id, "There.");
      },
      said: () => saidIn(window),
      asks: async () => (await openedIn(window)).map(({ approvalPolicy }) => approvalPolicy),
      reaches: async () =>
        (await openedIn(window)).map(({ sandbox }) => sandbox.type === "workspaceWrite" && sandbox.networkAccess),
    });
    for (const session of sessions) session.close();
    await window.close();
  });
}

async function saidIn({ client }: Play): Promise<(readonly string[])[]> {
  const { data } = await client.request("thread/list", {});
  const read = data.map(({ id }) => client.request("thread/read", { threadId: id, includeTurns: true }));
  return (await Promise.all(read)).map(({ thread }) =>
    thread.turns.flatMap(({ items }) =>
      items.flatMap((item) =>
        item.type === "userMessage" ? item.content.map((part) => ("text" in part ? part.text : "")) : [],
      ),
    ),
  );
}

async function openedIn({ client }: Play): Promise<OpenedThread[]> {
  const { data } = await client.request("thread/list", {});
  return Promise.all(data.map(({ id }) => client.request("thread/resume", { threadId: id })));
}

check("what is sent while a panel begins goes to the thread that comes back", async (early) => {
  const panel = early.begin(early.threadId);
  const sent = sendWritten(panel, panel.writing.draft, "enter");
  early.answer();
  await sent;
  assert.deepEqual(await early.said(), [["One.", "Two."]]);
  assert.deepEqual(panel.writing.draft, emptyDraft);
});
check("what is sent while a thread is being opened goes to that one", async (early) => {
  const panel = early.begun;
  const opened = panel.session.thread.open(early.threadId);
  await sendWritten(panel, panel.writing.draft, "enter");
  await opened;
  assert.deepEqual(await early.said(), [["One.", "Two."]]);
});
check("a key that is pressed twice meanwhile sends once", async (early) => {
  const panel = early.begin(early.threadId);
  const sent = [1, 2].map(() => sendWritten(panel, panel.writing.draft, "enter"));
  early.answer();
  await Promise.all(sent);
  assert.deepEqual(await early.said(), [["One.", "Two."]]);
});
check("what is typed and sent while the message before is on its way follows it, each by itself", async (early) => {
  const panel = early.begin(early.threadId);
  const press = () => sendWritten(panel, panel.writing.draft, "enter");
  const sent = press();
  for (const text of ["Two.\nThree.", "Two.\nThree.\nFour."]) {
    panel.writing.setDraft(draft(text));
    await press();
  }
  panel.writing.setDraft(draft("Two.\nThree.\nFour.\nNot yet"));
  early.answer();
  await sent;
  // Those behind the first wait for its turn.
  while ((await early.said())[0]?.length !== 4) await setImmediate();
  assert.deepEqual(await early.said(), [["One.", "Two.", "Three.", "Four."]]);
  assert.deepEqual(panel.writing.draft, draft("Not yet"));
});
check("but not into another thread that the user has turned to", async (early) => {
  const panel = early.begun;
  const sent = sendWritten(panel, panel.writing.draft, "enter");
  panel.writing.setDraft(draft("Two.\nThree."));
  await sendWritten(panel, panel.writing.draft, "enter");
  await panel.session.thread.open(early.threadId);
  await sent;
  assert.deepEqual(await early.said(), [["Two."], ["One."]]);
  assert.deepEqual(panel.writing.draft, draft("Three."));
});
check("what was sent to a thread that does not open stays in the composer", async (early) => {
  const panel = early.begin("0198c0de-0000-7000-8000-0000000000ff");
  const sent = sendWritten(panel, panel.writing.draft, "enter");
  early.answer();
  await sent;
  assert.deepEqual(await early.said(), [["One."]]);
  assert.deepEqual(panel.writing.draft, draft("Two."));
  await sendWritten(panel, panel.writing.draft, "enter");
  assert.deepEqual(await early.said(), [["Two."], ["One."]]);
});
check("a new thread asked for while a panel begins is not overruled by the one that comes back", async (early) => {
  const panel = early.begin(early.threadId);
  panel.session.thread.clear();
  const sent = sendWritten(panel, panel.writing.draft, "enter");
  early.answer();
  await sent;
  assert.deepEqual(await early.said(), [["Two."], ["One."]]);
});
check("a panel says from the first that it loads the thread that comes back", async (early) => {
  const { thread } = early.begin(early.threadId).session;
  assert.equal(thread.opening, true);
  early.answer();
  assert.equal(await thread.settled(), true);
  assert.deepEqual([thread.opening, thread.view?.thread.id], [false, early.threadId]);
});
check("what is chosen while a panel begins holds for the thread that comes back", async (early) => {
  const panel = early.begin(early.threadId);
  const chosen = choose(panel.session, { kind: "setPreset", preset: "ask" });
  early.answer();
  await chosen;
  assert.deepEqual([panel.session.settings.approvalPolicy, await early.asks()], ["untrusted", ["untrusted"]]);
});
check("what is chosen while a thread is being opened holds for that one", async (early) => {
  const panel = early.begun;
  const opened = panel.session.thread.open(early.threadId);
  await choose(panel.session, { kind: "setPreset", preset: "ask" });
  await opened;
  assert.deepEqual(await early.asks(), ["untrusted"]);
});
check("what is chosen while a thread is being started holds for that one", async (early) => {
  const { session } = early.begun;
  const sent = session.sending.send(draft("Two."), "queue");
  await choose(session, { kind: "setPreset", preset: "ask" });
  await sent;
  assert.deepEqual([session.settings.approvalPolicy, await early.asks()], ["untrusted", ["untrusted", "on-request"]]);
});
check("what is chosen for a thread that does not open holds for no other", async (early) => {
  const panel = early.begun;
  await panel.session.thread.open(early.threadId);
  const opened = panel.session.thread.open("0198c0de-0000-7000-8000-0000000000ff");
  await choose(panel.session, { kind: "setPreset", preset: "full" });
  await opened;
  assert.deepEqual(await early.asks(), ["on-request"]);
});
check("what is chosen for the first thread after one that did not open holds for it", async (early) => {
  const { session } = early.begun;
  await session.thread.open("0198c0de-0000-7000-8000-0000000000ff");
  const sent = session.sending.send(draft("Two."), "queue");
  await choose(session, { kind: "setPreset", preset: "ask" });
  await sent;
  assert.deepEqual([session.settings.approvalPolicy, await early.asks()], ["untrusted", ["untrusted", "on-request"]]);
});
for (const leave of ["another thread", "no thread"])
  check(`a message that starts a thread goes to it, also when the user turns to ${leave} meanwhile`, async (early) => {
    const { session } = early.begun;
    session.choices.finishStart = async () => {
      if (leave === "no thread") session.thread.clear();
      else await session.thread.open(early.threadId);
    };
    await session.sending.send(draft("Two."), "queue");
    assert.deepEqual(await early.said(), [["Two."], ["One."]]);
  });
check("what was chosen for a thread does not hold for one that is opened while it is started", async (early) => {
  const { choices, sending, thread } = early.begun.session;
  await choices.setModel("gpt-5.4", "high");
  await choices.setNetwork("on");
  const sent = sending.send(draft("Two."), "queue");
  await thread.open(early.threadId);
  await sent;
  assert.deepEqual(await early.reaches(), [true, false]);
});
check("threads that are listed while a panel begins are those of its folder", async (early) => {
  await early.elsewhere("/elsewhere");
  const { session } = early.begin(early.threadId);
  const listed = session.listThreads({});
  early.answer();
  assert.deepEqual(
    (await listed).data.map(({ cwd }) => cwd),
    ["/workspace"],
  );
});

test("without a key nothing is sent while a panel begins either", { timeout: 20_000 }, async () => {
  const window = await play({ script: () => [], provider: { apiKey: undefined } });
  const held = Promise.withResolvers<void>();
  const { session } = newPanel(window, held.promise);
  void session.start({});
  const panel = panelAround(session, draft("One."));
  const sent = sendWritten(panel, panel.writing.draft, "enter");
  held.resolve();
  await sent;
  assert.deepEqual(await saidIn(window), []);
  assert.match(panel.writing.note, /There is no API key yet/);
  session.close();
  await window.close();
});
