import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { copyFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import { until } from "../host/expect.ts";
import { linkOf, livingBelow } from "../host/node/living.ts";
import { withFolder } from "../host/nodeFixture.ts";
import { startTurn } from "./conversation.ts";
import { descendants, openToOthers } from "./sockets.ts";
import { makePlace } from "./terminal.ts";

/** The command is there until the test ends, so that all processes that a turn needs are. */
const script = [[call("exec_command", { cmd: "exec ./linger 300", yield_time_ms: 60_000 })], [message("Never said.")]];

async function check(t: TestContext, program: "exec" | "app-server", settings: readonly string[]) {
  const place = await makePlace(t, { script });
  await copyFile("/bin/sleep", path.join(place.cwd, "linger"));
  const options = settings.flatMap((setting) => ["-c", setting]);
  const child = await place.start(program === "exec" ? ["exec", ...options, "x"] : ["app-server", ...options], {
    stdin: "open",
  });
  child.stderr.resume();
  if (program === "exec") child.stdin.end();
  else await startTurn(child);
  t.after(() => child.kill("SIGKILL"));
  const commands = () =>
    [...livingBelow(path.dirname(place.cwd)).values()].flat().filter((pid) => linkOf(pid, "exe").endsWith("/linger"));
  await until("the command runs", () => commands().length > 0);
  const all = descendants([child.pid as number]);
  // Itself, the watcher and the command at least.
  assert.ok(all.length >= 3, `${all.length} processes`);
  assert.deepEqual(openToOthers([child.pid as number]), []);
  child.kill("SIGKILL");
  await until("all is gone", () => commands().length === 0);
  t.diagnostic(`${all.length} processes, none of which listens`);
}

const full = ['sandbox_mode="danger-full-access"', 'approval_policy="never"'];
const confined = ['sandbox_mode="workspace-write"', 'approval_policy="on-request"'];
for (const program of ["exec", "app-server"] as const) {
  test(`${program} listens nowhere`, (t) => check(t, program, full));
  test(`${program} listens nowhere while it confines a command`, (t) => check(t, program, confined));
}

/** That this would be seen. */
async function sees(code: string, expected: RegExp) {
  const child: ChildProcess = spawn(process.execPath, ["-e", `${code}; setInterval(() => {}, 1000)`]);
  try {
    await until("it is seen", () => openToOthers([child.pid as number]).some((what) => expected.test(what)));
  } finally {
    child.kill("SIGKILL");
  }
}
test("a port on the loopback is seen", () =>
  sees('require("node:net").createServer().listen(0, "127.0.0.1")', /^tcp 0100007F:/));
test("a port on all addresses is seen", () => sees('require("node:net").createServer().listen(0)', /^tcp6 0+:/));
test("a UDP socket is seen", () => sees('require("node:dgram").createSocket("udp4").bind(0, "127.0.0.1")', /^udp /));
test("a Unix socket is seen", () =>
  withFolder((folder) =>
    sees(`require("node:net").createServer().listen(${JSON.stringify(path.join(folder, "s"))})`, /^unix .*\/s$/),
  ));
test("a Unix socket without a file is seen", () =>
  sees('require("node:net").createServer().listen("\\0patchwright-test")', /^unix @patchwright-test/));
