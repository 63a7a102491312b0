import process from "node:process";
import { createInterface } from "node:readline";
import { createNodeStorage } from "../../../src/host/node/storage.ts";
import type { StorageLock } from "../../../src/host/storage.ts";

// Takes and releases one lock of the store that it is started with.
const storage = createNodeStorage(process.argv[2] ?? "", { lockPatienceMs: 150 });
let held: StorageLock | undefined;

async function answer(line: string): Promise<string> {
  if (line === "release") {
    await held?.release();
    return "released";
  }
  try {
    held = await storage.lock("threads/a");
    return "taken";
  } catch (error) {
    return (error as { code: string }).code;
  }
}

console.log("ready");
for await (const line of createInterface(process.stdin)) console.log(await answer(line));
