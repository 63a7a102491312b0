import assert from "node:assert/strict";
import { test } from "node:test";
import { planPatch } from "../../../src/core/patch/plan.ts";
import type { FileEdit } from "../../../src/host/files.ts";
import { AgentError } from "../../../src/protocol/errors.ts";
import type { PatchCase } from "./cases/patchCase.ts";
import { patchCases } from "./cases.ts";

type Files = Map<string, Uint8Array>;

async function check({ files, patch, expect }: PatchCase): Promise<void> {
  const disk: Files = new Map(Object.entries(files).map(([path, bytes]) => [resolve(path), bytes.slice()]));
  const planned = planPatch(patch, { resolve, read: async (path) => disk.get(path) });
  if ("refusal" in expect) {
    await assert.rejects(planned, (error) => {
      assert.ok(error instanceof AgentError, String(error));
      assert.equal(error.code, expect.refusal, error.message);
      assert.match(error.message, /^["A-Z].*\.$/s);
      return true;
    });
  } else {
    for (const { edit } of await planned) write(disk, edit);
  }
  const wanted: Record<string, Uint8Array | null> = { ...files, ...("refusal" in expect ? {} : expect.files) };
  for (const [path, bytes] of Object.entries(wanted)) assert.deepEqual(disk.get(resolve(path)) ?? null, bytes, path);
  assert.equal(disk.size, Object.values(wanted).filter((bytes) => bytes !== null).length);
}

function resolve(path: string): string {
  return new URL(path.replaceAll(" ", "%20"), "file:///work/").pathname;
}

function write(disk: Files, edit: FileEdit): void {
  if (edit.kind === "add") assert.equal(disk.has(edit.path), false);
  else assert.deepEqual(edit.before, disk.get(edit.path));
  if (edit.kind !== "add") disk.delete(edit.path);
  if (edit.kind !== "delete") disk.set((edit.kind === "update" ? edit.movePath : undefined) ?? edit.path, edit.after);
}

test("names are unique", () => {
  assert.equal(new Set(patchCases.map(({ name }) => name)).size, patchCases.length);
});

for (const patchCase of patchCases) test(patchCase.name, () => check(patchCase));
