import assert from "node:assert/strict";
import { test } from "node:test";
import type { ResponseInputItem, ResponseStreamEvent } from "openai/resources/responses/responses";
import { encryptedContent } from "../../src/core/model/demo/items.ts";
import { call, customCall, message, reasoning } from "../../src/core/model/demo/output.ts";
import { type ModelServer, type ModelServerOptions, startModelServer } from "./modelServer.ts";
import { requestBody as body, hello, type RequestChanges } from "./modelServerRequest.ts";

const strictTool = (parameters: object) => ({ type: "function", name: "f", strict: true, parameters });

async function post(server: ModelServer, content: string, headers: object = {}): Promise<Response> {
  const own = { "content-type": "application/json", authorization: `Bearer ${server.apiKey}` };
  return fetch(`${server.baseUrl}/responses`, { method: "POST", body: content, headers: { ...own, ...headers } });
}

async function serving(options: ModelServerOptions, use: (server: ModelServer) => Promise<void>): Promise<void> {
  const server = await startModelServer(options);
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

async function events(response: Response): Promise<ResponseStreamEvent[]> {
  const blocks = (await response.text()).trimEnd().split("\n\n");
  return blocks.map((block) => JSON.parse(block.split("\ndata: ")[1]!));
}

/** The server refuses this body with an error that matches, and remembers it as a problem unless it was expected. */
function refuses(name: string, changes: RequestChanges, expected: RegExp): void {
  test(`refuses ${name}`, () =>
    serving({ script: [message("Hi")] }, async (server) => {
      server.expectRefusal();
      const response = await post(server, body(changes));
      const { error } = (await response.json()) as { error: { message: string; type: string } };
      assert.equal(response.status, 400);
      assert.equal(error.type, "invalid_request_error");
      assert.match(error.message, expected);
    }));
}

/** The server takes this input. */
function takes(name: string, changes: RequestChanges): void {
  test(`takes ${name}`, () =>
    serving({ script: [message("Hi")] }, async (server) => {
      const response = await post(server, body(changes));
      assert.equal(response.status, 200, await response.text());
    }));
}

const fcall = (call_id: string, more: object = {}) => ({
  type: "function_call",
  call_id,
  name: "f",
  arguments: "{}",
  ...more,
});
const output = (call_id: string) => ({ type: "function_call_output", call_id, output: "ok" });
const ccall = (call_id: string) => ({ type: "custom_tool_call", call_id, name: "apply_patch", input: "x" });
const coutput = (call_id: string) => ({ type: "custom_tool_call_output", call_id, output: "ok" });
const thought = (id: string, more: object = {}) => ({
  type: "reasoning",
  id,
  summary: [],
  encrypted_content: encryptedContent(id),
  ...more,
});
const answer = { type: "message", role: "assistant", content: [{ type: "output_text", text: "Hi", annotations: [] }] };

refuses("an unknown parameter", { max_tokens: 10 }, /^Unknown parameter: 'max_tokens'/);
refuses("an unknown nested parameter", { reasoning: { level: "high" } }, /^Unknown parameter: 'reasoning.level'/);
refuses(
  "an unknown member of an item",
  { input: [{ ...hello, author: "me" }] },
  /^Unknown parameter: 'input\[0\].author'/,
);
refuses("a request that does not stream", { stream: false }, /Supported values are: 'true'/);
refuses("stored responses", { store: true }, /store/);
refuses("a previous response", { previous_response_id: "resp_1" }, /^Previous response with id 'resp_1' not found/);
refuses(
  "an output without its call",
  { input: [hello, output("a")] },
  /^No tool call found for function call output with call_id a/,
);
refuses(
  "a custom output without its call",
  { input: [hello, coutput("a")] },
  /^No tool call found for custom tool call output/,
);
refuses("a call without its output", { input: [hello, fcall("a")] }, /^No tool output found for function call a/);
refuses(
  "a custom call without its output",
  { input: [hello, ccall("a")] },
  /^No tool output found for custom tool call a/,
);
refuses(
  "an output of the other kind",
  { input: [ccall("a"), output("a")] },
  /^No tool call found for function call output/,
);
refuses("an output before its call", { input: [output("a"), fcall("a")] }, /^No tool call found/);
refuses("two outputs of one call", { input: [fcall("a"), output("a"), output("a")] }, /^No tool call found/);
refuses(
  "the same call id twice",
  { input: [fcall("a"), output("a"), fcall("a"), output("a")] },
  /^Duplicate call id 'a'/,
);
refuses("a call id that is too long", { input: [fcall("a".repeat(65))] }, /^Invalid 'input\[0\].call_id'/);
refuses(
  "an item id of another kind",
  { input: [fcall("a", { id: "msg_1" }), output("a")] },
  /^Invalid 'input\[0\].id'/,
);
refuses(
  "reasoning without its encrypted content",
  { input: [hello, thought("rs_1", { encrypted_content: undefined }), answer] },
  /not persisted when `store` is set to false/,
);
refuses("reasoning that it did not ask to include", { include: [], input: [thought("rs_1"), answer] }, /not persisted/);
refuses(
  "reasoning whose encrypted content was changed",
  { input: [thought("rs_1", { encrypted_content: "other" }), answer] },
  /could not be verified/,
);
refuses("reasoning at the end", { input: [hello, thought("rs_1")] }, /without its required following item/);
refuses("reasoning before a user message", { input: [thought("rs_1"), hello] }, /without its required following item/);
refuses(
  "reasoning without a summary",
  { input: [thought("rs_1", { summary: undefined })] },
  /parameter: 'input\[0\].summary'/,
);
refuses(
  "plain text of reasoning",
  { input: [thought("rs_1", { content: [{}] }), answer] },
  /^Invalid 'input\[0\].content'/,
);
refuses(
  "a tool name with a dot",
  { tools: [{ ...strictTool({ type: "object" }), name: "a.b" }] },
  /^Invalid 'tools\[0\].name'/,
);
refuses(
  "a tool name that is too long",
  { tools: [{ ...strictTool({ type: "object" }), name: "a".repeat(65) }] },
  /^Invalid 'tools\[0\].name'/,
);
refuses(
  "the same tool twice",
  { tools: [strictTool({ type: "object" }), strictTool({ type: "object" })] },
  /^Tool names must be unique: 'f'/,
);
refuses(
  "a grammar without its definition",
  { tools: [{ type: "custom", name: "p", format: { type: "grammar", syntax: "lark" } }] },
  /^Missing required parameter: 'tools\[0\].format.definition'/,
);
refuses(
  "a grammar without a start",
  { tools: [{ type: "custom", name: "p", format: { type: "grammar", syntax: "lark", definition: "x: /a/" } }] },
  /no rule 'start'/,
);
refuses(
  "a function without `strict`",
  { tools: [{ type: "function", name: "f", parameters: { type: "object" } }] },
  /'tools\[0\].strict'/,
);
refuses(
  "a strict schema that is open",
  { tools: [strictTool({ type: "object", properties: { a: { type: "string" } }, required: ["a"] })] },
  /'additionalProperties' is required/,
);
refuses(
  "a strict schema with an optional property",
  { tools: [strictTool({ type: "object", properties: { a: {} }, required: [], additionalProperties: false })] },
  /Missing 'a'/,
);
refuses(
  "a strict schema that requires what is not there, deep inside",
  {
    tools: [
      strictTool({
        type: "object",
        properties: { a: { type: "array", items: { properties: {}, required: ["b"], additionalProperties: false } } },
        required: ["a"],
        additionalProperties: false,
      }),
    ],
  },
  /'a', 'items'.*Extra required key 'b'/,
);
refuses("an unknown role", { input: [{ role: "tool", content: "x" }] }, /^Invalid value: 'tool'/);
refuses("an unknown item", { input: [{ type: "tool_result" }] }, /^Invalid value: 'tool_result'/);
refuses(
  "an assistant's words from a user",
  { input: [{ role: "user", content: [{ type: "output_text", text: "x" }] }] },
  /input\[0\].content\[0\]/,
);
refuses(
  "a user's words from the assistant",
  { input: [{ type: "message", role: "assistant", content: [{ type: "input_text", text: "x" }] }] },
  /input\[0\].content\[0\]/,
);
refuses(
  "reasoning settings for a model without",
  { model: "gpt-4.1", reasoning: { effort: "low" } },
  /^Unsupported parameter: 'reasoning/,
);
refuses(
  "a custom tool for a model without",
  { model: "gpt-4.1", tools: [{ type: "custom", name: "p" }] },
  /^Unsupported parameter: 'tools'/,
);
refuses("encrypted reasoning of a model without", { model: "test-model" }, /^Encrypted content is not supported/);
const update = (effort: string) => ({ type: "configuration_update", reasoning: { effort } });
const lateTools = (...names: string[]) => ({
  type: "additional_tools",
  role: "developer",
  tools: names.map((name) => ({ type: "function", name, strict: false, parameters: { type: "object" } })),
});
takes("a new effort in mid-thread", { input: [hello, update("high"), hello, update("low")] });
refuses("two side by side", { input: [hello, update("high"), update("low")] }, /may not be adjacent/);
refuses("an effort that is none", { input: [hello, update("hard")] }, /^Invalid value: 'hard'/);
refuses("a change of nothing", { input: [hello, { type: "configuration_update" }] }, /must change something/);
refuses("a new effort of an older model", { model: "gpt-5.4", input: [hello, update("low")] }, /is not supported with/);
takes("later tools", { input: [hello, lateTools("f", "g"), hello, lateTools("h")] });
refuses("a later tool that is there already", { input: [lateTools("f"), lateTools("f")] }, /names must be unique: 'f'/);
refuses("no later tools", { input: [lateTools()] }, /empty array/);
refuses("later tools of an older model", { model: "gpt-5.4", input: [lateTools("f")] }, /is not supported with/);
refuses(
  "later tools of another role",
  { input: [{ ...lateTools("f"), role: "user" }] },
  /^Invalid value: 'user'. Supported values are: 'developer'/,
);
refuses("a request without a cache key", { prompt_cache_key: undefined }, /parameter: 'prompt_cache_key'/);

takes("calls with their outputs", { input: [hello, fcall("a"), ccall("b"), output("a"), coutput("b"), hello] });
takes("reasoning with its encrypted content before an answer", {
  input: [hello, thought("rs_1"), thought("rs_2"), answer, hello],
});
takes("reasoning without ids", { input: [thought("rs_1", { id: undefined }), fcall("a"), output("a")] });
takes("an assistant's words as text", { input: [hello, { type: "message", role: "assistant", content: "Hi" }, hello] });
takes("pictures in an output", {
  input: [fcall("a"), { ...output("a"), output: [{ type: "input_image", image_url: "data:image/png;base64,AA==" }] }],
});
takes("tools of every kind", {
  tools: [
    { ...strictTool({ type: "object", properties: { a: {} } }), strict: false },
    { type: "custom", name: "p", format: { type: "grammar", syntax: "lark", definition: "start: /a/" } },
    { type: "web_search" },
  ],
});

test("asks for the key, and says which was wrong", () =>
  serving({}, async (server) => {
    const none = await post(server, body(), { authorization: "" });
    const wrong = await post(server, body(), { authorization: "Bearer sk-other" });
    assert.equal(none.status, 401);
    assert.match(await wrong.text(), /Incorrect API key provided: sk-other/);
  }));

test("lists its models and knows no other", () =>
  serving({ models: ["a", "b"] }, async (server) => {
    const headers = { authorization: `Bearer ${server.apiKey}` };
    const list = await (await fetch(`${server.baseUrl}/models`, { headers })).json();
    assert.deepEqual(
      (list as { data: { id: string }[] }).data.map(({ id }) => id),
      ["a", "b"],
    );
    const response = await post(server, body({ model: "c" }));
    assert.equal(response.status, 404);
    assert.match(await response.text(), /model_not_found/);
  }));

test("refuses another content type", () =>
  serving({}, async (server) => {
    server.expectRefusal();
    assert.match(
      await (await post(server, body(), { "content-type": "text/plain" })).text(),
      /unsupported_content_type/,
    );
  }));

test("streams the events of an answer in the order of the real server", () =>
  serving(
    { script: [[reasoning("Look first."), message("Reading."), call("f", { a: 1 }), customCall("p", "x")]] },
    async (server) => {
      const streamed = await events(await post(server, body({ reasoning: { summary: "auto" } })));
      assert.deepEqual(
        streamed.map(({ type }) => type.replace("response.", "")),
        [
          "created",
          "in_progress",
          "output_item.added",
          "reasoning_summary_part.added",
          ...Array(2).fill("reasoning_summary_text.delta"),
          "reasoning_summary_text.done",
          "reasoning_summary_part.done",
          "output_item.done",
          "output_item.added",
          "content_part.added",
          "output_text.delta",
          "output_text.done",
          "content_part.done",
          "output_item.done",
          "output_item.added",
          "function_call_arguments.delta",
          "function_call_arguments.done",
          "output_item.done",
          "output_item.added",
          "custom_tool_call_input.delta",
          "custom_tool_call_input.done",
          "output_item.done",
          "completed",
        ],
      );
      assert.deepEqual(
        streamed.map(({ sequence_number }) => sequence_number),
        streamed.map((_, index) => index),
      );
    },
  ));

test("refuses an answer's call without the reasoning that led to it", () =>
  serving({ script: [[reasoning("Look."), call("f", {})], message("Done")] }, async (server) => {
    const asked = { reasoning: { effort: "low" } };
    const first = await events(await post(server, body(asked)));
    const done = first.flatMap((event) => (event.type === "response.output_item.done" ? [event.item] : []));
    server.expectRefusal();
    const refused = await post(server, body({ ...asked, input: [hello, done[1], output("call_0001_1")] }));
    assert.match(await refused.text(), /without its required 'reasoning' item: 'rs_0001_0'/);
    const taken = await post(server, body({ ...asked, input: [hello, ...done, output("call_0001_1")] }));
    assert.equal(taken.status, 200);
  }));

test("counts as cached what really continues the request before", () =>
  serving({ script: [message("a"), message("b")] }, async (server) => {
    const long: ResponseInputItem = { role: "user", content: "x".repeat(8000) };
    await events(await post(server, body({ input: [long] })));
    const last = (await events(await post(server, body({ input: [long, hello] })))).at(-1)!;
    assert.ok(last.type === "response.completed");
    assert.equal(last.response.usage?.input_tokens_details.cached_tokens, 1920);
  }));

test("fails a test whose request does not continue the one before", async () => {
  const server = await startModelServer({ script: [message("a")] });
  await post(server, body());
  const response = await post(server, body({ input: [{ role: "user", content: "Changed" }] }));
  assert.equal(response.status, 400);
  assert.throws(() => server.assertClean(), /does not continue the one before it: they differ at byte \d+/);
  await assert.rejects(server.close());
});

test("takes a declared cut, once, and other keys apart", () =>
  serving({ script: [message("a"), message("b"), message("c")] }, async (server) => {
    const cut = { input: [{ role: "user", content: "Changed" }] };
    await post(server, body());
    assert.equal((await post(server, body({ ...cut, prompt_cache_key: "thread-2" }))).status, 200);
    server.expectCut("thread-1");
    assert.equal((await post(server, body(cut))).status, 200);
  }));

test("fails a test that declares a cut which does not happen", async () => {
  const server = await startModelServer();
  server.expectCut();
  await assert.rejects(server.close(), /A cut was expected/);
});

test("fails a test with a refusal that was not expected", async () => {
  const server = await startModelServer();
  await post(server, body({ max_tokens: 10 }));
  await assert.rejects(server.close(), /Unknown parameter: 'max_tokens'/);
});

test("fails a test with a request that the script does not answer", async () => {
  const server = await startModelServer({ script: [] });
  await post(server, body());
  await assert.rejects(server.close(), /no reply to request 0/);
});

test("closes no connection that waits for a next request, which would fail when it comes just then", () =>
  serving({}, async (server) => {
    const response = await fetch(`${server.baseUrl}/models`, { headers: { authorization: `Bearer ${server.apiKey}` } });
    await response.arrayBuffer();
    assert.deepEqual([response.headers.get("connection"), response.headers.get("keep-alive")], ["keep-alive", null]);
  }));
