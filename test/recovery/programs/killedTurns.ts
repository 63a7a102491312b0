import { randomUUID } from "node:crypto";
import fs from "node:fs";
import { join } from "node:path";
import { createNodeHost } from "../../../src/host/node/nodeHost.ts";
import { createNodeStorage } from "../../../src/host/node/storage.ts";
import { systemClock } from "../../../src/host/node/systemClock.ts";
import type { ThreadItem } from "../../../src/protocol/items.ts";
import type { ModelServer } from "../../support/modelServer.ts";
import { type Play, play } from "../../support/play.ts";
import { Gate, type StopAt } from "./gate.ts";

/** What one of the turns had told its client when the process was killed. */
export interface KilledTurn {
  readonly folder: string;
  readonly threadId: string;
  /** Undefined for the turn that was left to end. */
  readonly stop: StopAt | undefined;
  /** The last of the writes that passed; all of them when it was left to end. */
  readonly writes: readonly string[];
  /** Whether the message was acknowledged. */
  readonly started: boolean;
  /** Items that were told as completed, by id, as they were last. */
  readonly told: Readonly<Record<string, ThreadItem>>;
}

/**
 * Plays the same turn again and again, each time in a folder of its own and up to another write, writes down what the clients were told, and kills
 * itself. Arguments: the model server's base URL, the folder above, the file for what they were told, a line of JSON for each turn.
 */
const [baseUrl = "", root = "", report = ""] = process.argv.slice(2);
const nodeHost = createNodeHost({ storageRoot: join(root, "unused"), workspaceRoots: [] });
const server = { baseUrl, apiKey: "test-key" } as ModelServer;
/** Kept, with the files that they hold open, until the kill. */
const gates: Gate[] = [];

async function playUpTo(stop: StopAt | undefined): Promise<KilledTurn> {
  const folder = join(root, `${gates.length}`, "work");
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(join(folder, "a.txt"), "one\ntwo\n");
  const gate = new Gate(stop);
  gates.push(gate);
  const own = { ...nodeHost, editor: { ...nodeHost.editor, workspaceRoots: () => [folder] } };
  const host = gate.around(own, createNodeStorage(join(folder, "../store")));
  const played = await play({ host, server, clock: systemClock, script: [], newId: randomUUID });
  const { thread } = await played.start();
  const ended = played.say(thread.id, "Do it.");
  const indexed = ended.then(() => played.app.dispose());
  await Promise.race([indexed, gate.closed]);
  return { folder, threadId: thread.id, stop, writes: gate.names, ...toldBy(played) };
}

function toldBy({ transcript }: Play): Pick<KilledTurn, "started" | "told"> {
  const told: Record<string, ThreadItem> = {};
  let started = false;
  for (const { from, message } of transcript) {
    const { method, params, result } = message as { method?: string; params?: { item: ThreadItem }; result?: object };
    if (from === "server" && result && "turn" in result) started = true;
    if (method === "item/completed" && params) told[params.item.id] = params.item;
  }
  return { started, told };
}

const whole = await playUpTo(undefined);
const stops = [...whole.writes.keys()].flatMap((write) =>
  (["before", "middle", "after"] as const).map((kind): StopAt => ({ write: write + 1, kind })),
);
const turns = [whole, ...(await Promise.all(stops.map(playUpTo)))];
fs.writeFileSync(report, turns.map((turn) => `${JSON.stringify(turn)}\n`).join(""));
process.kill(process.pid, "SIGKILL");
