import { applyingChecks } from "./checks/applying.ts";
import { linkingChecks } from "./checks/linking.ts";
import { listingChecks } from "./checks/listing.ts";
import { readingChecks } from "./checks/reading.ts";
import { realProcessChecks } from "./checks/realProcesses.ts";
import { runningChecks } from "./checks/running.ts";
import { searchingChecks } from "./checks/searching.ts";
import { snapshotChecks } from "./checks/snapshots.ts";
import { storingChecks } from "./checks/storing.ts";
import { watchingChecks } from "./checks/watching.ts";
import { equal } from "./expect.ts";
import type { HostCheck } from "./fixture.ts";

/** What every host must do, sentence by sentence of host.ts. Plain checks without a test framework, to be run wherever a host runs. */
export const hostContract: readonly HostCheck[] = [
  ...readingChecks,
  ...listingChecks,
  ...searchingChecks,
  ...applyingChecks,
  ...linkingChecks,
  ...runningChecks,
  ...realProcessChecks,
  ...watchingChecks,
  ...storingChecks,
  ...snapshotChecks,
  {
    name: "reads command lines",
    async run({ host: { shell } }) {
      const line = await shell.commandsOf("ls -l 'a b' && pwd", "bash");
      equal(line, { plain: true, commands: [["ls", "-l", "a b"], ["pwd"]] });
    },
  },
  {
    name: "says where it runs",
    async run({ host: { platform } }) {
      equal(["linux", "macos", "windows"].includes(platform.os), true, platform.os);
      for (const fact of [platform.home, platform.temporary, platform.shell, platform.timeZone])
        equal(fact !== "", true);
    },
  },
];
