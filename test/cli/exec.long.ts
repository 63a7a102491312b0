import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { call, customCall, message, plan, reasoning } from "../../src/core/model/demo/output.ts";
import { assertGolden } from "../support/golden.ts";
import type { Script } from "../support/modelServer.ts";
import { cutAfter, fail } from "../support/modelServerReply.ts";
import { eventsOf, makePlace, type PlaceOptions, type Ran } from "./terminal.ts";

const work: Script = [
  [
    reasoning("**Looking**"),
    message("I will look first."),
    plan(["Look", "in_progress"], ["Write", "pending"]),
    call("exec_command", { cmd: "cat greeting.txt; exit 3" }),
  ],
  [
    customCall(
      "apply_patch",
      "*** Begin Patch\n*** Update File: greeting.txt\n@@\n-hello\n+good day\n*** Add File: more.txt\n+more\n*** End Patch\n",
    ),
    call("read_file", { path: "more.txt" }),
    call("read_file", { path: "absent.txt" }),
    plan(["Look", "completed"], ["Write", "completed"]),
  ],
  [message("It is done.\n")],
];

/** Runs `exec --json` on the task and compares its lines with the golden ones. */
async function check(t: TestContext, name: string, { args, script = work }: { args: string[]; script?: Script }) {
  const place = await makePlace(t, { script });
  await writeFile(path.join(place.cwd, "greeting.txt"), "hello\n");
  const ran = await place.run(["exec", "--json", ...args, "Say it politely"]);
  assertGolden(`cli/${name}.txt`, plain(ran, place.cwd));
  return place;
}

/** What was said, the same on every run. */
function plain({ code, stdout, stderr }: Ran, cwd: string): string {
  const lines = eventsOf(stdout).map((event) => JSON.stringify(event));
  return [...lines, `exit ${code}`, stderr]
    .join("\n")
    .replaceAll(cwd, "/project")
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "THREAD")
    .replace(/(_tokens":)\d+/g, "$10")
    .replace(/127\.0\.0\.1:\d+/g, "HOST")
    .replace(/in \d+\.\d s/g, "in N s");
}

test("a command, a patch, reads, a plan and an answer", async (t) => {
  const { cwd } = await check(t, "work", { args: ["--sandbox", "danger-full-access"] });
  assert.equal(await readFile(path.join(cwd, "greeting.txt"), "utf8"), "good day\n");
});
test("in the sandbox commands run and edits of the folder are made, without a question", async (t) => {
  const { cwd } = await check(t, "confined", { args: ["--sandbox", "workspace-write"] });
  assert.equal(await readFile(path.join(cwd, "greeting.txt"), "utf8"), "good day\n");
});
test("reading only, edits are declined, and it says why", async (t) => {
  const { cwd, server } = await check(t, "declined", { args: ["--experimental-json"] });
  assert.equal(await readFile(path.join(cwd, "greeting.txt"), "utf8"), "hello\n");
  assert.match(server.requests[2]!.body, /Nothing of this patch was made: edits are asked about here/);
});
test("a command that was left running ends before the turn does", async (t) => {
  const script = [
    [call("exec_command", { cmd: "echo up; exec sleep 300", yield_time_ms: 250 })],
    [message("It runs.")],
  ];
  await check(t, "background", { args: ["--sandbox", "danger-full-access"], script });
});
test("a retry is an error event, and the turn goes on", async (t) => {
  await check(t, "retried", { args: [], script: [fail(500), cutAfter(2, message("Half")), [message("Whole.")]] });
});
test("a failure is the turn's last event", async (t) => {
  await check(t, "failed", { args: [], script: [fail(400, { message: "That is too much." })] });
});

/** Without --json: the answer on standard output, everything else on standard error. */
async function checkText(t: TestContext, options: PlaceOptions, expected: Ran) {
  const place = await makePlace(t, options);
  const ran = await place.run(["exec", "-s", "danger-full-access", "Go"]);
  const unconfined = "No sandbox: with full access commands run unconfined, with all your rights.\n";
  assert.ok(ran.stderr.startsWith(unconfined), ran.stderr);
  const stderr = ran.stderr.slice(unconfined.length);
  assert.deepEqual(
    { ...ran, stderr: stderr.replace(/Thread \S+/, "Thread ID").replace(/\d+ (in|cached|out)/g, "N $1") },
    expected,
  );
}

test("the answer alone is on standard output", (t) =>
  checkText(
    t,
    { script: [[message("I look."), call("exec_command", { cmd: "echo seen" })], [message("Done.")]] },
    { code: 0, stdout: "Done.\n", stderr: "Thread ID\nI look.\n$ echo seen\nseen\nTokens: N in (N cached), N out\n" },
  ));
test("what a command says cannot act on the terminal", (t) =>
  checkText(
    t,
    { script: [[call("exec_command", { cmd: "printf '\\033[2Jx'" })], [message("\u001b[31mred")]] },
    {
      code: 0,
      stdout: "\u001b[31mred\n",
      stderr: "Thread ID\n$ printf '\\033[2Jx'\nx\nTokens: N in (N cached), N out\n",
    },
  ));

test("lines of JSON hold hidden characters as escapes, which a program reads as what they were", async (t) => {
  const said = "\u009b31mred\u202eder \u007f\u2028\u{e0041} \u00e9 \u{1f600}";
  const place = await makePlace(t, { script: [[message(said)]] });
  const { stdout } = await place.run(["exec", "--json", "Say it"]);
  assert.doesNotMatch(stdout, /(?!\n)\p{Cc}|\p{Cf}|\p{Zl}/u);
  assert.match(stdout, /\\u009b31mred\\u202eder .* \u00e9 \u{1f600}/u);
  const answers = eventsOf(stdout).filter(({ type }) => type === "item.completed");
  assert.deepEqual(
    answers.map(({ item }) => (item as { text?: string }).text),
    [said],
  );
});

test("what a rule denies is declined by its name, and not as if it had been asked about", async (t) => {
  const place = await makePlace(t, {
    script: [
      [call("exec_command", { cmd: "touch made" }), call("exec_command", { cmd: "touch more" })],
      [message("I see.")],
    ],
  });
  const rule = { id: "1", subject: { kind: "command", prefix: ["touch"] }, decision: "deny", createdAt: 0 };
  await writeFile(path.join(place.home, "rules.json"), JSON.stringify({ version: 1, rules: [rule] }));
  const { stderr } = await place.run(["exec", "--sandbox", "danger-full-access", "Go"]);
  assert.deepEqual(await readdir(place.cwd), [".git"]);
  assert.equal(stderr.split('Your rule "touch" denies this.').length, 2, stderr);
  assert.doesNotMatch(stderr, /nobody is there/);
});
