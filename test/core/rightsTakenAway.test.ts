import assert from "node:assert/strict";
import { test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import type { Host } from "../../src/host/host.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { type Play, play } from "../support/play.ts";

test("a command that waits for the checkpoint is asked about when full access was taken away meanwhile", async () => {
  const ran: string[] = [];
  const memory = createMemoryHost({ commands: [{ match: () => true, run: async () => void ran.push("ran") }] });
  let played: Play;
  let threadId = "";
  // The rules are the last thing that is read before a call is judged.
  const judging = Promise.withResolvers<void>();
  const host: Host = {
    ...memory,
    storage: {
      ...memory.storage,
      read(name) {
        if (name === "rules.json") judging.resolve();
        return memory.storage.read(name);
      },
    },
    snapshots: {
      ...memory.snapshots,
      async take(roots, signal) {
        await judging.promise;
        for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
        const sandboxPolicy = { type: "workspaceWrite" } as const;
        await played.client.request("thread/settings/update", { threadId, approvalPolicy: "untrusted", sandboxPolicy });
        return memory.snapshots.take(roots, signal);
      },
    },
  };
  const asked: string[] = [];
  played = await play({
    host,
    settings: { approvalPolicy: "never", sandboxMode: "danger-full-access" },
    script: [[call("exec_command", { cmd: "rm -rf build" })], message("Done.")],
    answer({ method }) {
      asked.push(method);
      return { decision: "decline" };
    },
  });
  threadId = (await played.start()).thread.id;
  await played.say(threadId, "Do it.");
  await played.close();
  assert.deepEqual(asked, ["item/commandExecution/requestApproval"]);
  assert.deepEqual(ran, []);
});
