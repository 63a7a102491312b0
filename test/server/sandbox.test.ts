import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryHost } from "../support/memoryHost.ts";
import { play } from "../support/play.ts";

test("every client is told when commands are confined after all", async () => {
  const host = createMemoryHost();
  const played = await play({ script: [], host });
  const told = played.told("sandbox/updated");
  host.setSandbox({ kind: "bubblewrap" });
  assert.deepEqual(await told, { sandbox: { kind: "bubblewrap" } });
  await played.close();
});
