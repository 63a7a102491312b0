import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { call, customCall, message, plan, reasoning } from "../../src/core/model/demo/output.ts";
import type { ServerNotification } from "../../src/protocol/methods.ts";
import { applyNotification, type ThreadView, viewOf } from "../../src/protocol/threadView.ts";
import { connectClient } from "../../src/rpc/client.ts";
import { memoryTransports } from "../../src/rpc/memory.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { prints } from "../support/memoryProcesses.ts";
import { type Play, play } from "../support/play.ts";
import { createRandom } from "../support/random.ts";

const patch = "*** Begin Patch\n*** Update File: a.txt\n@@\n-one\n+1\n*** End Patch\n";
const words = "Many words in a long answer that comes piece by piece, so that there is much to miss. ".repeat(6);

/** A surface: what it shows is what it read, and what it was told since. */
function surface({ app }: Play) {
  const [near, far] = memoryTransports();
  app.connect(far);
  let view: ThreadView | undefined;
  const told: ServerNotification[] = [];
  const client = connectClient(near, {
    onNotification(notification) {
      told.push(notification);
      if (view) applyNotification(view, notification);
    },
    onServerRequest: () => new Promise(() => {}),
  });
  const join = async (method: "thread/resume" | "thread/read", threadId: string) => {
    const { thread } = await client.request(method, { threadId, includeTurns: true } as { threadId: string });
    view = viewOf(thread);
  };
  return {
    client,
    join,
    close: () => client.close(),
    shown: () => view && { turns: view.turns, status: view.thread.status, preview: view.thread.preview },
  };
}

/** Surfaces join a running turn at random moments, some of them several times; all of them end up with what is true. */
async function check(seed: number) {
  const random = createRandom(seed);
  const host = createMemoryHost({
    files: { "/workspace/a.txt": "one\n" },
    commands: [
      prints(
        "npm test",
        Array.from({ length: 30 }, (_, line) => `line ${line}\n`),
      ),
    ],
  });
  const played = await play({
    host,
    settings: { sandboxMode: "danger-full-access" },
    script: [
      [
        reasoning(words, words),
        message(words),
        plan(["Look", "in_progress"]),
        call("exec_command", { cmd: "npm test" }),
      ],
      [reasoning("Hm."), customCall("apply_patch", patch), plan(["Look", "completed"])],
      [message(words)],
    ],
  });
  const { thread } = await played.start();
  let running = true;
  const said = played.say(thread.id, "Do it.").finally(() => {
    running = false;
  });
  const surfaces: ReturnType<typeof surface>[] = [];
  while (running && surfaces.length < 40) {
    for (let wait = Math.floor(random() * 4); wait > 0; wait--) await (random() < 0.5 ? setImmediate() : undefined);
    const again = random() < 0.4 ? surfaces[Math.floor(random() * surfaces.length)] : undefined;
    if (again) {
      await again.join(random() < 0.5 ? "thread/resume" : "thread/read", thread.id);
    } else {
      const joined = surface(played);
      await joined.client.request("initialize", { clientInfo: { name: "joined", version: "1" } });
      await joined.join("thread/resume", thread.id);
      surfaces.push(joined);
    }
  }
  await said;
  await setImmediate();
  const { thread: truth } = await played.client.request("thread/read", { threadId: thread.id, includeTurns: true });
  const expected = { turns: truth.turns, status: truth.status, preview: truth.preview };
  for (const one of surfaces) assert.deepEqual(ended(one.shown()), ended(expected), `seed ${seed}`);
  await played.close();
  return surfaces.length;
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
