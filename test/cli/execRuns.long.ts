import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { call, message } from "../../src/core/model/demo/output.ts";
import { inputOf, textOf } from "../support/modelInput.ts";
import { ended, eventsOf, isAlive, makePlace, type PlaceOptions, type StartOptions } from "./terminal.ts";

const done = [[message("Done.")]];

/** Runs `exec` once; what the user's message was for the model, or why there was none. */
async function check(t: TestContext, given: PlaceOptions & StartOptions & { args: string[] }, expected: string) {
  const place = await makePlace(t, { script: done, ...given });
  const { code, stderr } = await place.run(["exec", ...given.args], given);
  assert.equal(code, 0, stderr);
  assert.equal(textOf(inputOf(place.server.requests[0]!).at(-1)!), expected);
}

test("the prompt is the argument", (t) => check(t, { args: ["Do it"] }, "Do it"));
test("or standard input, for -", (t) => check(t, { args: ["-"], stdin: "From a pipe\n" }, "From a pipe\n"));
test("or without an argument", (t) => check(t, { args: [], stdin: "From a pipe" }, "From a pipe"));
test("what is piped in beside a prompt is added", (t) =>
  check(t, { args: ["Explain"], stdin: "line 1\nline 2\n" }, "Explain\n\n<stdin>\nline 1\nline 2\n</stdin>"));
test("a pipe that is never closed is not waited for", (t) => check(t, { args: ["Do it"], stdin: "open" }, "Do it"));
test("after -- everything is the prompt", (t) => check(t, { args: ["--", "resume"] }, "resume"));
test("it goes on without a repository when told to", (t) =>
  check(t, { args: ["--skip-git-repo-check", "Do it"], git: "none" }, "Do it"));

/** Runs `exec` where it cannot begin. */
async function refuse(
  t: TestContext,
  given: PlaceOptions & StartOptions & { args: string[] },
  [code, said]: [number, RegExp],
) {
  const place = await makePlace(t, given);
  const ran = await place.run(["exec", ...given.args], given);
  assert.deepEqual([ran.code, ran.stdout], [code, ""], ran.stderr);
  assert.match(ran.stderr, said);
  assert.equal(place.server.requests.length, 0);
}

test("wrong arguments are said to be wrong, with where to look", (t) =>
  refuse(t, { args: ["--nonsense", "x"] }, [
    2,
    /^Unknown option '--nonsense'\.?\n\npatchwright exec --help says what it takes\./,
  ]));
test("an empty prompt", (t) => refuse(t, { args: [] }, [2, /^The prompt is empty\./]));
test("outside a repository it says how to go on", (t) =>
  refuse(t, { args: ["x"], git: "none" }, [1, /is not in a git repository.*--skip-git-repo-check/]));
test("an unknown thread", (t) =>
  refuse(t, { args: ["resume", "0196f2f0-0000-7000-8000-000000000000", "x"] }, [
    1,
    /There is no thread 0196f2f0-.*threads --all/,
  ]));
test("a wrong value in the file is named with the file", (t) =>
  refuse(t, { args: ["x"], config: "sandbox_mode = 3\n" }, [2, /home\/config\.toml: sandbox_mode: .*"read-only"/]));
test("a file that is not TOML is named with the place", (t) =>
  refuse(t, { args: ["x"], config: 'model = "a\n' }, [2, /config\.toml, line 1, column \d+: it is not TOML/]));
test("an address in the environment that is none", (t) =>
  refuse(t, { args: ["x"], env: { OPENAI_BASE_URL: "here" } }, [2, /^OPENAI_BASE_URL: "here"/]));

test("without a key the turn fails and says where to put one", async (t) => {
  const place = await makePlace(t);
  const { code, stdout, stderr } = await place.run(["exec", "--json", "x"], { env: { OPENAI_API_KEY: "" } });
  assert.equal(code, 1, stderr);
  assert.deepEqual(
    eventsOf(stdout).map(({ type }) => type),
    ["thread.started", "turn.started", "turn.failed"],
  );
  assert.match(
    stdout,
    /There is no API key for 127\.0\.0\.1 yet: set one with the command `patchwright login` or the environment variable OPENAI_API_KEY\./,
  );
});

