import { planPatch } from "../../../src/core/patch/plan.ts";
import { AgentError } from "../../../src/protocol/errors.ts";
import { equal, rejects } from "../../host/expect.ts";
import type { HostCheck, HostFixture } from "../../host/fixture.ts";
import type { PatchCase } from "./cases/patchCase.ts";
import { patchCases } from "./cases.ts";

/** Every patch case as a check of a host: planned on what the host reads, written by the host, compared byte for byte. */
export const patchChecks: readonly HostCheck[] = patchCases.map((patchCase) => ({
  name: patchCase.name,
  run: (fixture) => runCase(patchCase, fixture),
}));

async function runCase({ files, patch, expect }: PatchCase, fixture: HostFixture): Promise<void> {
  const resolve = (path: string) => fixture.join(...partsOf(path));
  for (const [path, bytes] of Object.entries(files)) await fixture.writeBytes(resolve(path), bytes);
  const apply = async () => {
    const planned = await planPatch(patch, { resolve, read: (path) => readIfThere(fixture, path) });
    const edits = planned.map(({ edit }) => edit);
    await fixture.host.files.apply(edits, fixture.signal);
  };
  if ("refusal" in expect) await rejects(expect.refusal, apply);
  else await apply();
  const wanted: Readonly<Record<string, Uint8Array | null>> = {
    ...files,
    ...("refusal" in expect ? {} : expect.files),
  };
  for (const [path, bytes] of Object.entries(wanted)) {
    const found = (await fixture.exists(resolve(path))) ? await fixture.readBytes(resolve(path)) : null;
    equal(found, bytes, path);
  }
}

async function readIfThere({ host, signal }: HostFixture, path: string): Promise<Uint8Array | undefined> {
  try {
    return (await host.files.read(path, signal)).bytes;
  } catch (error) {
    if (error instanceof AgentError && error.code === "notFound") return undefined;
    throw error;
  }
}

/** The parts of a relative path without "." and "..". */
function partsOf(path: string): readonly string[] {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts;
}
