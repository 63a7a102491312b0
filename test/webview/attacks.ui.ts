import assert from "node:assert/strict";
import { test } from "node:test";
import { payloads } from "./attackPayloads.ts";
import { type Panel, panels } from "./driver.ts";
import { ROOT } from "./page/items.ts";

const open = panels();
const all = Object.values(payloads);

const times = { startedAtMs: 1, completedAtMs: 2 };
const inTurn = { threadId: "t", turnId: "a" };

async function item(panel: Panel, value: object): Promise<void> {
  const id = `attack-${(await panel.requests("thread/resume")).length}-${Math.random()}`;
  await panel.notify("item/completed", { ...inTurn, item: { id, ...times, ...value }, completedAtMs: 2 });
}

/** Where a text of the model, of a tool or of a file comes to stand. */
const places: Record<string, (panel: Panel, text: string) => Promise<void>> = {
  "an answer": (panel, text) => item(panel, { type: "agentMessage", text }),
  "an answer that streams": async (panel, text) => {
    const live = { type: "agentMessage", id: `live-${text}`, text: "", startedAtMs: 1, completedAtMs: null };
    await panel.notify("item/started", { ...inTurn, item: live, startedAtMs: 1 });
    for (const delta of text.match(/[\s\S]{1,7}/g) ?? []) {
      await panel.notify("item/agentMessage/delta", { ...inTurn, itemId: live.id, delta });
    }
  },
  "the user's message": (panel, text) => item(panel, { type: "userMessage", content: [{ type: "text", text }] }),
  reasoning: (panel, text) => item(panel, { type: "reasoning", summary: [text], content: [text] }),
  "a command and its output": (panel, text) =>
    item(panel, { ...command, command: text, cwd: `/${text}`, aggregatedOutput: text }),
  "a file name and a diff": (panel, text) =>
    item(panel, {
      type: "fileChange",
      changes: [{ path: `${ROOT}/${text}`, kind: { type: "update" }, diff: `@@ -1 +1 @@\n-${text}\n+${text}\n` }],
      status: "completed",
    }),
  "a new file": (panel, text) =>
    item(panel, {
      type: "fileChange",
      changes: [{ path: `${ROOT}/a.html`, kind: { type: "add" }, diff: text }],
      status: "completed",
    }),
  "a tool": (panel, text) =>
    item(panel, {
      type: "dynamicToolCall",
      tool: text,
      title: text,
      arguments: { text },
      status: "completed",
      contentItems: [{ type: "inputText", text }],
    }),
  "a tool that reads": (panel, text) =>
    item(panel, { type: "dynamicToolCall", tool: "read_file", arguments: { path: text }, status: "completed" }),
  "a plan": (panel, text) =>
    panel.notify("turn/plan/updated", { ...inTurn, plan: [{ step: text, status: "inProgress" }] }),
  "a thread's name": (panel, text) => panel.notify("thread/name/updated", { threadId: "t", threadName: text }),
  "a warning": (panel, text) => panel.notify("warning", { threadId: "t", message: text }),
  "a failure": (panel, text) =>
    panel.notify("turn/completed", {
      threadId: "t",
      turn: { id: "a", items: [], status: "failed", error: { message: text, codexErrorInfo: "serverOverloaded" } },
    }),
  "a question about a command": async (panel, text) => {
    const params = { itemId: `c-${text}`, startedAtMs: 1, command: text, reason: text, warnings: [text], cwd: text };
    await panel.ask("item/commandExecution/requestApproval", { ...inTurn, ...params });
  },
  "a question about a host": async (panel, text) => {
    const networkApprovalContext = { host: text, protocol: "https" };
    const params = { itemId: "host", startedAtMs: 1, command: text, networkApprovalContext };
    await panel.ask("item/commandExecution/requestApproval", { ...inTurn, ...params });
  },
  "a question about a tool": async (panel, text) => {
    const _meta = { tool_name: text, tool_title: text, tool_description: text, tool_params: { [text]: text } };
    const params = { itemId: "tool", startedAtMs: 1, serverName: text, message: text, reason: text, _meta };
    await panel.ask("mcpServer/elicitation/request", { ...inTurn, ...params });
  },
  "what waits": (panel, text) =>
    panel.notify("thread/queue/changed", {
      threadId: "t",
      queuedSubmissions: [{ id: "q", clientUserMessageId: "q", input: [{ type: "text", text }] }],
    }),
  "a file under review": (panel, text) => {
    const path = `${ROOT}/${text}`;
    const authors = [{ ...inTurn, itemId: "x" }];
    const hunk = {
      id: "h",
      oldStart: 1,
      oldCount: 1,
      oldLines: [text],
      newStart: 1,
      newCount: 1,
      edited: false,
      authors,
    };
    const file = { path, kind: "update", movedFrom: text, binary: false, hunks: [hunk], added: 1, removed: 1, authors };
    return panel.notify("change/updated", { path, file });
  },
  "the rules": async (panel, text) => {
    const prefix = text.split(" ").filter(Boolean);
    const rules = [
      { id: "1", subject: { kind: "command", prefix }, decision: "allow", createdAt: 1, workspace: text },
      { id: "2", subject: { kind: "host", host: text }, decision: "deny", createdAt: 1 },
    ];
    await panel.notify("editor/showRules", {});
    await panel.byId("rules").waitFor();
    await panel.notify("rule/updated", { rules });
  },
};

const command = { type: "commandExecution", commandActions: [], status: "completed", exitCode: 0, durationMs: 1 };

/** Elements that the panel itself has none of. */
const FORBIDDEN =
  "script, iframe, object, embed, form, style, meta, base, link, math, img, picture, video, audio, dialog, template, noscript, svg:not(.spinner, .meter-ring, .progress, .sent-bar)";

