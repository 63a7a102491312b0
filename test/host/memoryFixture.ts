import { createMemoryHost } from "../support/memoryHost.ts";
import type { MemoryCommand } from "../support/memoryProcesses.ts";
import type { MakeFixture } from "./runContract.ts";

/** A fresh memory host each time, with these commands. */
export function memoryFixture(commands: readonly MemoryCommand[]): MakeFixture {
  return async () => {
    const host = createMemoryHost({ roots: ["/home/ada"], commands });
    return {
      host,
      root: "/home/ada",
      join: (...parts) => ["/home/ada", ...parts].join("/"),
      program: (script) => ["sh", "-c", script],
      async writeBytes(path, bytes) {
        host.files.put(path, bytes);
        host.files.hint({ kind: "changed", path, by: "disk" });
      },
      readBytes: async (path) => host.files.bytes(path) ?? new Uint8Array(),
      makeFolder: async (path) => host.files.putFolder(path),
      exists: async (path) => (await host.files.stat(path, new AbortController().signal)) !== undefined,
      async remove(path) {
        host.files.put(path, undefined);
        host.files.hint({ kind: "changed", path, by: "disk" });
      },
    };
  };
}