test("the key may be in CODEX_API_KEY", async (t) => {
  const place = await makePlace(t, { script: done });
  const env = { OPENAI_API_KEY: undefined, CODEX_API_KEY: place.server.apiKey };
  assert.equal((await place.run(["exec", "x"], { env })).code, 0);
});

test("a thread goes on where it was left, and its id comes first again", async (t) => {
  const place = await makePlace(t, { script: [[message("Noted.")], [message("Blue.")]] });
  const first = await place.run(["exec", "--json", "Remember blue"]);
  const [{ thread_id }] = eventsOf(first.stdout) as [{ thread_id: string }];
  const second = await place.run(["exec", "--json", "resume", thread_id, "-"], { stdin: "Which colour?" });
  assert.equal(second.code, 0, second.stderr);
  const [started, , , ended] = eventsOf(second.stdout);
  assert.deepEqual(started, { type: "thread.started", thread_id });
  const { usage } = ended as { usage: { input_tokens: number } };
  assert.equal(usage.input_tokens, Math.ceil(place.server.requests[1]!.bytes / 4), "the tokens of this turn alone");
  assert.match(place.server.requests[1]!.body, /Remember blue.*Noted\..*Which colour\?/s);
});

test("a thread stays in its folder, or goes on in the one that is named", async (t) => {
  const here = call("exec_command", { cmd: "basename $PWD" });
  const place = await makePlace(t, { script: [...done, [here], ...done, [here], ...done] });
  const other = path.join(place.cwd, "other");
  await mkdir(other);
  const first = await place.run(["exec", "--json", "-C", other, "x"]);
  const [{ thread_id }] = eventsOf(first.stdout) as [{ thread_id: string }];
  const full = ["exec", "-s", "danger-full-access"];
  const stays = await place.run([...full, "resume", thread_id, "x"]);
  assert.match(stays.stderr, /The thread goes on in its own folder, .*\/other\.\n(.*\n)*other\n/);
  const moves = await place.run([...full, "-C", place.cwd, "resume", thread_id, "x"]);
  assert.match(moves.stderr, /\nproject\n/);
});

test("what started a thread is kept with it", async (t) => {
  const place = await makePlace(t, { script: done });
  await place.run(["exec", "--thread-source", "nightly", "x"]);
  const [name] = await readdir(path.join(place.home, "threads"));
  const [first] = (await readFile(path.join(place.home, "threads", name!), "utf8")).split("\n");
  const { source, threadSource } = JSON.parse(first!);
  assert.deepEqual({ source, threadSource }, { source: "exec", threadSource: "nightly" });
});

