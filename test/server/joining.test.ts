import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { call, customCall, message, type Output, plan, reasoning } from "../../src/core/model/demo/output.ts";
import { applyNotification } from "../../src/protocol/applyNotification.ts";
import type { ThreadItem } from "../../src/protocol/items.ts";
import type { NotificationParams } from "../../src/protocol/methods.ts";
import { type ThreadView, viewOf } from "../../src/protocol/threadView.ts";
import { connectClient } from "../../src/rpc/client.ts";
import { memoryTransports } from "../../src/rpc/memory.ts";
import { quickClock } from "../support/fakeClock.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import type { MemoryCommand } from "../support/memoryProcesses.ts";
import { encoded } from "../support/modelServerReply.ts";
import { type Play, play } from "../support/play.ts";
import { createRandom } from "../support/random.ts";

const patch = "*** Begin Patch\n*** Update File: a.txt\n@@\n-one\n+1\n*** End Patch\n";
const words = "Many words in a long answer that comes piece by piece, so that there is much to miss. ".repeat(6);

/** A surface: what it shows is what it read, and what it was told since. */
function surface({ app }: Play, onTold: () => void) {
  const [near, far] = memoryTransports();
  app.connect(far);
  let view: ThreadView | undefined;
  const client = connectClient(near, {
    onNotification(notification) {
      if (view && notification.method === "item/completed") compare(view, notification.params);
      if (view) applyNotification(view, notification);
      onTold();
    },
    onServerRequest: () => new Promise(() => {}),
  });
  const initialized = client.request("initialize", { clientInfo: { name: "joined", version: "1" } });
  return {
    async join(method: "thread/resume" | "thread/read", threadId: string) {
      await initialized;
      const { thread } = await client.request(method, { threadId, includeTurns: true } as { threadId: string });
      view = viewOf(thread);
    },
    shown: () => view && { turns: view.turns, status: view.thread.status, preview: view.thread.preview },
  };
}

/** What its deltas made of an item is what its end says it is. */
function compare(view: ThreadView, { turnId, item }: NotificationParams<"item/completed">): void {
  const grown = view.turns.find(({ id }) => id === turnId)?.items.find(({ id }) => id === item.id);
  assert.deepEqual(grown && textOf(grown), textOf(item));
}

function textOf(item: ThreadItem): unknown {
  if (item.type === "agentMessage") return item.text;
  return item.type === "reasoning" ? item.summary : item.type === "commandExecution" && item.aggregatedOutput;
}

/** Prints line by line, with all that is on its way taking a step between any two lines. */
const tests: MemoryCommand = {
  match: "npm test",
  async run({ print }) {
    for (let line = 0; line < 100; line++) {
      print(`line ${line}\n`);
      await undefined;
    }
  },
};

const inOnePiece = (...outputs: readonly Output[]) => encoded((text) => text, 1_000_000, ...outputs);

/** Surfaces join a running turn at random moments, some of them several times; all of them end up with what is true. */
async function check(seed: number) {
  const random = createRandom(seed);
  const played = await play({
    host: createMemoryHost({ files: { "/workspace/a.txt": "one\n" }, commands: [tests] }),
    clock: quickClock(),
    settings: { sandboxMode: "danger-full-access" },
    script: [
      inOnePiece(reasoning(words, words), message(words), call("exec_command", { cmd: "npm test" })),
      inOnePiece(reasoning("Hm."), customCall("apply_patch", patch), plan(["Look", "completed"])),
      inOnePiece(message(words)),
    ],
  });
  const { thread } = await played.start();
  const surfaces: ReturnType<typeof surface>[] = [];
  const joins: Promise<void>[] = [];
  const onTold = () => {
    if (random() > 0.02 || joins.length > 40) return;
    const again = random() < 0.5 ? surfaces[Math.floor(random() * surfaces.length)] : undefined;
    if (!again) surfaces.push(surface(played, onTold));
    const joined = again ?? surfaces.at(-1);
    if (joined) joins.push(joined.join(again && random() < 0.5 ? "thread/read" : "thread/resume", thread.id));
  };
  surfaces.push(surface(played, onTold));
  await surfaces[0]?.join("thread/resume", thread.id);
  await played.say(thread.id, "Do it.");
  await Promise.all(joins);
  await setImmediate();
  const { thread: truth } = await played.client.request("thread/read", { threadId: thread.id, includeTurns: true });
  const expected = { turns: truth.turns, status: truth.status, preview: truth.preview };
  for (const one of surfaces) assert.deepEqual(ended(one.shown()), ended(expected), `seed ${seed}`);
  await played.close();
  return joins.length;
}

/** Which part of a turn a surface has that only watched: the view of the items differs in name, not in content. */
function ended(shown: unknown): unknown {
  return JSON.parse(JSON.stringify(shown, (key, value) => (key === "itemsView" ? undefined : value)));
}

test("whoever joins, whenever, misses nothing and has nothing twice", async () => {
  let joined = 0;
  for (let seed = 1; seed <= 8; seed++) joined += await check(seed);
  assert.ok(joined > 40, `${joined}`);
});
