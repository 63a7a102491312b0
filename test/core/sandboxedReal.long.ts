import assert from "node:assert/strict";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import type { AgentSettings } from "../../src/core/settings.ts";
import { systemClock } from "../../src/host/node/systemClock.ts";
import { withNodeHost } from "../host/nodeFixture.ts";
import { outputsOf } from "../support/modelInput.ts";
import { play } from "../support/play.ts";

interface Case {
  readonly cmd: string;
  readonly settings?: Partial<AgentSettings>;
  readonly escalated?: true;
  readonly look?: (place: { readonly folder: string; readonly warnings: readonly string[] }) => Promise<void>;
}

/** One command in the real sandbox: how often the user, who allows all, was asked, and what the model got. */
function check({ cmd, settings, escalated, look }: Case, asked: number, output: RegExp): Promise<void> {
  return withNodeHost(async (host, folder) => {
    assert.equal((await host.sandbox.ready).kind, "bubblewrap", "these tests need bubblewrap");
    await mkdir(join(folder, ".git"));
    let questions = 0;
    const outside = escalated ? { sandbox_permissions: "require_escalated", justification: "To see." } : {};
    const played = await play({
      host,
      clock: systemClock,
      settings: settings ?? {},
      script: [[call("exec_command", { cmd, yield_time_ms: 30_000, ...outside })], message("Done.")],
      answer() {
        questions++;
        return { decision: "accept" };
      },
    });
    const { thread } = await played.start();
    await played.say(thread.id, "Do it.");
    const warnings = played.transcript.flatMap(({ message: { method, params } }) =>
      method === "warning" ? [(params as { message: string }).message] : [],
    );
    await played.close();
    assert.match(outputsOf(played.server.requests.at(-1)!).at(-1) ?? "", output);
    assert.equal(questions, asked);
    await look?.({ folder, warnings });
  });
}

const stopped = /^Exit code: [1-9]\d*\n.*\nIt says ".*", which the sandbox may cause.*require_escalated/s;

test("a command writes in the workspace, unasked", () =>
  check(
    {
      cmd: "echo made > a.txt",
      look: async ({ folder }) => assert.equal(await readFile(join(folder, "a.txt"), "utf8"), "made\n"),
    },
    0,
    /^Exit code: 0/,
  ));
test("not in the user's home folder, and the model is told what to do", () =>
  check({ cmd: `touch ${join(homedir(), "patchwright-was-here")}` }, 0, stopped));
test("not in .git", () => check({ cmd: "echo x > .git/config" }, 0, stopped));
test("reading only, not in the workspace", () =>
  check({ cmd: "echo x > a.txt", settings: { sandboxMode: "read-only" } }, 0, stopped));
test("it reaches no host", () =>
  check(
    {
      cmd: `"${process.execPath}" -e 'require("net").connect(9, "192.0.2.1").on("error", (e) => { console.log(e.code); process.exit(1) })'`,
    },
    0,
    stopped,
  ));
test("outside of the sandbox it does what the user may, once they have allowed it", () =>
  check(
    {
      cmd: "echo x > .git/config",
      escalated: true,
      look: async ({ folder }) => assert.equal(await readFile(join(folder, ".git/config"), "utf8"), "x\n"),
    },
    1,
    /^Exit code: 0/,
  ));
test("untrusted, what only looks runs unasked, and cannot do more", () =>
  check({ cmd: "ls -a", settings: { approvalPolicy: "untrusted" } }, 0, /\.git/));
test("what would be obeyed is moved away, and said to both", () =>
  check(
    {
      cmd: "mkdir -p sub/.vscode && echo {} > sub/.vscode/tasks.json",
      async look({ folder, warnings }) {
        assert.deepEqual(await readdir(join(folder, "sub")), []);
        assert.match(warnings.join("\n"), /sub\/\.vscode.* is now /);
      },
    },
    0,
    /^Moved away by the sandbox.*sub\/\.vscode/m,
  ));
