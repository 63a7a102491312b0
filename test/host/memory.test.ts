import { type MemoryCommand, prints, stays } from "../support/memoryProcesses.ts";
import { programs } from "./checks/running.ts";
import { memoryFixture } from "./memoryFixture.ts";
import { runContract } from "./runContract.ts";

const commands = [
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
] satisfies readonly MemoryCommand[];

runContract("memory host", { offers: [], makeFixture: memoryFixture(commands) });
