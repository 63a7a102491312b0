import { nodeFixture } from "../../host/nodeFixture.ts";
import { type MakeFixture, runContract } from "../../host/runContract.ts";
import { createMemoryHost } from "../../support/memoryHost.ts";
import { patchChecks } from "./hostChecks.ts";

const memoryFixture: MakeFixture = async () => {
  const host = createMemoryHost({ roots: ["/home/ada"] });
  return {
    host,
    root: "/home/ada",
    join: (...parts) => ["/home/ada", ...parts].join("/"),
    program: (script) => ["sh", "-c", script],
    writeBytes: async (path, bytes) => host.files.put(path, bytes),
    readBytes: async (path) => host.files.bytes(path) ?? new Uint8Array(),
    makeFolder: async (path) => host.files.putFolder(path),
    exists: async (path) => host.files.bytes(path) !== undefined,
    remove: async (path) => host.files.put(path, undefined),
  };
};

runContract("patches on the memory host", { offers: [], checks: patchChecks, makeFixture: memoryFixture });
runContract("patches on the node host", { offers: [], checks: patchChecks, makeFixture: nodeFixture(undefined) });
