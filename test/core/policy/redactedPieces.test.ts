import assert from "node:assert/strict";
import { test } from "node:test";
import type { ResponseStreamEvent } from "openai/resources/responses/responses";
import type { Provider } from "../../../src/core/model/client.ts";
import { knownKeys, redactedModel } from "../../../src/core/model/redactedModel.ts";
import { redactedHost } from "../../../src/core/policy/redactedHost.ts";
import { Secrets } from "../../../src/core/policy/secrets.ts";
import { createMemoryHost } from "../../support/memoryHost.ts";
import { prints } from "../../support/memoryProcesses.ts";

const key = "sk-proj-A1b2C3d4E5f6G7h8";
const { signal } = new AbortController();

/** What a listener hears of a command that prints these pieces, listening at once or when it has ended. */
async function checkOutput(pieces: readonly string[], expected: string): Promise<void> {
  for (const when of ["at once", "at the end"]) {
    const host = redactedHost(createMemoryHost({ commands: [prints("x", pieces)] }), new Secrets([key]));
    const command = { argv: ["x"], cwd: "/workspace", tty: false, itemId: "1", title: "x" } as const;
    const running = await host.processes.spawn(command, signal);
    const heard: string[] = [];
    if (when === "at the end") await running.exited;
    running.onOutput((text) => heard.push(text));
    await running.exited;
    assert.equal(heard.join(""), expected, when);
    assert.ok(heard.every((text) => text !== ""));
  }
}

test("no piece of an output has a part of a secret", () => checkOutput([...`a ${key} b`], "a [redacted] b"));
test("what only begins like one comes at the end", () => checkOutput(["a", " sk-pro"], "a sk-pro"));

test("the line that a search cuts off ends before a secret", async () => {
  const files = { "/workspace/a": `${"x".repeat(490)}${key}`, "/workspace/b": `x ${key.slice(0, 10)}` };
  const host = redactedHost(createMemoryHost({ files }), new Secrets([key]));
  const query = { pattern: "x", syntax: "text", caseSensitive: true, limit: 9 } as const;
  const { matches } = await host.files.search("/workspace", query, signal);
  assert.deepEqual(
    matches.map(({ text }) => text.replace(/x+/, "x")),
    ["x[redacted]", `x ${key.slice(0, 10)}`],
  );
});

/** The texts of the events that a model's answer is made of. */
async function deltasOf(events: readonly object[]): Promise<string[]> {
  const stream = async function* () {
    yield* events as readonly ResponseStreamEvent[];
  };
  const model = redactedModel({ stream, listModels: async () => [] }, new Secrets([key]));
  const texts: string[] = [];
  for await (const event of model.stream("", signal)) texts.push(JSON.stringify(event));
  return texts;
}

test("no piece of an answer has a part of a secret, and what was held back comes before the end", async () => {
  const of = { item_id: "m", output_index: 0, content_index: 0 };
  const delta = (text: string) => ({ type: "response.output_text.delta", ...of, delta: text });
  const text = `a ${key} sk-`;
  const events = [...[...text].map(delta), { type: "response.output_text.done", ...of, text }];
  const told = await deltasOf(events);
  const joined = told.map((event) => (JSON.parse(event) as { delta?: string }).delta ?? "").join("");
  assert.equal(joined, "a [redacted] sk-");
  assert.match(told.at(-1) ?? "", /"text":"a \[redacted\] sk-"/);
});

test("texts of two items at once are told apart", async () => {
  const delta = (item: string, text: string) => ({ type: "response.output_text.delta", item_id: item, delta: text });
  const told = await deltasOf([
    delta("1", key.slice(0, 9)),
    delta("2", "b"),
    delta("1", key.slice(9)),
    delta("2", "e"),
  ]);
  assert.deepEqual(
    told.map((event) => (JSON.parse(event) as { delta: string }).delta),
    ["b", "[redacted]", "e"],
  );
});

test("each key that a provider has had is a secret", async () => {
  const secrets = new Secrets();
  const keys = ["the-first-key-1", "the-second-key-2"];
  const provider = knownKeys(async () => ({ name: "", baseUrl: "", apiKey: keys.shift() }) satisfies Provider, secrets);
  assert.equal((await provider()).apiKey, "the-first-key-1");
  await provider();
  assert.equal(secrets.text("the-first-key-1 the-second-key-2"), "[redacted] [redacted]");
});
