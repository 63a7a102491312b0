import assert from "node:assert/strict";
import { test } from "node:test";
import { call, customCall, message, reasoning } from "../../src/core/model/demo/output.ts";
import type { AgentSettings } from "../../src/core/settings.ts";
import { AgentError } from "../../src/protocol/errors.ts";
import { createFakeClock } from "../support/fakeClock.ts";
import { createMemoryHost, type MemoryHost } from "../support/memoryHost.ts";
import { inputOf, outputsOf, textOf, textsOf } from "../support/modelInput.ts";
import { type Play, play } from "../support/play.ts";

const done = message("Done.");

interface World {
  readonly host: MemoryHost;
  readonly settings: { -readonly [K in keyof AgentSettings]?: AgentSettings[K] };
  readonly played: Play;
  readonly threadId: string;
  readonly advance: (ms: number) => void;
}

/** What the model is told before the second message of a thread, when this changed after the first. */
async function checkChange(change: (world: World) => unknown, told: readonly RegExp[]) {
  const host = createMemoryHost({
    files: {
      "/workspace/AGENTS.md": "Be brief.",
      "/workspace/src/a.ts": "",
      "/workspace/.git/HEAD": "ref: refs/heads/main\n",
    },
    openEditors: { activePath: "/workspace/src/a.ts", visiblePaths: ["/workspace/src/a.ts"], openPaths: [] },
  });
  const settings = { developerInstructions: "Use tabs." };
  const clock = createFakeClock();
  const played = await play({ host, settings, clock, script: [done, done] });
  const { thread } = await played.start();
  await played.say(thread.id, "One.");
  await change({ host, settings, played, threadId: thread.id, advance: (ms) => clock.advance(ms) });
  await played.say(thread.id, "Two.");
  const [first, second] = played.server.requests.map(inputOf);
  const added = second!.slice(first!.length + 1, -1).map((item) => `${item.role}: ${textOf(item)}`);
  assert.equal(added.length, told.length, added.join("\n"));
  for (const [index, expected] of told.entries()) assert.match(added[index] ?? "", expected);
  await played.close();
}

test("nothing changed, nothing is said", () => checkChange(() => {}, []));
test("permissions", () =>
  checkChange(
    ({ played, threadId }) => played.client.request("thread/settings/update", { threadId, approvalPolicy: "never" }),
    [/^developer: <permissions>.*Nobody is asked/s, /^developer: <mode>\nLook, do not touch/],
  ));
