import assert from "node:assert/strict";
import { test } from "node:test";
import { message } from "../../src/core/model/demo/output.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { play } from "../support/play.ts";

test("the list says what else has a thread open, and nothing of one that waits for a thread that is open here", async () => {
  const host = createMemoryHost();
  const first = await play({ host, script: () => [message("Here I am.")] });
  const { thread: left } = await first.start();
  await first.say(left.id, "One.");
  await first.close();
  const locked = new Map([[`${left.id}.jsonl`, "a window of Code"]]);
  const storage = { ...host.storage, lockedElsewhere: async () => locked };
  const second = await play({ host: { ...host, storage }, script: () => [message("And here.")] });
  const { thread: own } = await second.start();
  await second.say(own.id, "Two.");
  locked.set(`${own.id}.jsonl`, "");
  const { data } = await second.client.request("thread/list", {});
  assert.deepEqual(
    data.map(({ id, elsewhere }) => [id, elsewhere]),
    [
      [own.id, undefined],
      [left.id, "a window of Code"],
    ],
  );
  await second.close();
});
