import assert from "node:assert/strict";
import { test } from "node:test";
import { call, customCall, message, plan, reasoning } from "../../src/core/model/demo/output.ts";
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
