import assert from "node:assert/strict";
import { test } from "node:test";
import { call, customCall, message } from "../../../src/core/model/demo/output.ts";
import type { MemoryHost } from "../../support/memoryHost.ts";
import { inputOf, textsOf } from "../../support/modelInput.ts";
import type { Script } from "../../support/modelServer.ts";
import { type CheckpointPlay, checkpointPlay, checkpointsOf, obeys } from "./checkpointPlay.ts";

const A = "/workspace/a.txt";
const B = "/workspace/b.txt";
const before = { [A]: "1\n2\n3\n4\n5\n", [B]: "b\n" };
const patchOf = (from: string, to: string, path = A) =>
  `*** Begin Patch\n*** Update File: ${path}\n@@\n-${from}\n+${to}\n*** End Patch`;
const patch = patchOf("2", "two");

/** What a turn does, one request after the other: a patch, a command in JSON, or what somebody else does meanwhile. */
type Step = string | ((host: MemoryHost) => void | Promise<void>);

interface Expected {
  readonly outcomes: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  /** By path; what overwriting conflicts makes of the files. */
  readonly overwritten?: Readonly<Record<string, string>>;
}

/** Restores to before a turn with these steps. */
async function check(steps: readonly Step[], expected: Expected): Promise<void> {
  let host: MemoryHost | undefined;
  const script: Script = async (_, request) => {
    const calls = inputOf(request).filter((one) => String((one as { type?: string }).type).endsWith("_output")).length;
    let at = 0;
    for (const [index, step] of steps.entries()) {
      if (typeof step !== "string") {
        if (at === calls && !done.has(index)) {
          done.add(index);
          await step(host!);
        }
        continue;
      }
      if (at++ === calls)
        return step.startsWith("{") ? call("exec_command", { cmd: step }) : customCall("apply_patch", step);
    }
    return message("Done.");
  };
  const done = new Set<number>();
  const stage = await checkpointPlay(before, { script });
  host = stage.host;
  const id = await stage.turn("Go.");
  await checkRestored(stage, id, expected);
  await stage.played.close();
}

test("what an editor tells of the agent's own edit is not the user's", async () => {
  const stage = await checkpointPlay(before, {
    script: [customCall("apply_patch", patch), message("Done.")],
    wrap: (memory) => ({
      ...memory,
      files: {
        ...memory.files,
        async apply(...args) {
          const result = await memory.files.apply(...args);
          memory.files.hint({ kind: "changed", path: A, by: "editor" });
          await new Promise(setImmediate);
          return result;
        },
      },
    }),
  });
  const id = await stage.turn("Go.");
  await checkRestored(stage, id, { outcomes: [`restored ${A}`], files: before });
  await stage.played.close();
});

async function checkRestored({ restore, files }: CheckpointPlay, id: string, expected: Expected) {
  const { files: restored } = await restore(id);
  assert.deepEqual(
    restored.map(({ path, outcome }) => `${outcome} ${path}`),
    expected.outcomes,
  );
  assert.deepEqual(files(), expected.files);
  if (!expected.overwritten) return;
  await restore(id, { overwrite: Object.keys(expected.overwritten) });
  assert.deepEqual(files(), { ...expected.files, ...expected.overwritten });
}

const writes = (path: string, text: string) => (host: MemoryHost) => host.files.put(path, text);
const saves = (path: string, text: string) => async (host: MemoryHost) => {
  host.files.put(path, text);
  host.files.hint({ kind: "changed", path, by: "editor" });
};

test("a file that the turn alone edited, twice", () =>
  check([patch, patchOf("two", "TWO")], { outcomes: [`restored ${A}`], files: before }));

test("what the user wrote after the turn's edit is not taken away unasked", () =>
  check([patch, writes(A, "1\ntwo\n3\n4\nmine\n")], {
    outcomes: [`conflict ${A}`],
    files: { ...before, [A]: "1\ntwo\n3\n4\nmine\n" },
    overwritten: { [A]: before[A]! },
  }));

test("nor what the user wrote before it", () =>
  check([writes(A, "1\n2\n3\n4\nmine\n"), patch], {
    outcomes: [`conflict ${A}`],
    files: { ...before, [A]: "1\ntwo\n3\n4\nmine\n" },
  }));

test("nor between two of its edits", () =>
  check([patch, writes(A, "1\ntwo\n3\n4\nmine\n"), patchOf("two", "TWO")], {
    outcomes: [`conflict ${A}`],
    files: { ...before, [A]: "1\nTWO\n3\n4\nmine\n" },
  }));

test("what the user saved before the turn, and is told of in it, is no part of it", () =>
  check([saves(A, before[A]!), patch], { outcomes: [`restored ${A}`], files: before }));

test("nor is it of one with a command", () =>
  check([saves(A, before[A]!), JSON.stringify({ [A]: "x\n" })], { outcomes: [`restored ${A}`], files: before }));

test("what the user saved elsewhere while a turn with commands ran stays", () =>
  check([JSON.stringify({ [A]: "x\n" }), saves(B, "mine\n"), patchOf("x", "y")], {
    outcomes: [`restored ${A}`],
    files: { ...before, [B]: "mine\n" },
  }));

test("a command's change of a file that the turn had edited is taken back with it", () =>
  check([patch, JSON.stringify({ [A]: "formatted\n" })], { outcomes: [`restored ${A}`], files: before }));

test("what another thread edited meanwhile stays", async () => {
  let reached = () => {};
  const waiting = new Promise<void>((resolve) => (reached = resolve));
  let goOn = () => {};
  const released = new Promise<void>((resolve) => (goOn = resolve));
  const stage = await checkpointPlay(before, {
    script: async (request, recorded) => {
      const said = textsOf(recorded, "user").at(-1) ?? "";
      const isOver = String((inputOf(recorded).at(-1) as { type?: string }).type).endsWith("_output");
      if (said.includes(A) && said.startsWith("{") && isOver) {
        reached();
        await released;
      }
      return typeof obeys === "function" ? obeys(request, recorded) : message("Done.");
    },
  });
  const { played, turn } = stage;
  const first = turn({ [A]: "one\n" });
  await waiting;
  const { thread } = await played.start();
  const other = await checkpointsOf(played, thread.id).turn(patchOf("b", "other", B));
  goOn();
  await checkRestored(stage, await first, { outcomes: [`restored ${A}`], files: { ...before, [B]: "other\n" } });
  const { files } = await checkpointsOf(played, thread.id).restore(other);
  assert.deepEqual(
    files.map(({ path, outcome }) => `${outcome} ${path}`),
    [`restored ${B}`],
  );
  assert.deepEqual(stage.files(), before);
  await played.close();
});
