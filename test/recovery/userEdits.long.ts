import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { customCall, message } from "../../src/core/model/demo/output.ts";
import type { FileSystem } from "../../src/host/files.ts";
import type { Host } from "../../src/host/host.ts";
import type { ItemOf } from "../../src/protocol/items.ts";
import { withNodeHost } from "../host/nodeFixture.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { outputsOf } from "../support/modelInput.ts";
import { type PlayOptions, play } from "../support/play.ts";

const lines = ["1", "2", "3", "4", "5", "6", "7", "8"];
const textWith = (changes: Readonly<Record<number, string>>) =>
  lines.map((line, at) => `${changes[at + 1] ?? line}\n`).join("");
const proposal = customCall(
  "apply_patch",
  "*** Begin Patch\n*** Update File: a.txt\n@@\n 3\n-4\n+four\n 5\n*** Add File: b.txt\n+new\n*** End Patch",
);

interface Outcome {
  readonly status: string;
  /** In what the model gets. */
  readonly output: RegExp;
  /** In the diff that the user is shown in the end. */
  readonly diff?: RegExp;
}

/** What becomes of a proposal while the user is asked about it and does something else meanwhile. */
async function proposed(host: Host, meanwhile: () => unknown, { status, output, diff }: Outcome) {
  const answer: PlayOptions["answer"] = async () => {
    await meanwhile();
    return { decision: "accept" };
  };
  const played = await play({ host, answer, script: [proposal, message("Done.")] });
  const { thread } = await played.start();
  assert.equal((await played.say(thread.id, "Do it.")).status, "completed");
  const { thread: read } = await played.client.request("thread/read", { threadId: thread.id, includeTurns: true });
  await played.close();
  const item = read.turns[0]!.items.find((one): one is ItemOf<"fileChange"> => one.type === "fileChange")!;
  assert.equal(item.status, status);
  if (diff) assert.match(item.changes[0]!.diff, diff);
  const [said = ""] = outputsOf(played.server.requests[1]!);
  assert.match(said, output);
}

const merged: Outcome = {
  status: "completed",
  output: /^Applied\.\nM a\.txt\nA b\.txt\na\.txt was changed in other places.*Both changes are in it/,
  diff: /\n 3\n-4\n\+four\n 5\n/,
};
const refused: Outcome = { status: "failed", output: /changed since it was read.*Read it again/ };

/** The file is what both made of it, or what the user made of it and nothing else of the patch is there. */
function check(name: string, theirs: string, expected: Outcome & { readonly file: string }): void {
  test(name, async (t) => {
    const host = createMemoryHost({ files: { "/workspace/a.txt": textWith({}) } });
    await proposed(host, () => host.files.put("/workspace/a.txt", theirs), expected);
    const { "/workspace/a.txt": file, "/workspace/b.txt": added } = host.files.snapshot();
    assert.equal(file, expected.file);
    assert.equal(added, expected.status === "completed" ? "new\n" : undefined);
    const own = theirs.split("\n").filter((line) => !textWith({}).includes(line));
    const lost = own.filter((line) => !file?.includes(line)).length;
    t.diagnostic(`${own.length} lines of the user's, ${lost} lost; the edit ${expected.status}`);
    assert.equal(lost, 0);
  });
}

const both = (theirs: Readonly<Record<number, string>>) => textWith({ ...theirs, 4: "four" });
check("an edit above", textWith({ 1: "one" }), { ...merged, file: both({ 1: "one" }) });
check("an edit below", textWith({ 8: "eight" }), { ...merged, file: both({ 8: "eight" }) });
check("edits above and below", textWith({ 1: "one", 8: "eight" }), { ...merged, file: both({ 1: "one", 8: "eight" }) });
check("lines put in above", `0\n00\n${textWith({})}`, { ...merged, file: `0\n00\n${both({})}` });
check("an edit of the same line", textWith({ 4: "mine" }), { ...refused, file: textWith({ 4: "mine" }) });
check("an edit right beside it", textWith({ 5: "mine" }), { ...refused, file: textWith({ 5: "mine" }) });
check("the line is gone", textWith({}).replace("4\n", ""), { ...refused, file: textWith({}).replace("4\n", "") });
check("everything is other", "mine\n", { ...refused, file: "mine\n" });
/** Where a search for the patch's lines would find them again, they are not what was approved. */
check("the same lines are elsewhere now", `3\n4\n5\n${textWith({ 3: "x", 4: "y" })}`, {
  ...refused,
  file: `3\n4\n5\n${textWith({ 3: "x", 4: "y" })}`,
});

test("an edit that the user has not saved stays unsaved", async (t) => {
  const host = createMemoryHost({ files: { "/workspace/a.txt": textWith({}) } });
  await proposed(host, () => host.setUnsaved("/workspace/a.txt", textWith({ 8: "eight" })), {
    status: "completed",
    output: /Both changes are in it.*left unsaved/s,
  });
  const { bytes } = await host.files.read("/workspace/a.txt", new AbortController().signal);
  assert.equal(new TextDecoder().decode(bytes), both({ 8: "eight" }));
  assert.equal(host.files.snapshot()["/workspace/a.txt"], textWith({}));
  t.diagnostic("1 unsaved line of the user's, 0 lost, 0 saved");
});

test("a user who goes on writing while the edit is made", async (t) => {
  const host = createMemoryHost({ files: { "/workspace/a.txt": textWith({}) } });
  let writes = 0;
  const type = () => host.files.put("/workspace/a.txt", textWith({ 8: `eight, ${++writes}` }));
  const apply: FileSystem["apply"] = async (edits, signal) => {
    if (writes < 3) type();
    return host.files.apply(edits, signal);
  };
  await proposed({ ...host, files: { ...host.files, apply } }, type, merged);
  assert.equal(host.files.snapshot()["/workspace/a.txt"], both({ 8: "eight, 3" }));
  t.diagnostic(`${writes} edits of the user's meanwhile, the last of them kept`);
});

test("on disk", (t) =>
  withNodeHost(async (host, folder) => {
    const file = join(folder, "a.txt");
    await writeFile(file, textWith({}));
    await proposed(host, () => writeFile(file, textWith({ 8: "eight" })), merged);
    const { bytes } = await host.files.read(file, new AbortController().signal);
    assert.equal(new TextDecoder().decode(bytes), both({ 8: "eight" }));
    t.diagnostic("1 line of the user's, 0 lost");
  }));

test("a file that is gone", async (t) => {
  const host = createMemoryHost({ files: { "/workspace/a.txt": textWith({}) } });
  await proposed(host, () => host.files.put("/workspace/a.txt", undefined), { status: "failed", output: /nothing at/ });
  assert.deepEqual(host.files.snapshot(), {});
  t.diagnostic("0 files made");
});
