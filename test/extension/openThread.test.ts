import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as settled } from "node:timers/promises";
import { OpenThread } from "../../src/extension/openThread.ts";
import { createMemoryStorage } from "../support/memoryStorage.ts";

const workspace = "file:///home/ada";

/** Which thread a later window knows after these requests, each as "method threadId". */
async function check(requests: readonly string[], expected: string | undefined): Promise<void> {
  const storage = createMemoryStorage(new Map(), () => {});
  const open = new OpenThread({ storage, workspace, onFault: assert.ifError });
  await open.load();
  for (const [method, threadId] of requests.map((request) => request.split(" "))) {
    open.observe({ id: 1, method, params: threadId === undefined ? undefined : { threadId } });
  }
  await settled();
  const [later, elsewhere] = [workspace, "file:///other"].map(
    (name) => new OpenThread({ storage, workspace: name, onFault: assert.ifError }),
  );
  await later?.load();
  await elsewhere?.load();
  assert.deepEqual([open.id, later?.id, elsewhere?.id], [expected, expected, undefined]);
}

test("none at first", () => check([], undefined));
test("the one that was opened", () => check(["thread/resume a"], "a"));
test("one that was started, with its first message", () => check(["thread/start", "turn/start a"], "a"));
test("the last one", () => check(["thread/resume a", "thread/resume b"], "b"));
test("leaving another changes nothing", () =>
  check(["thread/resume a", "thread/resume b", "thread/unsubscribe a"], "b"));
test("none after it was left", () => check(["thread/resume a", "thread/unsubscribe a"], undefined));
test("none after it was deleted", () => check(["turn/start a", "thread/delete a"], undefined));
test("reading one does not open it", () => check(["thread/read a"], undefined));

test("what cannot be read counts as nothing", async () => {
  const faults: unknown[] = [];
  const storage = createMemoryStorage(new Map(), () => {});
  const open = new OpenThread({ storage, workspace, onFault: (fault) => faults.push(fault) });
  open.observe({ method: "thread/resume", params: { threadId: "a" } });
  await settled();
  for (const name of storage.entries.keys()) storage.entries.set(name, "{");
  const later = new OpenThread({ storage, workspace, onFault: (fault) => faults.push(fault) });
  await later.load();
  assert.deepEqual([later.id, faults.length], [undefined, 1]);
});
