import assert from "node:assert/strict";
import { test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import type { AgentSettings } from "../../src/core/settings.ts";
import type { SandboxPolicy, ThreadSettings } from "../../src/protocol/settings.ts";
import { createFakeClock } from "../support/fakeClock.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import type { MemoryCommand } from "../support/memoryProcesses.ts";
import { outputsOf } from "../support/modelInput.ts";
import { aSandbox } from "../support/permissions.ts";
import { play } from "../support/play.ts";

const done = message("Done.");

/** A terminal that says what is typed into it. */
const echoes: MemoryCommand = {
  match: () => true,
  async run({ print, input, forever }) {
    print(`got ${await input()}`);
    return forever();
  },
};

interface Case {
  readonly before?: Partial<AgentSettings>;
  /** What the user changes after the command was started. */
  readonly after?: Partial<Pick<ThreadSettings, "approvalPolicy" | "sandboxPolicy">>;
}

/** A command is left in the background, the user changes what commands may do, and something is typed into it. */
async function check({ before = {}, after }: Case, asked: readonly RegExp[], told: RegExp): Promise<void> {
  const clock = createFakeClock();
  const reasons: string[] = [];
  const played = await play({
    clock,
    host: createMemoryHost({ sandbox: aSandbox, commands: [echoes] }),
    settings: before,
    script: [
      [call("exec_command", { cmd: "sh", tty: true, yield_time_ms: 250 }, "start")],
      done,
      [call("write_stdin", { session_id: 1, chars: "id\n", yield_time_ms: 250 }, "type")],
      done,
    ],
    answer({ params }) {
      reasons.push(params.reason ?? "");
      return { decision: "decline" };
    },
  });
  const { thread } = await played.start();
  const started = played.say(thread.id, "Start it.");
  await clock.sleeping(250);
  clock.advance(250);
  await started;
  if (after) await played.client.request("thread/settings/update", { threadId: thread.id, ...after });
  const typed = played.say(thread.id, "Type.");
  await Promise.race([typed, clock.sleeping(250).then(() => clock.advance(250))]);
  await typed;
  const output = outputsOf(played.server.requests.at(-1)!).at(-1) ?? "";
  await played.close();
  assert.equal(reasons.length, asked.length, reasons.join("\n"));
  for (const [at, reason] of asked.entries()) assert.match(reasons[at] ?? "", reason);
  assert.match(output, told);
}

const more = /Types into: sh\nIt was started with rights that commands do not have any more\./;
const write = (changes: object = {}): SandboxPolicy => ({
  type: "workspaceWrite",
  writableRoots: [],
  networkAccess: false,
  ...changes,
});
const readOnly: SandboxPolicy = { type: "readOnly" };
const network = (kind: "on" | "asks"): Partial<AgentSettings> => ({
  sandbox: { writableRoots: [], network: kind, allowedHosts: [] },
});
const got = /got id/;

test("twin: nothing changed, nothing asks", () => check({}, [], got));
test("the workspace is not to be written any more", () =>
  check({ after: { sandboxPolicy: readOnly } }, [more], /declined/));
test("nor is another folder", () =>
  check(
    {
      before: { sandbox: { writableRoots: ["/cache"], network: "off", allowedHosts: [] } },
      after: { sandboxPolicy: write() },
    },
    [more],
    /declined/,
  ));
test("the network was switched off", () =>
  check({ before: network("on"), after: { sandboxPolicy: write() } }, [more], /declined/));
test("or is asked about", () =>
  check({ before: network("on"), after: { sandboxPolicy: write({ allowedHosts: [] }) } }, [more], /declined/));
test("twin: what asked is off, as it then is for what runs, too", () =>
  check({ before: network("asks"), after: { sandboxPolicy: write() } }, [], got));
test("twin: commands have more rights now", () =>
  check({ before: { sandboxMode: "read-only" }, after: { sandboxPolicy: write({ networkAccess: true }) } }, [], got));
test("everything is asked about now", () =>
  check({ after: { approvalPolicy: "untrusted" } }, [/Types into: sh$/], /declined/));
test("and where nobody is asked, it is declined", () =>
  check(
    { after: { approvalPolicy: "never", sandboxPolicy: readOnly } },
    [],
    /Not typed: the command was started with rights that commands do not have any more, and nobody is asked\./,
  ));
