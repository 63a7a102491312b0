import assert from "node:assert/strict";
import { test } from "node:test";
import { message } from "../../src/core/model/demo/output.ts";
import { AgentError } from "../../src/protocol/errors.ts";
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

test("threads are listed, too, when it cannot be read who has them open", async () => {
  const host = createMemoryHost();
  const lockedElsewhere = () => Promise.reject(new AgentError("permissionDenied", "The locks cannot be read."));
  const played = await play({
    host: { ...host, storage: { ...host.storage, lockedElsewhere } },
    script: () => [message("Here I am.")],
  });
  const { thread } = await played.start();
  await played.say(thread.id, "One.");
  const { data } = await played.client.request("thread/list", {});
  assert.deepEqual(
    data.map(({ id, elsewhere }) => [id, elsewhere]),
    [[thread.id, undefined]],
  );
  await played.close();
});
