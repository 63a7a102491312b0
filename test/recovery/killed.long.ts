import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { call, customCall, message, reasoning } from "../../src/core/model/demo/output.ts";
import { createNodeHost } from "../../src/host/node/nodeHost.ts";
import { systemClock } from "../../src/host/node/systemClock.ts";
import type { ThreadItem } from "../../src/protocol/items.ts";
import { withFolder } from "../host/nodeFixture.ts";
import { outputsOf, textsOf } from "../support/modelInput.ts";
import { type ModelServer, type Script, startModelServer } from "../support/modelServer.ts";
import { play } from "../support/play.ts";
import type { KilledTurn } from "./programs/killedTurns.ts";

const before = "one\ntwo\n";
const after = "one\nmore\ntwo\n";
const answers = [
  [reasoning("Look first."), message("I look."), call("read_file", { path: "a.txt" })],
  call("exec_command", { cmd: "echo ran >> ran.txt; echo out" }),
  customCall("apply_patch", "*** Begin Patch\n*** Update File: a.txt\n@@\n one\n+more\n*** End Patch"),
  message("Done."),
];
const script: Script = (_, request) =>
  textsOf(request, "user").includes("Go on.") ? message("Going on.") : answers[outputsOf(request).length]!;

/** The turns as they were when their process was killed. */
async function killedTurns(server: ModelServer, folder: string): Promise<KilledTurn[]> {
  const program = join(import.meta.dirname, "programs/killedTurns.ts");
  const child = spawn(process.execPath, [program, server.baseUrl, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const lines = (await text(child.stdout)).trimEnd().split("\n");
  assert.deepEqual(await exited, [null, "SIGKILL"]);
  return lines.map((line): KilledTurn => JSON.parse(line));
}

interface Outcome {
  /** Items that the user was told of, and that are there. */
  readonly present: number;
  /** Calls that had no output, and are told to be cut off. */
  readonly cutOff: number;
  /** Files that the edit left beside its target. */
  readonly leftBeside: number;
}

/** Resumes the thread in this process and goes on with it. */
async function resume({ folder, threadId, stop, started, told }: KilledTurn, server: ModelServer): Promise<Outcome> {
  const where = JSON.stringify(stop);
  const host = createNodeHost({ storageRoot: join(folder, "../store"), workspaceRoots: [folder] });
  const played = await play({ host, server, clock: systemClock, script: [] });
  const opened = await played.client.request("thread/resume", { threadId }).catch(() => undefined);
  assert.ok(opened || !started, `${where}: the thread of an acknowledged message is gone`);
  const ran = await linesOf(join(folder, "ran.txt"));
  const file = await readFile(join(folder, "a.txt"), "utf8");
  if (opened) {
    const all = opened.thread.turns.flatMap(({ items }) => items);
    const items = new Map(all.map((item) => [item.id, item]));
    for (const [id, item] of Object.entries(told)) assert.deepEqual(items.get(id), item, where);
    for (const item of all) assert.ok(!("status" in item) || item.status !== "inProgress", where);
    const went = await played.say(threadId, "Go on.");
    assert.equal(went.status, "completed", `${where}: ${went.error?.message}`);
  }
  const { data } = await played.client.request("thread/list", {});
  assert.deepEqual(
    data.map(({ id }) => id),
    opened ? [threadId] : [],
    where,
  );
  await played.close();
  await host.dispose();
  checkEffects({ told, ran, file }, where);
  assert.equal(await linesOf(join(folder, "ran.txt")), ran, `${where}: a command ran again`);
  assert.equal(await readFile(join(folder, "a.txt"), "utf8"), file, `${where}: an edit was made again`);
  const request = server.requests.findLast(({ params }) => params?.prompt_cache_key === threadId);
  const cutOff = opened && request ? outputsOf(request).filter((output) => /^Cut off/.test(output)).length : 0;
  const leftBeside = (await readdir(folder)).filter((name) => name.startsWith(".patchwright-")).length;
  return { present: Object.keys(told).length, cutOff, leftBeside };
}

const linesOf = async (path: string) => (await readFile(path, "utf8").catch(() => "")).split("\n").length - 1;

interface Effects {
  readonly told: KilledTurn["told"];
  /** How often the command ran. */
  readonly ran: number;
  readonly file: string;
}

/** Nothing was done twice or by half, and what the user was told was done. */
function checkEffects({ told, ran, file }: Effects, where: string): void {
  const ended = (type: ThreadItem["type"]) =>
    Object.values(told).some((item) => item.type === type && "status" in item && item.status === "completed");
  assert.ok(ran <= 1 && (ran === 1 || !ended("commandExecution")), `${where}: the command ran ${ran} times`);
  assert.ok(file === after || (file === before && !ended("fileChange")), `${where}: the file is ${file}`);
}

test("killed at any write", { timeout: 60_000 }, async (t: TestContext) => {
  const server = await startModelServer({ script });
  await withFolder(async (folder) => {
    const turns = await killedTurns(server, folder);
    const sums = { present: 0, cutOff: 0, leftBeside: 0 };
    for (const outcome of await Promise.all(turns.map((turn) => resume(turn, server)))) {
      for (const key of ["present", "cutOff", "leftBeside"] as const) sums[key] += outcome[key];
    }
    const writes = turns[0]!.writes.length;
    assert.ok(writes > 10 && turns.length === 3 * writes + 1);
    assert.ok(sums.cutOff > 0, "No call was left without its output.");
    t.diagnostic(
      `killed before, in and after each of ${writes} writes: ${turns.length} threads resumed, ${sums.present} of ${sums.present} told items present, ` +
        `${sums.cutOff} dangling calls told to be cut off, 0 run twice, 0 files half written, ${sums.leftBeside} temporary files left`,
    );
  });
  await server.close();
});
