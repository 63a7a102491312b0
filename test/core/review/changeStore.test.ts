import assert from "node:assert/strict";
import { test } from "node:test";
import { pathsOf } from "../../../src/core/policy/paths.ts";
import { ChangeStore } from "../../../src/core/review/changeStore.ts";
import type { ReviewedFile } from "../../../src/protocol/review.ts";
import { createFakeClock } from "../../support/fakeClock.ts";
import { createMemoryHost } from "../../support/memoryHost.ts";

const author = { threadId: "t", turnId: "1", itemId: "a" };
const bytes = (text: string) => new TextEncoder().encode(text);

function setUp(files: Record<string, string>) {
  const host = createMemoryHost({ files });
  const told: [string, ReviewedFile | null][] = [];
  const store = new ChangeStore({
    host,
    paths: pathsOf(host.platform),
    clock: createFakeClock(),
    clients: { notify: ({ method, params }) => method === "change/updated" && told.push([params.path, params.file]) },
    log: (fault) => assert.fail(String(fault)),
  });
  const agent = async (path: string, after: string | undefined, movePath?: string) => {
    const before = host.files.bytes(path);
    const edit =
      after === undefined
        ? ({ kind: "delete", path, before: before! } as const)
        : before
          ? ({ kind: "update", path, before, after: bytes(after), movePath } as const)
          : ({ kind: "add", path, after: bytes(after) } as const);
    await store.edit([edit], author, async () => ({
      changes: [{ edit }],
      result: await host.files.apply([edit], new AbortController().signal),
    }));
  };
  return { host, told, store, agent };
}

test("keep and undo, by hunk", async () => {
  const { host, store, agent, told } = setUp({ "/workspace/a": "a\nb\nc\n" });
  await agent("/workspace/a", "A\nb\nC\n");
  const { data } = await store.list({});
  assert.equal(data[0]?.hunks.length, 2);
  assert.deepEqual(await store.reject({ path: "/workspace/a", hunkIds: [data[0].hunks[0]!.id] }), { skipped: [] });
  assert.equal(host.files.snapshot()["/workspace/a"], "a\nb\nC\n");
  await store.accept({});
  assert.deepEqual((await store.list({})).data, []);
  assert.equal(told.at(-1)?.[1], null);
  assert.equal(told.length, 3);
});

test("add, delete and move undone together", async () => {
  const { host, store, agent } = setUp({ "/workspace/a": "a\nb\nc\n", "/workspace/d": "d\n" });
  await agent("/workspace/a", "A\nb\nC\n", "/workspace/b");
  await agent("/workspace/n", "new\n");
  await agent("/workspace/d", undefined);
  assert.deepEqual(
    (await store.list({})).data.map((file) => [file.path, file.kind, file.movedFrom, file.added, file.removed]),
    [
      ["/workspace/b", "update", "/workspace/a", 2, 2],
      ["/workspace/n", "add", null, 1, 0],
      ["/workspace/d", "delete", null, 0, 1],
    ],
  );
  assert.deepEqual(await store.reject({}), { skipped: [] });
  assert.deepEqual(host.files.snapshot(), { "/workspace/a": "a\nb\nc\n", "/workspace/d": "d\n" });
  assert.deepEqual((await store.list({})).data, []);
});
