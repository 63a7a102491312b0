import assert from "node:assert/strict";
import { test } from "node:test";
import { demoReply } from "../../../src/core/model/demo/demo.ts";
import { createDemoFetch } from "../../../src/core/model/demo/demoFetch.ts";
import type { FileDiagnostic } from "../../../src/host/editor.ts";
import type { ThreadItem } from "../../../src/protocol/items.ts";
import { createMemoryHost, type MemoryHost } from "../../support/memoryHost.ts";
import type { MemoryCommand } from "../../support/memoryProcesses.ts";
import { type Play, type PlayOptions, play } from "../../support/play.ts";
import { failingRun, fixMessage, passingRun, type SamplePath, sampleFiles } from "./sampleFiles.ts";

const repair = "The tests fail. Find out why and fix it.";
const signal = new AbortController().signal;

interface Scene extends Partial<PlayOptions> {
  /** What is in the sample instead. */
  readonly files?: Partial<Record<SamplePath, string>>;
  readonly commands?: readonly MemoryCommand[];
}

/** Fails as long as the closing minute counts as open, as the sample's tests do. */
const npmTest: MemoryCommand = {
  match: "npm test",
  async run({ files, print }) {
    const { bytes } = await files.read("/workspace/src/isOpen.ts", signal);
    const failing = new TextDecoder().decode(bytes).includes("minute <= range.closes");
    print(failing ? failingRun : passingRun);
    return failing ? 1 : 0;
  },
};

const typeError: FileDiagnostic = {
  path: "/workspace/src/describe.ts",
  severity: "error",
  message: "Argument of type 'Moment | undefined' is not assignable to parameter of type 'Moment'.",
  source: "ts",
  code: "2345",
  range: { startLine: 10, startColumn: 40, endLine: 10, endColumn: 68 },
};

function sampleHost({ files, commands }: Scene): MemoryHost {
  const all = Object.entries({ ...sampleFiles, ...files }).map(([path, text]) => [`/workspace/${path}`, text]);
  return createMemoryHost({
    files: Object.fromEntries(all),
    commands: commands ?? [npmTest],
    diagnostics: [typeError],
  });
}

/** Plays a scene with the demo model behind the strict model server. */
async function played(scene: Scene, use: (play: Play, threadId: string) => Promise<void>): Promise<void> {
  const { files: _, commands: __, ...options } = scene;
  const show = await play({ host: sampleHost(scene), script: (request) => demoReply(request), ...options });
  try {
    const { thread } = await show.start();
    await use(show, thread.id);
  } finally {
    await show.close();
  }
}

async function itemsOf({ client }: Play, threadId: string): Promise<ThreadItem[]> {
  const { thread } = await client.request("thread/read", { threadId, includeTurns: true });
  return thread.turns.flatMap(({ items }) => items);
}

function lastText(items: readonly ThreadItem[]): string {
  const last = items.findLast((item) => item.type === "agentMessage");
  return last?.type === "agentMessage" ? last.text : "";
}

/** What the demo did, one word an item. */
function outline(items: readonly ThreadItem[]): string {
  const words = items.map((item) => {
    switch (item.type) {
      case "dynamicToolCall":
        return item.title ?? item.tool;
      case "commandExecution":
        return `${item.command}: ${item.status} ${item.exitCode}`;
      case "fileChange":
        return `patch: ${item.status}`;
      default:
        return item.type;
    }
  });
  return words.filter((word) => word !== "reasoning" && word !== "agentMessage" && word !== "userMessage").join(", ");
}

async function textAt({ host }: Play, path: string): Promise<string> {
  return new TextDecoder().decode((await host.files.read(path, signal)).bytes);
}

test("finds out why the test fails, and repairs it", () =>
  played({}, async (show, threadId) => {
    const turn = await show.say(threadId, repair);
    assert.equal(turn.status, "completed");
    const items = await itemsOf(show, threadId);
    assert.equal(
      outline(items),
      "npm test: failed 1, Read test/isOpen.test.ts, Search function isOpen(, Read README.md, Read src/isOpen.ts, patch: completed, npm test: completed 0, Check problems",
    );
    assert.match(await textAt(show, "/workspace/src/isOpen.ts"), /\|\| minute < range\.closes;/);
    const answer = lastText(items);
    assert.match(answer, /^The tests pass again: 18 pass and none fails\. Before, 1 of 18 failed\./);
    assert.match(answer, /`src\/isOpen\.ts:18`.*`test\/isOpen\.test\.ts:23`/s);
    assert.match(answer, /until the minute it closes/);
    assert.match(answer, /problem at `src\/describe\.ts:10`.*Fix with Patchwright/);
  }));

test("advances its plan", () =>
  played({}, async (show, threadId) => {
    await show.say(threadId, repair);
    const plans = show.transcript.flatMap(({ message }) =>
      message.method === "turn/plan/updated" ? [(message.params as { plan: { status: string }[] }).plan] : [],
    );
    const states = plans.map((steps) => steps.map(({ status }) => status[0]).join(""));
    assert.deepEqual(states, ["ippp", "cipp", "ccip", "ccci", "cccc"]);
  }));

