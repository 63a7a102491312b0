import assert from "node:assert/strict";
import { chmod, mkdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import { systemClock } from "../../src/host/node/systemClock.ts";
import { until } from "../host/expect.ts";
import { withNodeHost } from "../host/nodeFixture.ts";
import { play } from "../support/play.ts";

interface Attacked {
  /** What the questions gave as their reasons. */
  readonly reasons: readonly string[];
  /** What the script wrote; undefined when it never ran. */
  readonly ran: string | undefined;
}

const outside = { sandbox_permissions: "require_escalated", justification: "To deploy." };

/** A command that the user allows twice at most, on a real disk; `meanwhile` happens while each question waits. */
function attacked(
  command: string | { readonly cmd: string; readonly workdir: string },
  meanwhile: (folder: string, asked: number) => Promise<unknown>,
): Promise<Attacked> {
  const args = typeof command === "string" ? { cmd: command } : command;
  return withNodeHost(async (host, folder) => {
    await mkdir(join(folder, "tools"));
    for (const name of ["deploy.sh", "tools/deploy.sh"]) {
      await writeFile(join(folder, name), script(folder, "good"));
      await chmod(join(folder, name), 0o755);
    }
    const reasons: string[] = [];
    const played = await play({
      host,
      script: [[call("exec_command", { ...args, ...outside })], message("Done.")],
      async answer({ params }) {
        reasons.push(params.reason ?? "");
        await meanwhile(folder, reasons.length);
        return { decision: reasons.length > 2 ? "decline" : "accept" };
      },
    });
    const { thread } = await played.start();
    await played.say(thread.id, "Deploy.");
    await played.close();
    const ran = await readFile(join(folder, "ran.txt"), "utf8").catch(() => undefined);
    return { reasons, ran: ran?.trim() };
  });
}

const script = (folder: string, word: string) => `#!/bin/sh\necho ${word} > ${join(folder, "ran.txt")}\n`;
const evil = (folder: string) => script(folder, "evil");

test("twin: a script that nobody touches runs after one question", async () => {
  const { reasons, ran } = await attacked("./deploy.sh", async () => {});
  assert.equal(reasons.length, 1);
  assert.equal(ran, "good");
});

test("a script that is rewritten while its question waits never runs unseen", async () => {
  const { reasons, ran } = await attacked("./deploy.sh", (folder, asked) =>
    writeFile(join(folder, "deploy.sh"), `${evil(folder)}# ${asked}\n`),
  );
  assert.match(reasons[1] ?? "", /deploy\.sh changed since you were asked/);
  assert.equal(ran, undefined);
});

test("nor does one that another file takes the place of, with its size and times", async () => {
  const { reasons, ran } = await attacked("bash deploy.sh", async (folder, asked) => {
    if (asked > 1) return;
    await writeFile(join(folder, "other.sh"), evil(folder).padEnd(80, "#"));
    await rename(join(folder, "other.sh"), join(folder, "deploy.sh"));
  });
  assert.match(reasons[1] ?? "", /deploy\.sh changed/);
  assert.equal(ran, "evil", "the user saw the change, and allowed it");
});

test("nor does one that a link leads away from", async () => {
  const { reasons, ran } = await attacked("cd tools && ./deploy.sh", async (folder, asked) => {
    if (asked > 1) return;
    await mkdir(join(folder, "evil"));
    await writeFile(join(folder, "evil/deploy.sh"), evil(folder));
    await chmod(join(folder, "evil/deploy.sh"), 0o755);
    await rename(join(folder, "tools"), join(folder, "tools.old"));
    await symlink(join(folder, "evil"), join(folder, "tools"));
  });
  assert.match(reasons[1] ?? "", /tools\/deploy\.sh changed/);
  assert.equal(ran, "evil", "the user saw the change, and allowed it");
});

test("nor in a folder that a link takes the place of", async () => {
  const { reasons, ran } = await attacked({ cmd: "sh ./deploy.sh", workdir: "tools" }, async (folder, asked) => {
    if (asked > 1) return;
    await mkdir(join(folder, "evil"));
    await writeFile(join(folder, "evil/deploy.sh"), evil(folder));
    await rename(join(folder, "tools"), join(folder, "tools.old"));
    await symlink(join(folder, "evil"), join(folder, "tools"));
  });
  assert.match(reasons[1] ?? "", /tools led to .*\/tools when you were asked, and leads to .*\/evil now/);
  assert.equal(ran, "evil", "the user saw the change, and allowed it");
});

test("nor with other variables than it was asked about with", async (t) => {
  t.after(() => delete process.env.LC_PATCHWRIGHT_TEST);
  const { reasons } = await attacked("./deploy.sh", async (_, asked) => {
    process.env.LC_PATCHWRIGHT_TEST = `evil ${asked === 1}`;
  });
  assert.match(reasons[1] ?? "", /variables changed since you were asked/);
});

test("a process in the background that rewrites it again and again wears the question out", async () => {
  await withNodeHost(async (host, folder) => {
    const file = join(folder, "deploy.sh");
    await writeFile(file, script(folder, "good"));
    const rewriting = `i=0; while :; do i=$((i+1)); printf 'echo evil > ran.txt # %s\n' $i > new.sh; mv new.sh deploy.sh; sleep 0.01; done`;
    const reasons: string[] = [];
    const played = await play({
      host,
      clock: systemClock,
      script: [
        [call("exec_command", { cmd: rewriting, yield_time_ms: 250, ...outside })],
        [call("exec_command", { cmd: "sh deploy.sh", ...outside })],
        message("Done."),
      ],
      async answer({ params }) {
        if ("command" in params && params.command === rewriting) return { decision: "accept" };
        reasons.push(params.reason ?? "");
        const shown = await readFile(file, "utf8");
        await until("the script was rewritten", async () => (await readFile(file, "utf8")) !== shown);
        return { decision: "accept" };
      },
    });
    const { thread } = await played.start();
    await played.say(thread.id, "Deploy.");
    await played.close();
    assert.equal(reasons.length, 5);
    for (const reason of reasons.slice(1)) assert.match(reason, /deploy\.sh changed since you were asked/);
    assert.equal(await readFile(join(folder, "ran.txt"), "utf8").catch(() => "never"), "never");
  });
});
