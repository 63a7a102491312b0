import assert from "node:assert/strict";
import { test } from "node:test";
import { call, customCall, message } from "../../../src/core/model/demo/output.ts";
import { createMemoryHost, type MemoryHost } from "../../support/memoryHost.ts";
import type { MemoryProcess } from "../../support/memoryProcesses.ts";
import { type Play, play } from "../../support/play.ts";

interface Case {
  readonly files: Readonly<Record<string, string>>;
  /** What the command does. */
  run(process: MemoryProcess, host: MemoryHost): void;
  /** Calls of the model's first answer besides. */
  readonly patch?: string;
  /** After the turn. */
  readonly afterwards?: (one: Play, host: MemoryHost) => Promise<void>;
}

/** Files under review after a turn with a command, as `kind name +added -removed by`: `command`, `patch` or `turn`. */
async function check({ files, run, patch, afterwards }: Case, expected: readonly string[]): Promise<void> {
  const host: MemoryHost = createMemoryHost({
    files,
    commands: [{ match: "work", run: (process) => run(process, host) }],
  });
  const command = call("exec_command", { cmd: "work" });
  const second = patch === undefined ? [] : [[customCall("apply_patch", `*** Begin Patch\n${patch}\n*** End Patch`)]];
  const settings = { editReview: "after" } as const;
  const one = await play({ host, settings, script: [[command], ...second, message("Done.")] });
  const { thread } = await one.start();
  const turn = await one.say(thread.id, "Work.");
  assert.equal(turn.status, "completed");
  for (const line of expected) {
    const path = `/workspace/${line.split(" ")[1]}`;
    await one.told("change/updated", (params) => params.path === path);
  }
  const { thread: now } = await one.client.request("thread/read", { threadId: thread.id, includeTurns: true });
  const types = new Map(now.turns[0]?.items.map(({ id, type }) => [id, type]));
  const { data } = await one.client.request("change/list", {});
  const shown = data.map(({ kind, path, added, removed, authors }) => {
    const by = authors.map(({ itemId }) => (itemId === null ? "turn" : types.get(itemId)));
    return `${kind} ${path.slice("/workspace/".length)} +${added} -${removed} ${by.join(",")}`;
  });
  assert.deepEqual(shown, expected);
  await afterwards?.(one, host);
  await one.close();
}

const put = ({ files }: MemoryProcess, path: string, content: string | undefined) => {
  files.put(path, content);
  files.hint({ kind: "changed", path, by: "disk" });
};

test("what a command changes, makes and deletes is under review, as its edit", () =>
  check(
    {
      files: { "/workspace/a": "1\n2\n", "/workspace/b": "b\n" },
      run(process) {
        put(process, "/workspace/a", "1\ntwo\n");
        put(process, "/workspace/b", undefined);
        put(process, "/workspace/new", "new\n");
      },
      async afterwards({ client }, host) {
        assert.deepEqual(await client.request("change/reject", {}), { skipped: [] });
        assert.deepEqual(host.files.snapshot(), { "/workspace/a": "1\n2\n", "/workspace/b": "b\n" });
      },
    },
    ["update a +1 -1 commandExecution", "delete b +0 -1 commandExecution", "add new +1 -0 commandExecution"],
  ));

test("what nobody told of is found at the turn's end, as the turn's", () =>
  check(
    {
      files: { "/workspace/a": "1\n" },
      run({ files }) {
        files.put("/workspace/a", "one\n");
        files.put("/workspace/new", "new\n");
      },
    },
    ["update a +1 -1 turn", "add new +1 -0 turn"],
  ));

test("a command's edit of a file that the agent edits afterwards is not lost", () =>
  check(
    {
      files: { "/workspace/a": "1\n2\n3\n4\n" },
      run: ({ files }) => files.put("/workspace/a", "one\n2\n3\n4\n"),
      patch: "*** Update File: a\n@@\n 3\n-4\n+four",
    },
    ["update a +2 -2 turn,fileChange"],
  ));

test("what the user saves while a command runs is the user's", () =>
  check(
    {
      files: { "/workspace/a": "1\n2\n3\n", "/workspace/b": "b\n" },
      run(process, host) {
        host.files.put("/workspace/a", "1\n2\nmine\n");
        host.files.hint({ kind: "changed", path: "/workspace/a", by: "editor" });
        put(process, "/workspace/b", "B\n");
      },
    },
    ["update b +1 -1 commandExecution"],
  ));

test("ignored files are not under review", () =>
  check(
    {
      files: { "/workspace/.gitignore": "dist\n", "/workspace/.git/HEAD": "", "/workspace/a": "a\n" },
      run(process) {
        put(process, "/workspace/dist/out", "built\n");
        put(process, "/workspace/a", "A\n");
      },
    },
    ["update a +1 -1 commandExecution"],
  ));
