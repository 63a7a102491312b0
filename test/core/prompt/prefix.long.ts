import assert from "node:assert/strict";
import { test } from "node:test";
import { call, message, reasoning } from "../../../src/core/model/demo/output.ts";
import type { AgentSettings } from "../../../src/core/settings.ts";
import type { HostTool } from "../../../src/host/tools.ts";
import { createFakeClock } from "../../support/fakeClock.ts";
import { createMemoryHost } from "../../support/memoryHost.ts";
import { type InputItem, inputOf, textOf } from "../../support/modelInput.ts";
import { type ModelServer, type RecordedRequest, startModelServer } from "../../support/modelServer.ts";
import { fail, type Reply } from "../../support/modelServerReply.ts";
import { invalid } from "../../support/modelServerShape.ts";
import { type Play, play } from "../../support/play.ts";
import { createRandom } from "../../support/random.ts";

const STEPS = 200;
const CHANGES_A_STEP = 3;

/** The world of a thread, which changes at random; the strict server checks every request for what it continues. */
class RandomWorld {
  readonly settings: { -readonly [K in keyof AgentSettings]?: AgentSettings[K] };
  readonly tools = new Map<string, HostTool>();
  cwd = "/workspace";
  effort = "medium";
  played: Play | undefined;
  threadId = "";
  readonly #random: () => number;
  readonly #clock = createFakeClock();
  readonly #storage = new Map<string, string>();
  #host = this.#newHost();

  constructor(model: string, seed: number) {
    this.settings = { model, developerInstructions: "Number 0." };
    this.#random = createRandom(seed);
  }

