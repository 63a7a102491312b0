import assert from "node:assert/strict";
import { test } from "node:test";
import { message } from "../../src/core/model/demo/output.ts";
import { quickClock } from "../support/fakeClock.ts";
import { inputOf, textOf } from "../support/modelInput.ts";
import { startModelServer } from "../support/modelServer.ts";
import { asksForCompaction } from "../support/modelServerRules.ts";
import { play } from "../support/play.ts";

const WORDS = "All work and no play makes it long. ".repeat(20);

test("a thread of 500 long turns stays within its window and begins with its first instruction", async () => {
  const contextWindow = 32_000;
  let compactions = 0;
  const server = await startModelServer({
    contextWindow,
    script(request) {
      if (!asksForCompaction(request)) return message(WORDS);
      compactions++;
      server.expectCut();
      return message("Verses were written.");
    },
  });
  const played = await play({
    settings: { model: "test-model", contextWindow },
    server,
    script: [],
    clock: quickClock(),
  });
  const { thread } = await played.start();
  for (let turn = 0; turn < 500; turn++) {
    const text = turn === 0 ? "Always answer in rhyme." : `Turn ${turn}. ${WORDS}`;
    assert.equal((await played.say(thread.id, text)).status, "completed", `turn ${turn}`);
  }
  for (const request of server.requests) {
    const first = inputOf(request).find((item) => item.role === "user" && !textOf(item)?.startsWith("<"));
    assert.equal(first && textOf(first), "Always answer in rhyme.");
  }
  assert.ok(compactions > 10, `${compactions} compactions`);
  await played.close();
  await server.close();
});
