import assert from "node:assert/strict";
import { test } from "node:test";
import { call, customCall, message } from "../../src/core/model/demo/output.ts";
import { assertGolden } from "../support/golden.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { type Play, play } from "../support/play.ts";
import { normalize } from "../support/transcript.ts";

const patch = customCall(
  "apply_patch",
  "*** Begin Patch\n*** Update File: a\n@@\n-1\n+one\n 2\n 3\n@@\n 4\n-5\n+five\n*** Add File: new\n+new\n*** End Patch",
);

async function played(): Promise<Play & { readonly threadId: string }> {
  const host = createMemoryHost({ files: { "/workspace/a": "1\n2\n3\n4\n5\n" } });
  const one = await play({ host, settings: { editReview: "after" }, script: [[patch], message("Done.")] });
  const { thread } = await one.start();
  await one.say(thread.id, "Change it.");
  return { ...one, threadId: thread.id };
}

test("changes are listed, read, kept and undone over the wire", async () => {
  const one = await played();
  const { client, threadId, transcript } = one;
  const from = transcript.length;
  const { data } = await client.request("change/list", { threadId });
  const [first] = data[0]?.hunks ?? [];
  await client.request("change/read", { path: "/workspace/a" });
  await client.request("change/accept", { path: "/workspace/a", hunkIds: [first?.id ?? ""] });
  await client.request("change/reject", { threadId });
  await client.request("change/reject", { path: "/workspace/a", hunkIds: [first?.id ?? ""] });
  await client.request("change/list", {});
  assertGolden("review/changes.txt", normalize(transcript.slice(from), {}));
  await one.close();
});

test("a client that joins is told what is under review in its thread", async () => {
  const one = await played();
  const { client, threadId, told } = one;
  await client.request("thread/unsubscribe", { threadId });
  const from = one.transcript.length;
  const again = told("change/updated", () => one.transcript.length > from);
  await client.request("thread/resume", { threadId });
  assert.equal((await again).path, "/workspace/a");
  await one.close();
});

test("an edit that was allowed one by one is accepted, and not under review", async () => {
  const host = createMemoryHost({ files: { "/workspace/a": "1\n2\n3\n4\n5\n" } });
  const one = await play({ host, script: [[patch], message("Done.")] });
  const { thread } = await one.start();
  await one.say(thread.id, "Change it.");
  assert.deepEqual((await one.client.request("change/list", {})).data, []);
  assert.equal(host.files.snapshot()["/workspace/new"], "new\n");
  await one.close();
});

test("a thread that is deleted leaves its files as they are, and nothing to review", async () => {
  const one = await played();
  const { client, threadId, host } = one;
  await client.request("thread/delete", { threadId });
  assert.deepEqual((await client.request("change/list", {})).data, []);
  assert.equal(
    new TextDecoder().decode((await host.files.read("/workspace/a", AbortSignal.timeout(1000))).bytes),
    "one\n2\n3\n4\nfive\n",
  );
  await one.close();
});

test("what is left to review is there for the next agent on this disk", async () => {
  const one = await played();
  await one.close();
  const next = await play({ host: one.host, script: [[call("list_files", {})], message("Done.")] });
  const { data } = await next.client.request("change/list", {});
  assert.deepEqual(
    data.map(({ path, hunks }) => [path, hunks.length]),
    [
      ["/workspace/a", 2],
      ["/workspace/new", 1],
    ],
  );
  await next.close();
});
