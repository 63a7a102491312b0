import assert from "node:assert/strict";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import { systemClock } from "../../src/host/node/systemClock.ts";
import { until } from "../host/expect.ts";
import { withNodeHost } from "../host/nodeFixture.ts";
import { play } from "../support/play.ts";

interface Case {
  /** Run in the sandbox, and left there; it prints "ready" to the file `ready`. */
  readonly cmd: string;
  /** Before it. */
  prepare?(folder: string): Promise<unknown>;
  /** What the user, or the agent, does while it runs. */
  readonly patch?: string;
}

/** What guides the model in a turn that begins while a command of an earlier one runs, and what the user is warned of. */
function check(name: string, { cmd, prepare, patch }: Case, guides: RegExp | undefined, warned?: RegExp): void {
  test(name, { timeout: 60_000 }, () =>
    withNodeHost(async (host, folder) => {
      assert.equal((await host.sandbox.ready).kind, "bubblewrap", "these tests need bubblewrap");
      await mkdir(join(folder, "sub"));
      await prepare?.(folder);
      const stays = `${cmd}; echo ready > ready; sleep 1000`;
      const patched = patch === undefined ? [] : [[call("apply_patch", { input: patch })], message("Made.")];
      const played = await play({
        host,
        clock: systemClock,
        script: [
          [call("exec_command", { cmd: stays, yield_time_ms: 250 })],
          message("It runs."),
          ...patched,
          message("Done."),
        ],
      });
      const { thread } = await played.start();
      await played.say(thread.id, "Start it.");
      await until("the command has done it", () => readFile(join(folder, "ready"), "utf8").then(Boolean, () => false));
      if (patch !== undefined) await played.say(thread.id, "Make it.");
      await played.say(thread.id, "Go on.");
      const last = JSON.stringify(played.server.requests.at(-1)!);
      const warnings = played.transcript.flatMap(({ message: { method, params } }) =>
        method === "warning" ? [(params as { message: string }).message] : [],
      );
      await played.close();
      assert.doesNotMatch(last, /EVIL/);
      if (guides) assert.match(last, guides);
      assert.equal(warnings.length, warned ? 1 : 0, warnings.join("\n"));
      if (warned) assert.match(warnings[0] ?? "", warned);
    }),
  );
}

// The model sees the command itself, too: so the word that would guide it stands nowhere in there.
const evil = "echo EV''IL";
const notYet = /AGENTS(\.override)?\.md does not guide the agent: a command that still runs may have made it\./;

check("what a running command makes guides nobody", { cmd: `${evil} > AGENTS.md` }, undefined, notYet);
check(
  "nor in place of what was there",
  {
    cmd: `${evil} > AGENTS.override.md`,
    prepare: (folder) => writeFile(join(folder, "AGENTS.md"), "GOOD"),
  },
  /GOOD/,
  notYet,
);
check(
  "nor by what a link led to that was not there",
  {
    cmd: `${evil} > later.md`,
    prepare: (folder) => symlink("later.md", join(folder, "AGENTS.md")),
  },
  undefined,
  notYet,
);
check(
  "twin: what was there before guides, and cannot be changed",
  {
    cmd: `${evil} > AGENTS.md`,
    prepare: (folder) => writeFile(join(folder, "AGENTS.md"), "GOOD"),
  },
  /GOOD/,
);
check(
  "twin: what the user allowed the agent to make meanwhile guides, too",
  {
    cmd: "true",
    patch: "*** Begin Patch\n*** Add File: AGENTS.md\n+GOOD\n*** End Patch\n",
  },
  /Instructions from.*GOOD/,
);