/** Requests of the panel to its server that are due when a thread is shown, whatever is in it. */
const DUE = new Set([
  "initialize",
  "initialized",
  "account/read",
  "model/list",
  "editor/state",
  "thread/resume",
  "change/list",
  "checkpoint/list",
  "rule/list",
]);

/** Everything that can be opened is opened, and everything that is a link is followed, once all of it is there. */
async function useAll(panel: Panel): Promise<void> {
  await panel.quiet();
  await panel.page.evaluate(`(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let round = 0; round < 2; round++) {
      for (const closed of document.querySelectorAll('.thread [aria-expanded="false"]:not([aria-haspopup]), .changes [aria-expanded="false"]')) closed.click();
      await frame();
    }
    for (const shown of document.querySelectorAll('[data-testid="show-all-lines"]')) shown.click();
    for (const link of document.querySelectorAll('pw-app a')) link.click();
  })()`);
}

/** What is wrong with the page once nothing more comes of it: nothing, after a text that is only shown. */
async function harmOn(panel: Panel, dialogs: string[]): Promise<Record<string, unknown>> {
  const { page } = panel;
  await panel.quiet();
  const read = (expression: string) => page.evaluate(expression) as Promise<string[]>;
  const received = await read("fake.received.map(({ method }) => method)");
  const links = (await panel.requests("editor/openLink")) as { url: string }[];
  const files = (await panel.requests("editor/openFile")) as { path: string }[];
  return {
    requests: panel.strangers,
    faults: panel.faults,
    dialogs,
    scripts: await read("window.ran ?? []"),
    elements: await read(
      `[...document.querySelectorAll('pw-app :is(${FORBIDDEN}), .menu :is(${FORBIDDEN})')].map((e) => e.outerHTML)`,
    ),
    handlers: await read(
      "[...document.querySelectorAll('body *:not(body > script)')].flatMap((e) => e.getAttributeNames().filter((n) => n.startsWith('on') || n === 'srcdoc' || n === 'href' || n === 'src'))",
    ),
    names: await read("[...document.querySelectorAll('pw-app [name], .thread [id]')].map((e) => e.outerHTML)"),
    address: page.url().includes("scene=streaming") ? [] : [page.url()],
    messages: received.filter(
      (method) => !DUE.has(method) && method !== "editor/openLink" && method !== "editor/openFile",
    ),
    links: links.map(({ url }) => url).filter((url) => !/^https?:\/\//.test(url)),
    files: files.map(({ path }) => path).filter((path) => /^\s*[a-z][a-z+.-]+:/i.test(path)),
    polluted: await read("Object.keys(Object.prototype)"),
  };
}

/** A text that is shown as it is, before and after the others: so that it is known that they are, too. */
const HARMLESS = "shown-here";

const harmless = {
  requests: [],
  faults: [],
  dialogs: [],
  scripts: [],
  elements: [],
  handlers: [],
  names: [],
  address: [],
  messages: [],
  links: [],
  files: [],
  polluted: [],
};

async function opened(): Promise<{ panel: Panel; dialogs: string[] }> {
  const panel = await open({ scene: "streaming" });
  const dialogs: string[] = [];
  panel.page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await panel.byId("agent-message").first().waitFor({ state: "attached" });
  return { panel, dialogs };
}

test("there are enough texts, and each is another one", () => {
  assert.ok(all.length >= 40);
  assert.equal(new Set(all).size, all.length);
});

for (const [place, put] of Object.entries(places)) {
  test(`in ${place}`, async () => {
    const { panel, dialogs } = await opened();
    for (const text of [HARMLESS, ...all, HARMLESS]) await put(panel, text);
    await useAll(panel);
    await panel.page.locator("pw-app").getByText(HARMLESS).first().waitFor();
    assert.deepEqual(await harmOn(panel, dialogs), harmless);
  });
}

test("in every place at once, one text after the other", async () => {
  const { panel, dialogs } = await opened();
  for (const text of ["a mutation through MathML", "a frame", "elements that take the names of others"]) {
    for (const put of Object.values(places)) await put(panel, payloads[text] ?? "");
    await panel.notify("editor/showThread", { threadId: "t" });
  }
  await useAll(panel);
  assert.deepEqual(await harmOn(panel, dialogs), harmless);
});

test("messages that are none, or would change what all objects have, do nothing", async () => {
  const { panel, dialogs } = await opened();
  const hostile = [
    "null",
    "'turn/started'",
    "[]",
    "{ method: 'item/completed' }",
    "{ method: 'item/completed', params: null }",
    "{ method: '__proto__', params: {} }",
    "{ method: 'constructor', params: {} }",
    "{ method: 'eval', params: { code: 'alert(1)' } }",
    '{ method: \'thread/name/updated\', params: JSON.parse(\'{"threadId": "t", "__proto__": { "polluted": true }}\') }',
    'JSON.parse(\'{"__proto__": { "polluted": true }, "method": "editor/focus", "params": {}}\')',
    '{ method: \'turn/completed\', params: JSON.parse(\'{"threadId": "t", "turn": { "id": "a", "status": "completed", "__proto__": { "polluted": true } }}\') }',
    '{ id: 1, result: JSON.parse(\'{"__proto__": { "polluted": true }}\') }',
  ];
  for (const data of hostile) {
    await panel.page.evaluate(`window.dispatchEvent(new MessageEvent("message", { data: ${data} }))`);
    await panel.page.evaluate(
      `((data) => data && typeof data === "object" && window.dispatchEvent(new MessageEvent("message", { data: { ...data, page: fake.page } })))(${data})`,
    );
  }
  await panel.byId("composer").fill("Still here.");
  assert.deepEqual(await harmOn(panel, dialogs), harmless);
  assert.equal(await panel.page.evaluate("({}).polluted"), undefined);
});