/** A scene in which the demo stops and says why; nothing is changed. */
function stops(name: string, scene: Scene, expected: RegExp, said = repair): void {
  test(`stops: ${name}`, () =>
    played(scene, async (show, threadId) => {
      const before = await textAt(show, "/workspace/src/isOpen.ts");
      const turn = await show.say(threadId, said);
      assert.equal(turn.status, "completed");
      const answer = lastText(await itemsOf(show, threadId));
      assert.match(answer, expected);
      assert.equal(await textAt(show, "/workspace/src/isOpen.ts"), before);
    }));
}

const declines = (kind: string, feedback?: string) => ({
  answer: (asked: { method: string }) =>
    asked.method.includes(kind) ? { decision: "decline" as const, feedback } : { decision: "accept" as const },
});
const printing = (output: string, exitCode: number): MemoryCommand => ({
  match: "npm test",
  run({ print }) {
    print(output);
    return exitCode;
  },
});
const otherBug = sampleFiles["src/isOpen.ts"].replace("minute <= range.closes", "minute > range.closes");

stops("the tests pass already", { commands: [printing(passingRun, 0)] }, /^All 18 tests pass already/);
test("stops: a rule denies the command", () =>
  played({}, async (show, threadId) => {
    const subject = { kind: "command" as const, prefix: ["npm", "test"] };
    await show.client.request("rule/write", { rule: { subject, decision: "deny" } });
    await show.say(threadId, repair);
    assert.match(
      lastText(await itemsOf(show, threadId)),
      /^A rule of yours denies `npm test`, so the demo stops here\./,
    );
  }));
stops(
  "another bug",
  { files: { "src/isOpen.ts": otherBug }, commands: [printing(failingRun, 1)] },
  /^The demo expected one line with `minute <= range\.closes` in src\/isOpen\.ts, but got .*only knows the sample's own bugs/,
);
stops(
  "no such function",
  { files: { "src/isOpen.ts": "export {}" }, commands: [printing(failingRun, 1)] },
  /expected the place of the function `isOpen`, but got “No matches\.”/,
);
stops(
  "another assertion",
  { files: { "test/isOpen.test.ts": `${"\n".repeat(22)}assert.ok(true);\n` } },
  /expected an assertion at test\/isOpen\.test\.ts:23, but got “assert\.ok\(true\);”/,
);
stops(
  "no such test file",
  { files: { "test/isOpen.test.ts": "" } },
  /expected an assertion at|expected the text of test\/isOpen\.test\.ts/,
);
stops(
  "two failing tests",
  { commands: [printing(`${failingRun}\n✖ says when it opens (1ms)\n`, 1)] },
  /expected one failing test, but got 2: is closed from the minute it closes, says when it opens/,
);
stops(
  "no test runner",
  { commands: [printing("sh: node: not found", 127)] },
  /expected a count of passed and failed tests .*“sh: node: not found”/,
);
stops("no npm", { commands: [] }, /expected the output of `npm test`, but got “There is no program/);
stops("a declined command", declines("commandExecution"), /^`npm test` was declined, so the demo stops here\.$/);
stops(
  "a declined command with words",
  declines("commandExecution", "Use pnpm."),
  /^You declined `npm test` and said: “Use pnpm\.” The demo is a script/,
);
stops("a declined patch", declines("fileChange"), /^The change of `src\/isOpen\.ts` was declined/);
stops("nobody may be asked", { settings: { approvalPolicy: "never" } }, /no sandbox here, and nobody is asked/);
stops(
  "anything else",
  {},
  /^I am the demo model: a script .*not a language model.*The tests fail\. Find out why and fix it\..*Set API Key/s,
  "Write me a poem.",
);
stops(
  "an explanation of its bug",
  {},
  /^`src\/describe\.ts:10` gives the result of `nextOpening\(hours, now\)`.*src\/nextOpening\.ts:5/s,
  fixMessage.replace("Fix", "Explain"),
);
stops(
  "another type error",
  { files: { "src/describe.ts": `${"\n".repeat(9)}return 5;\n` } },
  /expected the sample's type error at src\/describe\.ts:10, but got “return 5;”/,
  fixMessage,
);
stops(
  "several problems",
  {},
  /expected one problem, but got 2 in different places/,
  `${fixMessage}\nsrc/a.ts:1:1: error: No.`,
);

test("reads the output of a terminal, with colours and other line ends", () => {
  const shown = (text: string) =>
    text.replaceAll("\n", "\r\n").replaceAll("✖", "\u001b[31m✖").replaceAll("ms)", "ms)\u001b[39m");
  const terminal: MemoryCommand = {
    match: "npm test",
    run: (process) => npmTest.run({ ...process, print: (...chunks) => process.print(...chunks.map(shown)) }),
  };
  return played({ commands: [terminal] }, async (show, threadId) => {
    await show.say(threadId, repair);
    assert.match(lastText(await itemsOf(show, threadId)), /^The tests pass again/);
  });
});