test("AGENTS.md", () =>
  checkChange(
    ({ host }) => host.files.put("/workspace/AGENTS.md", "Be long."),
    [/^user: <project_instructions>\n# Instructions from \/workspace\/AGENTS.md \(changed: .*Be long\./s],
  ));
test("another AGENTS.md: the one that stays is not told again", () =>
  checkChange(
    async ({ host, played, threadId }) => {
      host.files.put("/workspace/src/AGENTS.md", "Be kind.");
      await played.client.request("thread/settings/update", { threadId, cwd: "/workspace/src" });
    },
    [
      /^user: <project_instructions>\n# Instructions from \/workspace\/src\/AGENTS.md \(new\)\n\nBe kind\.\n<\/project_instructions>$/,
      /^user: <environment_context>\n {2}<cwd>\/workspace\/src<\/cwd>\n {2}<directory>/,
    ],
  ));
test("the number of changed files", () =>
  checkChange(
    ({ host }) => host.setChangedFiles(2),
    [/^user: <environment_context>\n {2}<git_changed_files>2<\/git_changed_files>\n<\/environment_context>$/],
  ));
test("AGENTS.md removed", () =>
  checkChange(({ host }) => host.files.put("/workspace/AGENTS.md", undefined), [/no longer apply/]));
test("developer instructions", () =>
  checkChange(
    ({ settings }) => Object.assign(settings, { developerInstructions: "Use spaces." }),
    [/^developer: Use spaces\.$/],
  ));
test("developer instructions removed", () =>
  checkChange(({ settings }) => Object.assign(settings, { developerInstructions: "" }), [/no longer apply/]));
test("open editors: only what changed", () =>
  checkChange(
    ({ host }) => host.setOpenEditors({ activePath: "/workspace/b.ts", visiblePaths: [], openPaths: [] }),
    [/^user: <environment_context>\n {2}<active_file>b\.ts<\/active_file>\n<\/environment_context>$/],
  ));
test("an editor closed", () =>
  checkChange(
    ({ host }) => host.setOpenEditors({ visiblePaths: [], openPaths: [] }),
    [/^user: <environment_context>\n {2}<active_file>none<\/active_file>\n<\/environment_context>$/],
  ));
test("the branch", () =>
  checkChange(
    ({ host }) => host.files.put("/workspace/.git/HEAD", "ref: refs/heads/next\n"),
    [/^user: <environment_context>\n {2}<git_branch>next<\/git_branch>\n<\/environment_context>$/],
  ));
test("the date", () =>
  checkChange(
    ({ advance }) => advance(86_400_000),
    [/^user: <environment_context>\n {2}<date>[\d-]+<\/date>\n<\/environment_context>$/],
  ));
test("new files: the overview is as it was at the start", () =>
  checkChange(({ host }) => host.files.put("/workspace/new.ts", ""), []));
test("several at once, each in its own message", () =>
  checkChange(
    ({ host, settings }) => {
      Object.assign(settings, { developerInstructions: "Use spaces." });
      host.files.put("/workspace/AGENTS.md", "Be long.");
    },
    [/Use spaces/, /Be long/],
  ));
test("Restricted Mode: the project's words count no more", () =>
  checkChange(
    ({ settings }) => Object.assign(settings, { trusted: false }),
    [/Restricted Mode/, /^developer: <mode>/, /no longer apply/],
  ));

test("the layers stand in their order, with the message last", async () => {
  const host = createMemoryHost({ files: { "/workspace/AGENTS.md": "Be brief." } });
  const played = await play({ host, settings: { developerInstructions: "Use tabs." }, script: [done] });
  const { thread } = await played.start();
  await played.say(thread.id, "One.");
  const texts = inputOf(played.server.requests[0]!).map((item) => `${item.role}: ${textOf(item)?.slice(0, 20)}`);
  assert.deepEqual(texts, [
    "developer: <permissions>\nThere ",
    "developer: Use tabs.",
    "developer: <mode>\nAsk before ea",
    "user: <project_instruction",
    "user: <environment_context",
    "user: One.",
  ]);
  await played.close();
});

/** The branch that the model is told when .git is a file. */
async function checkLinked(gitdir: string, branch: string | undefined) {
  const files = {
    "/workspace/.git": `gitdir: ${gitdir}\n`,
    "/other/HEAD": "ref: refs/heads/side\n",
    "/host/share/HEAD": "ref: refs/heads/far\n",
  };
  const played = await play({ host: createMemoryHost({ files }), script: [done] });
  const { thread } = await played.start();
  await played.say(thread.id, "One.");
  const told = textsOf(played.server.requests[0]!, "user").join("\n");
  assert.equal(/<git_branch>(.*)<\/git_branch>/.exec(told)?.[1], branch);
  await played.close();
}

test("the branch of a worktree", () => checkLinked("../other", "side"));
test("no path to another machine is followed", () => checkLinked("//host/share", undefined));

test("after a restart with other base instructions and tools, the head is still the kept one", async () => {
  const storage = new Map<string, string>();
  const first = await play({ host: createMemoryHost({ storage }), script: [done, done] });
  const { thread } = await first.start();
  await first.say(thread.id, "One.");
  await first.app.dispose();
  const name = `threads/${thread.id}.jsonl`;
  const old = (storage.get(name) ?? "")
    .replaceAll("You are Patchwright", "You were Patchwright")
    .replaceAll("read_diagnostics", "read_problems");
  storage.set(name, old);
  const second = await play({ host: createMemoryHost({ storage }), script: [done] });
  await second.client.request("thread/resume", { threadId: thread.id });
  await second.say(thread.id, "Two.");
  const { body } = second.server.requests[0]!;
  const [before] = first.server.requests;
  const kept = before!.body
    .replaceAll("You are Patchwright", "You were Patchwright")
    .replaceAll("read_diagnostics", "read_problems");
  assert.ok(body.startsWith(kept.slice(0, -2)));
  await second.close();
  await first.server.close();
});

const patch = customCall("apply_patch", "*** Begin Patch\n*** Add File: a.txt\n+a\n*** End Patch");

/** Another model goes on with the whole context, except for what it cannot read. */
async function checkOtherModel(model: string, types: readonly string[]) {
  const storage = new Map<string, string>();
  const played = await play({
    host: createMemoryHost({ storage }),
    script: [[reasoning("Hm."), message("I try."), patch], [reasoning("Hm."), done], done, done, done],
  });
  const { thread } = await played.start();
  await played.say(thread.id, "One.");
  await played.client.request("thread/settings/update", { threadId: thread.id, model });
  played.server.expectCut(thread.id);
  await played.say(thread.id, "Two.");
  await played.say(thread.id, "Three.");
  const request = played.server.requests[2]!;
  assert.equal(JSON.parse(request.body).model, model);
  assert.deepEqual(
    inputOf(request)
      .slice(3)
      .map(({ type, role }) => (type === "message" ? role : type)),
    types,
  );
  await played.app.dispose();
  const second = await play({
    host: createMemoryHost({ storage, files: { "/workspace/a.txt": "a\n" } }),
    script: [],
    server: played.server,
  });
  await second.client.request("thread/resume", { threadId: thread.id });
  assert.equal((await second.say(thread.id, "Four.")).status, "completed");
  await second.close();
  await played.server.close();
}

test("a change of model cuts once: the other one reads all but the reasoning", () =>
  checkOtherModel("gpt-5.4", [
    "user",
    "assistant",
    "custom_tool_call",
    "custom_tool_call_output",
    "assistant",
    "user",
  ]));
test("and one that takes no custom tools reads plain calls", () =>
  checkOtherModel("gpt-4.1", ["user", "assistant", "function_call", "function_call_output", "assistant", "user"]));

test("a picture that cannot be sent is named, and does not keep the message or the thread from going on", async () => {
  const host = createMemoryHost({
    files: { "/workspace/a.png": Uint8Array.of(0x89, 0x50, 0x4e, 0x47), "/workspace/b.txt": "x" },
  });
  const played = await play({ host, script: [done, done] });
  const { thread } = await played.start();
  const paths = ["/workspace/a.png", "/workspace/b.txt", "/workspace/c.png"];
  await played.say(thread.id, [
    { type: "text", text: "Look." },
    ...paths.map((path) => ({ type: "localImage" as const, path })),
  ]);
  const content = inputOf(played.server.requests[0]!).at(-1)?.content as { text?: string; image_url?: string }[];
  assert.deepEqual(
    content.map(({ text }) => text?.slice(0, 44)),
    [
      "Look.",
      undefined,
      "(The user attached the picture /workspace/b.",
      "(The user attached the picture /workspace/c.",
    ],
  );
  assert.equal(content[1]?.image_url, "data:image/png;base64,iVBORw==");
  assert.equal((await played.say(thread.id, "And now?")).status, "completed");
  await played.close();
});

/** The disk refuses one write in the middle of a turn: the turn fails and says so; with the disk back, the thread goes on. */
async function checkFullDisk(writesBefore: number) {
  const host = createMemoryHost({ files: { "/workspace/a.txt": "one\n" } });
  const append = host.storage.append.bind(host.storage);
  let writes = 0;
  const name = (path: string) => path.startsWith("threads/");
  const storage = {
    ...host.storage,
    append: (path: string, text: string) =>
      name(path) && ++writes === writesBefore + 1
        ? Promise.reject(new AgentError("internal", "The disk is full."))
        : append(path, text),
  };
  const played = await play({
    host: { ...host, storage },
    script: (request) => {
      const last = request.input.at(-1) as { type: string; content?: { text?: string }[] };
      if (last.type === "message" && last.content?.[0]?.text === "One.")
        return [message("I look."), call("read_file", { path: "a.txt" }), call("list_files", {})];
      return done;
    },
  });
  const { thread } = await played.start();
  const first = await played.say(thread.id, "One.").catch((error: Error) => error);
  const wrote = writes;
  writes = Number.POSITIVE_INFINITY;
  assert.equal((await played.say(thread.id, "Two.")).status, "completed");
  const { thread: read } = await played.client.request("thread/read", { threadId: thread.id, includeTurns: true });
  for (const turn of read.turns) {
    assert.notEqual(turn.status, "inProgress");
    for (const item of turn.items) assert.ok(item.completedAtMs, `${item.type} is finished.`);
  }
  const request = played.server.requests.at(-1)!;
  assert.equal(textsOf(request, "user").at(-1), "Two.");
  assert.equal(outputsOf(request).length % 2, 0);
  await played.app.dispose();
  await played.server.close();
  if (first instanceof Error) assert.equal(writesBefore, 0);
  else if (first.status === "failed") assert.match(first.error?.message ?? "", /disk is full/);
  return wrote > writesBefore;
}

test("a full disk at any write of a turn", async () => {
  let writes = 0;
  while (await checkFullDisk(writes)) writes++;
  assert.ok(writes > 8, `${writes}`);
});
