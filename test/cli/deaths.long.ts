import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import { until } from "../host/expect.ts";
import { linkOf, livingBelow } from "../host/node/living.ts";
import { atEnd } from "../support/atEnd.ts";
import { startTurn } from "./conversation.ts";
import { type Child, makePlace, type Place } from "./terminal.ts";

const BAR_MS = 2000;
/** Every signal that asks is ignored: so three that were ended one after another would take longer than the bar. */
const deaf = "trap '' TERM INT HUP";
/** Left in the background on purpose; left behind by a command that has ended; what the running call waits for. */
const script = [
  [call("exec_command", { cmd: `${deaf}; exec ./terminal 300`, yield_time_ms: 250 })],
  [call("exec_command", { cmd: `${deaf}; (env -i setsid ./behind 300 > /dev/null 2>&1 &)` })],
  [call("exec_command", { cmd: `${deaf}; setsid ./last 300; true`, yield_time_ms: 60_000 })],
  [message("Never said.")],
];
const programs = ["terminal", "behind", "last"];

async function makeBusyPlace(t: TestContext): Promise<Place> {
  const place = await makePlace(t, { script });
  for (const name of programs) await copyFile("/bin/sleep", path.join(place.cwd, name));
  return place;
}

/** All processes in the user's folder, the program itself among them. */
function processesOf({ cwd }: Place): number[] {
  return [...livingBelow(path.dirname(cwd)).values()].flat();
}

/** Which of the programs run, by name: a shell that is about to become one does not count yet. */
const programsOf = (place: Place) =>
  processesOf(place)
    .map((pid) => path.basename(linkOf(pid, "exe")))
    .filter((name) => programs.includes(name));
const begun = (place: Place) => until("all commands run", () => programsOf(place).length === programs.length);

/** From now until no process is left, in milliseconds. */
async function allGone(place: Place): Promise<number> {
  const began = performance.now();
  await until("no process is left", () => processesOf(place).length === 0);
  return performance.now() - began;
}

/** Also when the test fails: what is left would keep its process from ending. */
function endAfter(t: TestContext, child: ChildProcess): void {
  atEnd(t, async () => void child.kill("SIGKILL"));
}

interface Death {
  readonly of: "exec" | "app-server";
  end(child: Child): unknown;
}

function check(name: string, { of, end }: Death) {
  test(`${of}: nothing is left after ${name}`, async (t) => {
    const place = await makeBusyPlace(t);
    const full = ["-c", 'sandbox_mode="danger-full-access"', "-c", 'approval_policy="never"'];
    const child = await place.start(of === "exec" ? ["exec", ...full, "x"] : ["app-server", ...full], {
      stdin: "open",
    });
    endAfter(t, child);
    child.stderr.resume();
    if (of === "exec") child.stdin.end();
    else await startTurn(child);
    await begun(place);
    end(child);
    const ms = await allGone(place);
    t.diagnostic(`gone after ${Math.round(ms)} ms`);
    assert.ok(ms < BAR_MS, `${ms} ms`);
  });
}

for (const which of ["exec", "app-server"] as const)
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGKILL", "SIGABRT"] as const)
    check(signal, { of: which, end: (child) => child.kill(signal) });
check("a second signal", { of: "exec", end: (child) => child.kill("SIGTERM") && child.kill("SIGINT") });
check("its client closes the pipes", {
  of: "app-server",
  end(child) {
    child.stdin.destroy();
    child.stdout.destroy();
  },
});
check("the end of standard input", { of: "app-server", end: (child) => child.stdin.end() });

test("app-server: nothing is left after its parent was killed", async (t) => {
  const place = await makeBusyPlace(t);
  const full = ["-c", 'sandbox_mode="danger-full-access"', "-c", 'approval_policy="never"'];
  const { spawnargs } = await place.start(["--version"]);
  // The parent holds both pipes of its child, as an editor does.
  const code = `
    const { spawn } = require("node:child_process");
    const child = spawn(process.execPath, ${JSON.stringify([spawnargs[1], "app-server", ...full])}, { stdio: ["pipe", "pipe", "ignore"] });
    process.stdin.pipe(child.stdin);
    child.stdout.pipe(process.stdout);`;
  const env = { ...process.env, PATCHWRIGHT_HOME: place.home, OPENAI_API_KEY: place.server.apiKey };
  const parent = spawn(process.execPath, ["-e", code], {
    cwd: place.cwd,
    env: { ...env, OPENAI_BASE_URL: place.server.baseUrl },
  });
  endAfter(t, parent);
  await startTurn(parent as Child);
  await begun(place);
  parent.kill("SIGKILL");
  await once(parent, "exit");
  const ms = await allGone(place);
  t.diagnostic(`gone after ${Math.round(ms)} ms`);
  assert.ok(ms < BAR_MS, `${ms} ms`);
});

test("stop ends the call that runs; what was left in the background goes on, is listed, and dies with the server", async (t) => {
  const place = await makeBusyPlace(t);
  const child = await place.start(
    ["app-server", "-c", 'sandbox_mode="danger-full-access"', "-c", 'approval_policy="never"'],
    { stdin: "open" },
  );
  endAfter(t, child);
  const { client, threadId, turnId } = await startTurn(child);
  await begun(place);
  const began = performance.now();
  await client.request("turn/interrupt", { threadId, turnId });
  await until("the call is stopped", () => !programsOf(place).includes("last"));
  const ms = performance.now() - began;
  assert.ok(ms < BAR_MS, `${ms} ms`);
  assert.deepEqual(programsOf(place).sort(), ["behind", "terminal"]);
  const { data } = await client.request("thread/backgroundTerminals/list", { threadId });
  assert.deepEqual(
    data.map(({ command }) => command),
    [`${deaf}; exec ./terminal 300`],
  );
  child.kill("SIGKILL");
  const gone = await allGone(place);
  t.diagnostic(`stopped after ${Math.round(ms)} ms, the rest gone with the server after ${Math.round(gone)} ms`);
  assert.ok(gone < BAR_MS, `${gone} ms`);
});
