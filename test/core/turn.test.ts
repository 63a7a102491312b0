import assert from "node:assert/strict";
import { test } from "node:test";
import { call, customCall, message, plan, reasoning } from "../../src/core/model/demo/output.ts";
import type { ThreadItem } from "../../src/protocol/items.ts";
import { assertGolden } from "../support/golden.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { prints } from "../support/memoryProcesses.ts";
import { type PlayOptions, play } from "../support/play.ts";
import { normalize } from "../support/transcript.ts";

/** Says one thing to a scripted model and compares the whole conversation on the wire with the golden text of this name. */
async function check(name: string, options: PlayOptions) {
  const played = await play(options);
  const { thread } = await played.start();
  await played.say(thread.id, "Do it.");
  await played.close();
  assertGolden(`turn/${name}.txt`, normalize(played.transcript));
}

const patch = "*** Begin Patch\n*** Update File: a.txt\n@@\n-one\n+1\n two\n*** End Patch\n";
const workspace = () =>
  createMemoryHost({
    files: { "/workspace/a.txt": "one\ntwo\n" },
    commands: [prints("npm test", "1 passed\n")],
  });

test("an answer in words", () => check("answer", { script: [[reasoning("Easy."), message("Done.")]] }));

test("a plan, a command and a patch, each allowed", async () => {
  const host = workspace();
  await check("work", {
    host,
    script: [
      [
        reasoning("Look first."),
        plan(["Look", "in_progress"], ["Change", "pending"]),
        call("read_file", { path: "a.txt" }),
      ],
      [call("exec_command", { cmd: "npm test", justification: "Shows what fails." })],
      [customCall("apply_patch", patch)],
      [message("Done.")],
    ],
  });
  const { bytes } = await host.files.read("/workspace/a.txt", new AbortController().signal);
  assert.equal(new TextDecoder().decode(bytes), "1\ntwo\n");
});

test("reads of one answer end in the order of their calls, also when a later one is faster", async () => {
  const host = workspace();
  const { files } = host;
  const slowly: typeof files.read = async (path, signal) => {
    if (path.endsWith("a.txt")) for (let turns = 0; turns < 50; turns++) await new Promise(setImmediate);
    return files.read(path, signal);
  };
  const played = await play({
    host: { ...host, files: { ...files, read: slowly } },
    script: [[call("read_file", { path: "a.txt" }), call("read_file", { path: "missing.txt" })], [message("Done.")]],
  });
  const { thread } = await played.start();
  await played.say(thread.id, "Do it.");
  await played.close();
  const ended = played.transcript.flatMap(({ message: { method, params } }) => {
    const item = method === "item/completed" ? (params as { item: ThreadItem }).item : undefined;
    return item?.type === "dynamicToolCall" ? [item.title] : [];
  });
  assert.deepEqual(ended, ["Read a.txt", "Read missing.txt"]);
});
