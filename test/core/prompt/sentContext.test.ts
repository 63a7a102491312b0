import assert from "node:assert/strict";
import { test } from "node:test";
import { call, message } from "../../../src/core/model/demo/output.ts";
import type { RequestParams } from "../../../src/protocol/methods.ts";
import { createMemoryHost } from "../../support/memoryHost.ts";
import { inputOf, textOf } from "../../support/modelInput.ts";
import { type ModelServer, type RecordedRequest, startModelServer } from "../../support/modelServer.ts";
import { fail, hang, type Reply } from "../../support/modelServerReply.ts";
import { type Play, play } from "../../support/play.ts";
import { createRandom } from "../../support/random.ts";

interface Sent {
  readonly turnId: string;
  readonly body: string;
}

/** More than there will be: which requests cut the context is not what is checked here. */
const MOST_CUTS = 200;
const models = ["gpt-5.4", "gpt-4.1"] as const;

function isAside(request: RecordedRequest): boolean {
  return textOf(inputOf(request).at(-1)!)?.startsWith("<context_compaction>") ?? false;
}

/** What the user says decides what happens: the scripted model does what the newest message that it has not answered asks for. */
class Story {
  readonly #storage = new Map<string, string>();
  readonly #host = createMemoryHost({ storage: this.#storage, files: { "/workspace/AGENTS.md": "Version 0." } });
  #server!: ModelServer;
  #played!: Play;
  #threadId = "";
  #model: string = models[0];
  #said = 0;
  #overflowed = new Set<string>();
  /** What was sent, as the server got it, in this thread as it stands. */
  #sent: Sent[] = [];

  async begin(): Promise<void> {
    this.#server = await startModelServer({ script: (_, recorded) => this.#reply(recorded) });
    for (let cut = 0; cut < MOST_CUTS; cut++) this.#server.expectCut();
    await this.#open();
    this.#threadId = (await this.#played.start()).thread.id;
  }

