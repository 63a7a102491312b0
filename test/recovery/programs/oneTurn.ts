import { createNodeHost } from "../../../src/host/node/nodeHost.ts";
import { systemClock } from "../../../src/host/node/systemClock.ts";
import { sandboxMode } from "../../../src/protocol/settings.ts";
import type { Turn } from "../../../src/protocol/threads.ts";
import type { ModelServer } from "../../support/modelServer.ts";
import { play } from "../../support/play.ts";

/** What the program says on its one line. */
export interface OneTurn {
  /** As it is read after its end. */
  readonly turn: Turn;
  /** The most memory that this process had at one time, up to the end of the turn, in MB. */
  readonly maxMb: number;
  /** From the message to the end of the turn, in milliseconds. */
  readonly ms: number;
  /** How long the processor worked for it: what `ms` would be on a machine that does nothing else, at most. */
  readonly workedMs: number;
}

/**
 * Plays one turn on this machine, in a folder, with the model server of another process. Arguments: its base URL, the folder, the store, the
 * sandbox mode.
 */
const [baseUrl = "", folder = "", storageRoot = "", mode] = process.argv.slice(2);
const settings = { sandboxMode: sandboxMode.parse(mode) };
const host = createNodeHost({ storageRoot, workspaceRoots: [folder] });
const server = { baseUrl, apiKey: "test-key" } as ModelServer;
const played = await play({ host, server, clock: systemClock, script: [], settings, keep: "ends" });
const { thread } = await played.start();
const startedAt = performance.now();
const before = process.cpuUsage();
await played.say(thread.id, "Do it.");
const ms = performance.now() - startedAt;
const { user, system } = process.cpuUsage(before);
const workedMs = (user + system) / 1000;
const maxMb = process.resourceUsage().maxRSS / 1024;
const { thread: read } = await played.client.request("thread/read", { threadId: thread.id, includeTurns: true });
await played.close();
await host.dispose();
const told: OneTurn = { turn: read.turns[0]!, maxMb, ms, workedMs };
process.stdout.write(`${JSON.stringify(told)}\n`);