  /** A process of its own, which goes on with the thread when there is one already. */
  async start(server: ModelServer): Promise<void> {
    this.#host = this.#newHost();
    const { settings } = this;
    this.played = await play({ host: this.#host, settings, clock: this.#clock, script: [], server });
    if (this.threadId) await this.played.client.request("thread/resume", { threadId: this.threadId });
    else this.threadId = (await this.played.start()).thread.id;
  }

  pick<T>(of: readonly T[]): T {
    return of[Math.floor(this.#random() * of.length)]!;
  }

  answer(): Reply {
    const thought = this.settings.model === "gpt-4.1" ? [] : [reasoning("Hm.")];
    const tool = this.pick(["a", "mcp__b__c", "call_tool"]);
    const calls = [[call("read_file", { path: "x.txt" }), call("list_files", {})], [call("list_files", {})]];
    return [...thought, ...this.pick([[message("Done.")], ...calls, [call(tool, { name: "a" })]])];
  }

  /** Something of the world becomes something else, or stays by chance. */
  async change(when: "in a turn" | "between turns"): Promise<void> {
    const { threadId, played } = this;
    const update = (change: object) => played!.client.request("thread/settings/update", { threadId, ...change });
    const number = Math.floor(this.#random() * 4);
    const changes: (() => unknown)[] = [
      () => update({ approvalPolicy: this.pick(["never", "on-request", "untrusted"]) }),
      () => update({ sandboxPolicy: { type: this.pick(["readOnly", "workspaceWrite", "dangerFullAccess"]) } }),
      () => {
        this.effort = this.pick(["low", "medium", "high"]);
        return update({ effort: this.effort });
      },
      () => Object.assign(this.settings, { developerInstructions: number === 0 ? "" : `Number ${number}.` }),
      () => this.#changeTool(this.pick(["a", "mcp__b__c", "d", "e"]), number),
    ];
    const slow: (() => unknown)[] = [
      () => this.#host.files.put(this.pick(["/workspace/AGENTS.md", "/workspace/in/AGENTS.md"]), this.#guide(number)),
      () => this.#host.files.put("/workspace/.git/HEAD", `ref: refs/heads/${number}\n`),
      () => this.#host.setOpenEditors({ visiblePaths: [], openPaths: [`/workspace/${number}`] }),
      () => this.#host.setChangedFiles(number),
      () => this.#clock.advance(number * 40_000_000),
      () => {
        this.cwd = this.pick(["/workspace", "/workspace/in", "/workspace/in/deep"]);
        return update({ cwd: this.cwd });
      },
    ];
    await this.pick(when === "in a turn" ? changes : [...changes, ...slow])();
  }

  #guide(number: number): string | undefined {
    return number === 0 ? undefined : `Guide ${number}. ${"word ".repeat(number)}`;
  }

  #changeTool(name: string, number: number): void {
    const run = async () => `This is ${name}.`;
    if (number === 0) this.tools.delete(name);
    else this.tools.set(name, { name, description: `Version ${number}.`, parameters: { type: "object" }, run });
    this.#host.setTools([...this.tools.values()]);
  }

  #newHost() {
    const files = { "/workspace/in/deep/x.txt": "x", "/workspace/.git/HEAD": "ref: refs/heads/main\n" };
    const host = createMemoryHost({ files, storage: this.#storage });
    host.setTools([...this.tools.values()]);
    return host;
  }
}

/** What a model that read all of it knows: the newest word on everything. */
function knowledge(body: string) {
  const { tools, reasoning: asked } = JSON.parse(body);
  const known = {
    tools: new Set<string>(tools.slice(9).map(({ name }: { name: string }) => name)),
    effort: asked?.effort as string | undefined,
    cwd: "",
    instructions: "",
  };
  known.tools.delete("call_tool");
  for (const item of inputOf({ body })) learn(known, item);
  return known;
}

function learn(known: ReturnType<typeof knowledge>, item: InputItem): void {
  const late = item as InputItem & { tools?: { name: string }[]; reasoning?: { effort: string } };
  for (const { name } of late.tools ?? []) known.tools.add(name);
  if (item.type === "configuration_update") known.effort = late.reasoning?.effort;
  if (item.type !== "message") return;
  const text = textOf(item) ?? "";
  for (const [, name] of text.matchAll(/^New, [^:]*: (\w+)\./gm)) known.tools.add(name!);
  for (const [, names] of text.matchAll(/^Available again: (.*)$/gm))
    for (const name of names!.split(", ")) known.tools.add(name);
  for (const [, name] of text.matchAll(/^Changed: (\w+)\./gm)) known.tools.add(name!);
  for (const [, names] of text.matchAll(/^No longer available: (.*)$/gm))
    for (const name of names!.split(", ")) known.tools.delete(name);
  known.cwd = /<cwd>(.*)<\/cwd>/.exec(text)?.[1] ?? known.cwd;
  if (/^Number \d\.$/.test(text)) known.instructions = text;
  if (text.startsWith("The user's own instructions no longer")) known.instructions = "";
}

/** 200 requests of one thread while the world changes in and between turns, over restarts too. */
async function check(model: string, seed: number): Promise<void> {
  const world = new RandomWorld(model, seed);
  let requests = 0;
  let wrong: unknown;
  const script = async (_: unknown, { body }: RecordedRequest): Promise<Reply> => {
    requests++;
    try {
      checkKnowledge(body, world);
      for (let count = 0; count < CHANGES_A_STEP; count++) await world.change("in a turn");
      return world.answer();
    } catch (error) {
      wrong = error;
      return fail(400, invalid("The test has failed."));
    }
  };
  const server = await startModelServer({ models: [model], script });
  await world.start(server);
  for (let turn = 1; requests < STEPS; turn++) {
    for (let count = 0; count < CHANGES_A_STEP; count++) await world.change("between turns");
    const ended = await world.played!.say(world.threadId, `Turn ${turn}.`);
    if (wrong) throw wrong;
    assert.equal(ended.status, "completed", ended.error?.message);
    if (world.pick([true, false, false, false])) {
      await world.played!.close();
      await world.start(server);
    }
  }
  await world.played!.close();
  await server.close();
}

/** What the model was told is how the world is. */
function checkKnowledge(body: string, { tools, settings, cwd, effort }: RandomWorld): void {
  const known = knowledge(body);
  assert.deepEqual([...known.tools].sort(), [...tools.keys()].sort());
  assert.equal(known.instructions, settings.developerInstructions);
  assert.equal(known.cwd, cwd);
  if (settings.model?.startsWith("gpt-6")) assert.equal(known.effort, effort);
}

const runs: readonly [model: string, seed: number][] = [
  ["gpt-6.1-sol", 1],
  ["gpt-6.1-sol", 2],
  ["gpt-5.6-sol", 3],
  ["gpt-4.1", 4],
];
for (const [model, seed] of runs) {
  test(`${model}, seed ${seed}: ${STEPS} requests, each a continuation of the one before`, () => check(model, seed));
}
