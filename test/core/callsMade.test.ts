import assert from "node:assert/strict";
import { test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { prints } from "../support/memoryProcesses.ts";
import { outputsOf } from "../support/modelInput.ts";
import { play } from "../support/play.ts";

/** Two commands in a row, each under its id; what runs, and how many outputs the model reads in the end. */
async function check(calls: readonly [cmd: string, callId: string][], ran: readonly string[]) {
  const host = createMemoryHost({ commands: [prints((command) => command.argv.length > 0, "ran\n")] });
  const script = [...calls.map(([cmd, callId]) => call("exec_command", { cmd }, callId)), message("Done.")];
  const played = await play({ host, script });
  const { thread } = await played.start();
  assert.equal((await played.say(thread.id, "Do it.")).status, "completed");
  assert.deepEqual(
    host.processes.started.map(({ argv }) => argv.at(-1)),
    ran,
  );
  assert.equal(outputsOf(played.server.requests.at(-1)!).length, ran.length);
  await played.close();
}

test("two calls", () =>
  check(
    [
      ["one", "a"],
      ["two", "b"],
    ],
    ["one", "two"],
  ));
test("other calls under the id of an earlier one run, under ids of their own", () =>
  check(
    [
      ["one", "call_0"],
      ["two", "call_0"],
      ["three", "call_0"],
    ],
    ["one", "two", "three"],
  ));
