import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import type { ItemOf } from "../../src/protocol/items.ts";
import type { SandboxMode } from "../../src/protocol/settings.ts";
import { outputsOf } from "../support/modelInput.ts";
import { inOwnProcess } from "./ownProcess.ts";

interface Expected {
  /** In what the model gets. */
  readonly output: readonly RegExp[];
  /** In what the user is shown. */
  readonly shown: readonly RegExp[];
}

/** Runs a command line on this machine, in a process whose memory is measured. What is kept of its output is little, and says how much it was. */
function check(name: string, cmd: string, expected: Expected): void {
  checkIn("danger-full-access", name, { cmd, ...expected });
  checkIn("workspace-write", `${name}, confined`, { cmd, ...expected });
}

/** Confined, a shell is one of the first processes that there are. */
const whether = "[ $$ -lt 20 ] && touch is-confined";

function checkIn(sandbox: SandboxMode, name: string, { cmd, output, shown }: Expected & { cmd: string }): void {
  test(name, { timeout: 60_000 }, async (t) => {
    const run = call("exec_command", { cmd: `${whether}; ${cmd}`, yield_time_ms: 60_000 });
    await inOwnProcess(
      { script: [[run], message("Done.")], sandbox },
      async ({ turn, maxMb, ms }, { server, folder }) => {
        assert.equal(turn.status, "completed", turn.error?.message);
        const item = turn.items.find((one): one is ItemOf<"commandExecution"> => one.type === "commandExecution")!;
        assert.equal(item.status, "completed");
        assert.equal(existsSync(join(folder, "is-confined")), sandbox === "workspace-write");
        const [said = ""] = outputsOf(server.requests[1]!);
        const aggregated = item.aggregatedOutput ?? "";
        for (const expected of output) assert.ok(expected.test(said), `${expected} is not in what the model got`);
        for (const expected of shown) assert.ok(expected.test(aggregated), `${expected} is not in what is shown`);
        const log = await stat(join(folder, "store/outputs", `${item.id}.log`)).catch(() => ({ size: 0 }));
        t.diagnostic(
          `${Math.round(maxMb)} MB of memory, ${Math.round(ms)} ms; ${said.length} characters for the model, ${aggregated.length} shown, ${log.size} bytes on disk`,
        );
        assert.ok(maxMb < 350, `${maxMb} MB`);
        assert.ok(said.length < 45_000 && aggregated.length < 270_000 && log.size < 33 * 1024 * 1024);
      },
    );
  });
}

const line = "the quick brown fox jumps over the lazy dog and runs away";
check("1 GB of output", `echo first; yes '${line}' | head -c 1000000000; echo; echo last`, {
  output: [/first\nthe quick/, /Total output lines: 17241382\n/, /\.\.\.\d+ tokens truncated\.\.\./, /last\n$/],
  shown: [/^first\nthe quick/, /\d+ KiB left out/, /last\n$/],
});
check("a line of 100 MB", "printf first; head -c 100000000 /dev/zero | tr '\\0' x; printf last", {
  output: [/firstxxx/, /Total output lines: 1\n/, /\.\.\.24990003 tokens truncated\.\.\./, /xxxlast$/],
  shown: [/^firstxxx/, /97401 KiB left out/, /xxxlast$/],
});
check("binary output", "head -c 5000000 /dev/urandom; printf '\\n\\0\\377\\376\\033[2Jlast\\n'", {
  output: [/Exit code: 0\n/, /tokens truncated/, /last\n$/],
  shown: [/KiB left out/, /last\n$/],
});
check("a grandchild that holds the pipe", "sleep 600 & echo last", { output: [/last\n$/], shown: [/^last\n$/] });
check("a grandchild that goes on printing", "(while :; do echo more; sleep 0.01; done) & echo last", {
  output: [/last\n/],
  shown: [/last\n/],
});
