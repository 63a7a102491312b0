import { createMemoryHost } from "../support/memoryHost.ts";
import { type MemoryCommand, prints, stays } from "../support/memoryProcesses.ts";
import { programs } from "./checks/running.ts";
import { runContract } from "./runContract.ts";

const commands: readonly MemoryCommand[] = [
  prints(programs.prints, ["one\n", "two\n", "three\n"]),
  prints(programs.fails, "no\n", 3),
  stays(programs.stays, "ready\n"),
  { match: programs.cwd, run: ({ command, print }) => print(`${command.cwd}\n`) },
  { match: programs.variable, run: ({ command, print }) => print(command.env?.ADDED ?? "") },
  {
    match: programs.asks,
    async run({ print, input }) {
      print("name? ");
      print(`hello ${(await input()).trim()}\r\n`);
    },
  },
];

runContract("memory host", {
  offers: [],
  makeFixture: async () => {
    const host = createMemoryHost({ roots: ["/work"], commands });
    return {
      host,
      root: "/work",
      join: (...parts) => ["/work", ...parts].join("/"),
      program: (script) => ["sh", "-c", script],
      writeBytes: async (path, bytes) => host.files.put(path, bytes),
      readBytes: async (path) => host.files.bytes(path) ?? new Uint8Array(),
      makeFolder: async (path) => host.files.putFolder(path),
      exists: async (path) => (await host.files.stat(path, new AbortController().signal)) !== undefined,
      remove: async (path) => host.files.put(path, undefined),
    };
  },
});
