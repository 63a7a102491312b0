import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { type TestContext, test } from "node:test";
import { message } from "../../src/core/model/demo/output.ts";
import type { ServerNotification } from "../../src/protocol/methods.ts";
import { connectClient } from "../../src/rpc/client.ts";
import { linesTransport } from "../../src/rpc/lines.ts";
import { recorded, type TranscriptLine } from "../support/transcript.ts";
import { ownMethods, wireProblems } from "../wire/wireCheck.ts";
import { ended as finished, makePlace, type Place, type Ran } from "./terminal.ts";

const noKey = { OPENAI_API_KEY: undefined, CODEX_API_KEY: undefined };
const exec = ["exec", "Hello."];

/** What the program says never has the key. */
async function run(place: Place, args: readonly string[], options: Parameters<Place["run"]>[1]): Promise<Ran> {
  const ran = await place.run(args, options);
  const { apiKey } = place.server;
  assert.ok(!`${ran.stdout}${ran.stderr}`.includes(apiKey));
  return ran;
}

const placeWith = (t: TestContext) => makePlace(t, { config: 'model = "gpt-5.4"\n', script: [[message("Hi.")]] });

test("a key from standard input is kept for later runs, until it is removed", async (t) => {
  const place = await placeWith(t);
  const stdin = `${place.server.apiKey}\n`;
  assert.match((await run(place, exec, { env: noKey })).stderr, /no API key.*`patchwright login`/);
  assert.equal((await run(place, ["login", "status"], { env: noKey })).code, 1);
  assert.equal((await run(place, ["login", "--with-api-key"], { env: noKey, stdin })).code, 0);
  const file = path.join(place.home, "auth.json");
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.match((await run(place, ["login", "status"], { env: noKey })).stdout, /auth\.json\.$/m);
  assert.match((await run(place, exec, { env: noKey })).stdout, /^Hi\.$/m);
  assert.match((await run(place, ["logout"], { env: noKey })).stderr, /The key was removed/);
  assert.equal((await run(place, ["login", "status"], { env: noKey })).code, 1);
});

test("a file that holds no key is said, and nothing else", async (t) => {
  const place = await placeWith(t);
  await writeFile(path.join(place.home, "auth.json"), "{}", { mode: 0o600 });
  const { code, stderr } = await run(place, ["login", "status"], { env: noKey });
  assert.deepEqual([code, stderr.split("\n").length], [1, 2]);
  assert.match(stderr, /auth\.json holds no API key\. Set one with: patchwright login$/m);
});

test("the environment comes before the file", async (t) => {
  const place = await placeWith(t);
  const kept = await run(place, ["login"], { stdin: "sk-the-wrong-key" });
  assert.match(kept.stderr, /OPENAI_API_KEY of the environment comes before it/);
  assert.match((await run(place, ["login", "status"], {})).stdout, /OPENAI_API_KEY/);
  assert.match((await run(place, exec, {})).stdout, /^Hi\.$/m);
});

test("a key is no argument, and is not repeated when it is given as one", async (t) => {
  const place = await placeWith(t);
  const { apiKey } = place.server;
  for (const args of [[apiKey], [`--api-key=${apiKey}`], ["--with-api-key", apiKey], ["status", apiKey]]) {
    const ran = await run(place, ["login", ...args], { env: noKey });
    assert.equal(ran.code, 2);
    assert.match(ran.stderr, /never an argument/);
  }
  assert.equal((await run(place, ["login"], { env: noKey, stdin: "two words" })).code, 1);
  assert.match((await run(place, ["login"], { env: noKey, stdin: "\n" })).stderr, /^No key came on standard input\./);
  await assert.rejects(readFile(path.join(place.home, "auth.json")));
});

test("a file that others may write is not used, and the turn says why", async (t) => {
  const place = await placeWith(t);
  await run(place, ["login"], { env: noKey, stdin: place.server.apiKey });
  await chmod(path.join(place.home, "auth.json"), 0o666);
  const ran = await run(place, exec, { env: noKey });
  assert.equal(ran.code, 1);
  assert.match(ran.stderr, /auth\.json is not used: it could be written by others/);
});

test("a client of the app server sets a key, works with it, and removes it", async (t) => {
  const place = await placeWith(t);
  const { apiKey } = place.server;
  const child = await place.start(["app-server"], { env: noKey, stdin: "open" });
  const lines: TranscriptLine[] = [];
  const told = new EventEmitter();
  const write = async (text: string) => void child.stdin.write(text);
  const client = connectClient(recorded(linesTransport({ input: child.stdout, write }), lines), {
    onNotification: ({ method, params }: ServerNotification) => told.emit(method, params),
    onServerRequest: () => Promise.resolve({ decision: "decline" }),
  });
  const clientInfo = { name: "test", title: null, version: "0" };
  await client.request("initialize", { clientInfo, capabilities: null });
  await client.notify("initialized");
  const account = async () => (await client.request("account/read", {})).account;
  assert.equal(await account(), null);
  const refused = client.request("account/login/start", { type: "apiKey", apiKey: `${apiKey} x` });
  await assert.rejects(refused, (error: Error) => !error.message.includes(apiKey));
  const completed = once(told, "account/login/completed");
  const updated = once(told, "account/updated");
  assert.deepEqual(await client.request("account/login/start", { type: "apiKey", apiKey }), { type: "apiKey" });
  assert.deepEqual(await completed, [{ loginId: null, success: true, error: null }]);
  assert.equal((await updated)[0].authMode, "apikey");
  assert.deepEqual(await account(), { type: "apiKey" });
  const { thread } = await client.request("thread/start", {});
  const ended = once(told, "turn/completed");
  await client.request("turn/start", { threadId: thread.id, input: [{ type: "text", text: "Hello." }] });
  assert.equal((await ended)[0].turn.status, "completed");
  await client.request("account/logout", null);
  assert.equal(await account(), null);
  const all = finished(child);
  child.stdin.end();
  assert.equal((await all).stderr.includes(apiKey), false);
  const fromServer = lines.filter(({ from }) => from === "server");
  assert.equal(JSON.stringify(fromServer).includes(apiKey), false);
  assert.deepEqual(wireProblems(lines, ownMethods), []);
});

test("a terminal does not show what is typed", async (t) => {
  const place = await placeWith(t);
  const { apiKey } = place.server;
  const line = `'${process.execPath}' '${await place.program}' login`;
  const child = spawn("script", ["-qefc", line, "/dev/null"], {
    env: { PATH: process.env.PATH, PATCHWRIGHT_HOME: place.home, HOME: place.home, SHELL: "/bin/sh" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let shown = "";
  child.stdout.on("data", (piece: Buffer) => {
    shown += piece.toString();
    if (shown.endsWith("API key: ")) child.stdin.write(`x\b${apiKey}\r`);
  });
  const [code] = await once(child, "close");
  assert.equal(code, 0, shown);
  assert.match(shown, /The key is kept in/);
  assert.ok(!shown.includes(apiKey.slice(0, 8)), shown);
  const kept = execFileSync("cat", [path.join(place.home, "auth.json")], { encoding: "utf8" });
  assert.deepEqual(JSON.parse(kept), { OPENAI_API_KEY: apiKey });
});
