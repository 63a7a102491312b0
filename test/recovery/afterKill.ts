import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { call, customCall, message, reasoning } from "../../src/core/model/demo/output.ts";
import { createNodeHost } from "../../src/host/node/nodeHost.ts";
import { systemClock } from "../../src/host/node/systemClock.ts";
import type { ThreadItem } from "../../src/protocol/items.ts";
import { outputsOf, textsOf } from "../support/modelInput.ts";
import type { ModelServer, Script } from "../support/modelServer.ts";
import { play } from "../support/play.ts";

/** What is in a.txt before the turn, and after its patch. */
export const before = "one\ntwo\n";
const after = "one\nmore\ntwo\n";
const answers = [
  [reasoning("Look first."), message("I look."), call("read_file", { path: "a.txt" })],
  // What it leaves behind shows nothing of where it comes from.
  call("exec_command", { cmd: "echo ran >> ran.txt; (env -i setsid sleep 300 > /dev/null 2>&1 &); echo out" }),
  customCall("apply_patch", "*** Begin Patch\n*** Update File: a.txt\n@@\n one\n+more\n*** End Patch"),
  message("Done."),
];
/** A turn with three tools, and one more once it is told to go on. */
export const threeTools: Script = (_, request) =>
  textsOf(request, "user").includes("Go on.") ? message("Going on.") : answers[outputsOf(request).length]!;

/** A turn whose process was killed. */
export interface Killed {
  /** The workspace. */
  readonly folder: string;
  readonly storageRoot: string;
  readonly threadId: string;
  /** Whether its message was acknowledged. */
  readonly started: boolean;
  /** Items that were told as completed, by id, as they were last. */
  readonly told: Readonly<Record<string, ThreadItem>>;
  /** Where it was killed, for the messages of failures. */
  readonly where: string;
}

export interface Outcome {
  /** Items that the user was told of, and that are there. */
  readonly present: number;
  /** Calls that had no output, and are told to be cut off. */
  readonly cutOff: number;
  /** Files that the edit left beside its target. */
  readonly leftBeside: number;
}

/** Resumes the thread in this process and goes on with it: everything that was told is there, and nothing is done twice or by half. */
export async function resume(killed: Killed, server: ModelServer): Promise<Outcome> {
  const { folder, storageRoot, threadId, started, told, where } = killed;
  const host = createNodeHost({ storageRoot, workspaceRoots: [folder] });
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
  const listed = data.map(({ id }) => id);
  assert.deepEqual(listed, opened ? [threadId] : [], where);
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
  readonly told: Killed["told"];
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

export function addOutcome(sum: Outcome, one: Outcome): Outcome {
  return {
    present: sum.present + one.present,
    cutOff: sum.cutOff + one.cutOff,
    leftBeside: sum.leftBeside + one.leftBeside,
  };
}