test("pictures come before the prompt", async (t) => {
  const place = await makePlace(t, { script: done });
  const png = Buffer.from("89504e470d0a1a0a", "hex");
  await writeFile(path.join(place.cwd, "a.png"), png);
  const { code, stderr } = await place.run(["exec", "What is it?", "--image", "a.png"]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(inputOf(place.server.requests[0]!).at(-1)?.content, [
    { type: "input_image", image_url: `data:image/png;base64,${png.toString("base64")}`, detail: "auto" },
    { type: "input_text", text: "What is it?" },
  ]);
});

test("another folder, and one more beside it, are the workspace", async (t) => {
  const read = (file: string) => [call("read_file", { path: file })];
  const place = await makePlace(t, { script: [read("../beside/a.txt"), read("/etc/hosts"), ...done] });
  const beside = path.join(place.cwd, "../beside");
  await mkdir(beside);
  await mkdir(path.join(place.cwd, "inner"));
  await writeFile(path.join(beside, "a.txt"), "seen");
  const { stdout } = await place.run(["exec", "--json", "-C", ".", "--add-dir", beside, "x"]);
  assert.match(stdout, /1\\tseen/);
  assert.match(stdout, /\/etc\/hosts is outside the workspace/);
});

const schema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"], additionalProperties: false };

test("the answer is held to a schema, which the thread keeps", async (t) => {
  const place = await makePlace(t, { script: [[message('{"n":1}')], [message('{"n":2}')]] });
  const file = path.join(place.cwd, "schema.json");
  await writeFile(file, JSON.stringify(schema));
  const first = await place.run(["exec", "--json", "--output-schema", file, "Count"]);
  const [{ thread_id }] = eventsOf(first.stdout) as [{ thread_id: string }];
  const { text } = JSON.parse(place.server.requests[0]!.body) as { text: { format: object } };
  assert.deepEqual(text.format, { type: "json_schema", name: "answer", strict: true, schema });
  assert.equal((await place.run(["exec", "--output-schema", file, "resume", thread_id, "On"])).stdout, '{"n":2}\n');
  await writeFile(file, JSON.stringify({ ...schema, title: "Another" }));
  const other = await place.run(["exec", "--json", "--output-schema", file, "resume", thread_id, "On"]);
  assert.equal(other.code, 1);
  assert.match(other.stdout, /"turn\.failed".*a JSON schema cannot be added or changed later/);
});

/** What the first request asks for, with a setting in several places. */
async function checkModel(t: TestContext, given: PlaceOptions & StartOptions & { args: string[] }, model: string) {
  const place = await makePlace(t, { script: done, ...given });
  const { code, stderr } = await place.run(["exec", ...given.args, "x"], given);
  assert.equal(code, 0, stderr);
  assert.equal(place.server.requests[0]?.params?.model, model);
}
const inFile = 'model = "gpt-4.1"\n';

test("the file chooses the model", (t) => checkModel(t, { args: [], config: inFile }, "gpt-4.1"));
test("--config before the file", (t) => checkModel(t, { args: ["-c", "model=gpt-5.4"], config: inFile }, "gpt-5.4"));
test("--model before --config", (t) =>
  checkModel(t, { args: ["-m", "test-model", "-c", 'model="gpt-5.4"'], config: inFile }, "test-model"));
test("the environment's server before the file's, and the option's before both", async (t) => {
  const place = await makePlace(t, { script: done, config: 'openai_base_url = "http://127.0.0.1:9/v1"\n' });
  const run = await place.run(["exec", "-c", `openai_base_url=${place.server.baseUrl}`, "x"], {
    env: { OPENAI_BASE_URL: "http://127.0.0.1:9/v1" },
  });
  assert.equal(run.code, 0, run.stderr);
});
test("unknown settings are named, and the turn goes on", async (t) => {
  const place = await makePlace(t, {
    script: done,
    config: 'colour = "red"\n[sandbox_workspace_write]\nnetwork = true\n',
  });
  const { code, stderr } = await place.run(["exec", "-c", "mcp_servers.x.command=y", "x"]);
  assert.equal(code, 0);
  for (const key of ["colour", "sandbox_workspace_write.network", "mcp_servers"])
    assert.ok(stderr.includes(`there is no setting "${key}" in this version`), stderr);
});
test("other settings reach the request", async (t) => {
  const place = await makePlace(t, { script: done, config: 'developer_instructions = "Be brief."\n' });
  await place.run(["exec", "-m", "gpt-5.4", "-c", "model_reasoning_effort=high", "x"]);
  const { body } = place.server.requests[0]!;
  assert.deepEqual((JSON.parse(body) as { reasoning: object }).reasoning, { effort: "high", summary: "auto" });
  assert.match(body, /Be brief\./);
});
test("AGENTS.md is read where the user started the agent", async (t) => {
  const place = await makePlace(t, { script: done });
  await writeFile(path.join(place.cwd, "AGENTS.md"), "Prefer tabs.");
  await place.run(["exec", "x"]);
  assert.match(place.server.requests[0]!.body, /Prefer tabs\./);
});

for (const signal of ["SIGTERM", "SIGINT"] as const)
  test(`${signal} ends the turn and the children of its commands`, async (t) => {
    const cmd = "sleep 300 & a=$!; setsid sleep 301 & echo $a $! > pids; wait";
    const place = await makePlace(t, { script: [[call("exec_command", { cmd, yield_time_ms: 60_000 })]] });
    await promisify(execFile)("mkfifo", [path.join(place.cwd, "pids")]);
    const child = await place.start(["exec", "--json", "-s", "danger-full-access", "x"]);
    const end = ended(child);
    const pids = (await readFile(path.join(place.cwd, "pids"), "utf8")).trim().split(" ").map(Number);
    const asked = performance.now();
    child.kill(signal);
    const { code, stdout, stderr } = await end;
    assert.ok(performance.now() - asked < 2000);
    assert.equal(code, 1, stderr);
    assert.deepEqual(eventsOf(stdout).at(-1), { type: "turn.failed", error: { message: "The turn was stopped." } });
    assert.equal(pids.length, 2);
    for (const pid of pids) assert.equal(await isAlive(pid), false);
  });
