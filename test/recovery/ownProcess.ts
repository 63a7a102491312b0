import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { SandboxMode } from "../../src/protocol/settings.ts";
import { withFolder } from "../host/nodeFixture.ts";
import { type ModelServer, type Script, startModelServer } from "../support/modelServer.ts";
import type { OneTurn } from "./programs/oneTurn.ts";

/** In MB. What is measured is then what a turn needs, rather than what the collector of a large machine did not care to free. */
const SMALL_HEAP = ["--max-old-space-size=160", "--max-semi-space-size=16"];

export interface OwnTurn {
  readonly script: Script;
  readonly sandbox: SandboxMode;
}

/** Plays one turn in a process of its own, whose memory is then its alone; `server` and `folder` are gone after `use`. */
export async function inOwnProcess(
  { script, sandbox }: OwnTurn,
  use: (told: OneTurn, place: { server: ModelServer; folder: string }) => void | Promise<void>,
): Promise<void> {
  const server = await startModelServer({ script });
  await withFolder(async (folder) => {
    const program = join(import.meta.dirname, "programs/oneTurn.ts");
    const args = [server.baseUrl, folder, join(folder, "store"), sandbox];
    const child = spawn(process.execPath, [...SMALL_HEAP, program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    const line = await text(child.stdout);
    await use(JSON.parse(line) as OneTurn, { server, folder });
  });
  await server.close();
}
