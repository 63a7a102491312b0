import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { withFolder } from "../host/nodeFixture.ts";
import { type ModelServer, startModelServer } from "../support/modelServer.ts";
import { addOutcome, resume, threeTools } from "./afterKill.ts";
import type { KilledTurn } from "./programs/killedTurns.ts";

/** The turns as they were when their process was killed. */
async function killedTurns(server: ModelServer, folder: string): Promise<KilledTurn[]> {
  const program = join(import.meta.dirname, "programs/killedTurns.ts");
  const report = join(folder, "turns.jsonl");
  const args = [program, server.baseUrl, folder, report];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  assert.deepEqual(await once(child, "exit"), [null, "SIGKILL"]);
  const lines = (await readFile(report, "utf8")).trimEnd().split("\n");
  return lines.map((line): KilledTurn => JSON.parse(line));
}

test("killed at any write", async (t: TestContext) => {
  const server = await startModelServer({ script: threeTools });
  await withFolder(async (folder) => {
    const turns = await killedTurns(server, folder);
    const resuming = turns.map((turn) => {
      const storageRoot = join(turn.folder, "../store");
      return resume({ ...turn, storageRoot, where: JSON.stringify(turn.stop) }, server);
    });
    const sum = (await Promise.all(resuming)).reduce(addOutcome);
    const writes = turns[0]!.writes.length;
    assert.ok(writes > 10 && turns.length === 3 * writes + 1);
    assert.ok(sum.cutOff > 0, "No call was left without its output.");
    t.diagnostic(
      `killed before, in and after each of ${writes} writes: ${turns.length} threads resumed, ${sum.present} of ${sum.present} told items present, ` +
        `${sum.cutOff} dangling calls told to be cut off, 0 run twice, 0 files half written, ${sum.leftBeside} temporary files left`,
    );
  });
  await server.close();
});