  async end(): Promise<void> {
    await this.#played.close();
    await assert.rejects(this.#server.close(), ({ message: problems }: Error) => {
      return !/refused|failed|no reply/.test(problems);
    });
  }

  readonly steps: readonly (() => Promise<void>)[] = [
    () => this.#say("Answer"),
    () => this.#say("Look"),
    () => this.#say("Steer"),
    () => this.#say("Stop"),
    () => this.#say("Overflow"),
    () => this.#changeProject(),
    () => this.#changeModel(),
    () => this.#condense(),
    () => this.#takeBack(),
    () => this.#copy(),
    () => this.#restart(),
  ];

  /** Every request that was sent is told to the byte. */
  async check(at: string): Promise<void> {
    const turnIds = [...new Set(this.#sent.map(({ turnId }) => turnId))];
    const firsts = turnIds.map((turnId) => this.#sent.find((sent) => sent.turnId === turnId)?.body);
    const read = async (which: Omit<RequestParams<"thread/context/read">, "threadId">) => {
      const { body } = await this.#read(which);
      return body;
    };
    assert.deepEqual(await Promise.all(turnIds.map((turnId) => read({ turnId }))), firsts, at);
    const numbers = this.#sent.map((_, index) => index + 1);
    const bodies = this.#sent.map(({ body }) => body);
    assert.deepEqual(await Promise.all(numbers.map((number) => read({ number }))), bodies, at);
    if (this.#sent.length === 0) return;
    const { context, body } = await this.#read({});
    assert.equal(body, bodies.at(-1), at);
    assert.deepEqual([context.number, context.count, context.turnId], [bodies.length, bodies.length, turnIds.at(-1)]);
    assert.equal(
      context.layers.reduce((sum, { tokens }) => sum + tokens, 0),
      context.tokens,
    );
  }

  #read(which: Omit<RequestParams<"thread/context/read">, "threadId">) {
    return this.#played.client.request("thread/context/read", {
      threadId: this.#threadId,
      includeBody: true,
      ...which,
    });
  }

  async #open(): Promise<void> {
    this.#played = await play({ host: this.#host, script: [], server: this.#server, settings: { model: models[0] } });
  }

  async #reply(recorded: RecordedRequest): Promise<Reply> {
    const last = inputOf(recorded).at(-1);
    const said = last?.role === "user" ? (textOf(last) ?? "") : "";
    if (said.startsWith("Look")) return call("list_files", {});
    if (said.startsWith("Steer")) {
      await this.#steer(said);
      return call("list_files", {});
    }
    if (said.startsWith("Stop")) return hang();
    if (said.startsWith("Overflow") && !this.#overflowed.has(said)) {
      this.#overflowed.add(said);
      return fail(400, { code: "context_length_exceeded" });
    }
    return message("An answer.");
  }

  async #steer(said: string): Promise<void> {
    const threadId = this.#threadId;
    const { thread } = await this.#played.client.request("thread/read", { threadId, includeTurns: true });
    const expectedTurnId = thread.turns.at(-1)?.id ?? "";
    const input = [{ type: "text" as const, text: `On the way of ${said}` }];
    await this.#played.client.request("turn/steer", { threadId, expectedTurnId, input });
  }

  async #say(what: string): Promise<void> {
    const text = `${what} ${++this.#said}.`;
    const from = this.#server.requests.length;
    const ended = this.#played.say(this.#threadId, text);
    if (what === "Stop") await this.#interrupt(from);
    const { id } = await ended;
    this.#keep(id, from);
  }

  async #interrupt(from: number): Promise<void> {
    await this.#server.request(from);
    const { thread } = await this.#played.client.request("thread/read", {
      threadId: this.#threadId,
      includeTurns: true,
    });
    const turnId = thread.turns.at(-1)?.id ?? "";
    await this.#played.client.request("turn/interrupt", { threadId: this.#threadId, turnId });
  }

  /** Requests that only condense are no part of it. */
  #keep(turnId: string, from: number): void {
    const bodies = this.#server.requests
      .slice(from)
      .filter((request) => !isAside(request))
      .map(({ body }) => body);
    this.#sent.push(...bodies.map((body) => ({ turnId, body })));
  }

  async #changeProject(): Promise<void> {
    this.#host.files.put("/workspace/AGENTS.md", `Version ${this.#said}.`);
    await this.#say("Answer");
  }

  async #changeModel(): Promise<void> {
    this.#model = models.find((model) => model !== this.#model) ?? this.#model;
    await this.#played.client.request("thread/settings/update", { threadId: this.#threadId, model: this.#model });
  }

  async #condense(): Promise<void> {
    if (this.#sent.length === 0) return;
    await this.#played.client.request("thread/compact/start", { threadId: this.#threadId });
    await this.#played.told("turn/completed", ({ turn }) => turn.items.length === 0);
  }

  /** The last message, and what came of it. */
  async #takeBack(): Promise<void> {
    const turnId = this.#sent.at(-1)?.turnId;
    if (turnId === undefined) return;
    await this.#played.client.request("thread/revert", { threadId: this.#threadId, beforeTurnId: turnId });
    this.#sent = this.#sent.filter((sent) => sent.turnId !== turnId);
  }

  async #copy(): Promise<void> {
    if (this.#sent.length === 0) return;
    const { client } = this.#played;
    const { thread } = await client.request("thread/fork", { threadId: this.#threadId });
    this.#threadId = thread.id;
  }

  async #restart(): Promise<void> {
    await this.#played.app.dispose();
    await this.#open();
    if (this.#sent.length > 0) await this.#played.client.request("thread/resume", { threadId: this.#threadId });
    else this.#threadId = (await this.#played.start()).thread.id;
  }
}

/** At every moment of a random story, every request is told as the server got it. */
async function checkStory(seed: number): Promise<void> {
  const random = createRandom(seed);
  const story = new Story();
  await story.begin();
  for (let step = 0; step < 30; step++) {
    const what = Math.floor(random() * story.steps.length);
    await story.steps[what]?.();
    await story.check(`seed ${seed}, step ${step}, which was ${story.steps[what]}`);
  }
  await story.end();
}

for (const seed of [1, 2, 3]) test(`random threads: seed ${seed}`, () => checkStory(seed));