test("says so when its change does not help", () =>
  played({ commands: [printing(failingRun, 1)] }, async (show, threadId) => {
    await show.say(threadId, repair);
    assert.match(
      lastText(await itemsOf(show, threadId)),
      /expected all tests to pass after its change, but got 1 that fail/,
    );
  }));

test("waits for tests that take long", () => {
  let finish = () => {};
  const slow: MemoryCommand = {
    match: "npm test",
    async run({ print }) {
      print(passingRun.slice(0, 30));
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      print(passingRun.slice(30));
      return 0;
    },
  };
  return played(
    {
      commands: [slow],
      script: (request, { index }) => {
        if (index === 2) finish();
        return demoReply(request);
      },
      clock: {
        now: () => 0,
        sleep: (ms, stop) =>
          new Promise((resolve) =>
            ms > 20_000 ? stop.addEventListener("abort", () => resolve()) : setImmediate(resolve),
          ),
      },
    },
    async (show, threadId) => {
      await show.say(threadId, repair);
      assert.match(lastText(await itemsOf(show, threadId)), /^All 18 tests pass already/);
    },
  );
});

test("asks to save first when the file has unsaved changes", async () => {
  const host = sampleHost({});
  host.setUnsaved("/workspace/src/isOpen.ts", `${sampleFiles["src/isOpen.ts"]}// mine\n`);
  await played({ host }, async (show, threadId) => {
    await show.say(threadId, repair);
    assert.match(
      lastText(await itemsOf(show, threadId)),
      /^`src\/isOpen\.ts` had unsaved changes of yours.*Save the file/,
    );
  });
});

test("fixes the type error that the editor reports", async () => {
  const host = sampleHost({});
  await played(
    {
      host,
      answer: () => {
        host.setDiagnostics([]);
        return { decision: "accept" };
      },
    },
    async (show, threadId) => {
      await show.say(threadId, fixMessage);
      const items = await itemsOf(show, threadId);
      assert.equal(
        outline(items),
        "Read src/describe.ts, Search function nextOpening(, patch: completed, Check problems in src/describe.ts",
      );
      assert.match(
        await textAt(show, "/workspace/src/describe.ts"),
        / {2}const next = nextOpening\(hours, now\);\n {2}return next \? `Closed, opens \$\{formatMoment\(next\)\}` : "Closed";\n\}/,
      );
      assert.match(
        lastText(items),
        /^`src\/describe\.ts:10` now says just “Closed”.*no problem in that file any more\.$/,
      );
    },
  );
});

test("says so when the editor still reports the error", () =>
  played({}, async (show, threadId) => {
    await show.say(threadId, fixMessage);
    assert.match(lastText(await itemsOf(show, threadId)), /still reported a problem there/);
  }));

test("names the type checker where no editor is", async () => {
  const host = sampleHost({});
  host.setDiagnostics(undefined);
  await played({ host }, async (show, threadId) => {
    await show.say(threadId, fixMessage);
    assert.match(
      lastText(await itemsOf(show, threadId)),
      /No editor is there to check it; `npm run typecheck` does\.$/,
    );
  });
});

test("says what it is and what it changed when it is thanked", () =>
  played({}, async (show, threadId) => {
    await show.say(threadId, repair);
    await show.say(threadId, "Thanks. What did you change?");
    const answer = lastText(await itemsOf(show, threadId));
    assert.match(answer, /^I am the demo model.*In this thread it changed `src\/isOpen\.ts`\./s);
  }));

test("finds nothing left to repair when it is asked again", () =>
  played({}, async (show, threadId) => {
    await show.say(threadId, repair);
    await show.say(threadId, repair);
    assert.match(lastText(await itemsOf(show, threadId)), /^All 18 tests pass already/);
  }));

test("patches through a function where the model takes no custom tools", () =>
  played({ settings: { model: "test-model" } }, async (show, threadId) => {
    await show.say(threadId, repair);
    assert.match(await textAt(show, "/workspace/src/isOpen.ts"), /minute < range\.closes;/);
  }));

test("plays the same through its own fetch, without a server", async () => {
  const events: string[] = [];
  const fetch = createDemoFetch(async ({ type }) => {
    events.push(type);
  });
  const host = sampleHost({});
  const options = {
    host,
    script: [],
    settings: { model: undefined },
    provider: { name: "demo", fetch, apiKey: undefined },
  };
  const show = await play(options);
  const { thread } = await show.start();
  await show.say(thread.id, repair);
  const items = await itemsOf(show, thread.id);
  assert.match(lastText(items), /^The tests pass again/);
  assert.equal(show.server.requests.length, 0);
  assert.ok(events.includes("response.reasoning_summary_text.delta"));
  await show.close();
});
