import assert from "node:assert/strict";
import { test } from "node:test";
import { describeThreads, listThreads } from "../../src/cli/threads.ts";
import { message } from "../../src/core/model/demo/output.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { play } from "../support/play.ts";

async function check(cwd: string | undefined, expected: string[]) {
  const host = createMemoryHost();
  const played = await play({ host, script: [message("Done."), message("Done.")] });
  for (const text of ["First question", "Second question"]) {
    const { thread } = await played.start();
    await played.say(thread.id, text);
    if (text === "Second question") await played.client.request("thread/archive", { threadId: thread.id });
  }
  await played.close();
  const threads = await listThreads(host.storage, { version: "0", cwd });
  assert.deepEqual(
    threads.map(({ name }) => name),
    expected,
  );
}

test("the threads of the folder, without the archived ones", () => check("/workspace", ["First question"]));
test("none of another folder", () => check("/elsewhere", []));
test("or those of all folders", () => check(undefined, ["First question"]));

test("one line a thread", () =>
  assert.equal(
    describeThreads([{ id: "a", name: "Fix it", cwd: "/w", updatedAt: 1_795_000_000 }]),
    "a  2026-11-18 11:06  Fix it",
  ));
