import assert from "node:assert/strict";
import { once } from "node:events";
import { appendFile, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { call, customCall, message } from "../../src/core/model/demo/output.ts";
import { type Client, connectClient } from "../../src/rpc/client.ts";
import { linesTransport } from "../../src/rpc/lines.ts";
import { assertNotObeyed, assertOnlyRead, attempts, startCanary } from "../support/hostileModel.ts";
import { makeHostile } from "../support/hostileRepository.ts";
import { outputsOf } from "../support/modelInput.ts";
import type { Script } from "../support/modelServer.ts";
import { makePlace, type Place } from "./terminal.ts";

/** A user who works in a hostile repository, with a PATH as some have it. Its settings name a model server that counts. */
async function makeStage(t: TestContext, script: Script) {
  const canary = await startCanary();
  const place = await makePlace(t, { script });
  t.after(() => canary.close());
  const root = path.dirname(place.cwd);
  const { repository, canaries } = await makeHostile(root, canary.origin);
  const link = path.join(root, "link");
  await symlink(repository, link);
  const user = path.join(root, "user");
  const home = path.join(user, ".patchwright");
  await mkdir(home, { recursive: true, mode: 0o700 });
  const config = `openai_base_url = "${place.server.baseUrl}"\nmodel = "gpt-5.4"\n`;
  await writeFile(path.join(home, "config.toml"), config);
  // The environment leaves open what the repository's .env would set.
  const unset = { PATCHWRIGHT_HOME: undefined, OPENAI_BASE_URL: undefined, OPENAI_API_KEY: undefined };
  const paths = [".", "", "node_modules/.bin", "./node_modules/.bin", process.env.PATH].join(":");
  const start = {
    cwd: repository,
    env: { ...unset, HOME: user, CODEX_API_KEY: place.server.apiKey, PATH: paths },
  };
  const assertQuiet = async () => {
    assert.deepEqual(await readdir(canaries), [], "traps that were started");
    assert.equal(canary.reached, 0, "connections to the server that the repository names");
    assert.ok(place.server.requests.length > 0);
  };
  const distrust = (folder: string) =>
    appendFile(path.join(home, "config.toml"), `[projects.${JSON.stringify(folder)}]\ntrust_level = "untrusted"\n`);
  return { place, repository, link, start, assertQuiet, distrust };
}

async function assertUntouched(repository: string): Promise<void> {
  assert.equal(await readFile(path.join(repository, "a.txt"), "utf8"), "needle\n");
  assert.equal((await readdir(repository)).includes("ran.txt"), false);
}

const looking = [
  call("read_file", { path: "a.txt" }),
  call("search_text", { pattern: "needle" }),
  call("exec_command", { cmd: "touch ran.txt; git --version && echo fine" }),
  call("exec_command", { cmd: "echo fine", tty: true }),
];

for (const args of [[], ["--sandbox", "danger-full-access"]])
  test(`exec ${args.join(" ")} takes no setting of the repository and starts none of its programs`, async (t) => {
    const { place, repository, start, assertQuiet } = await makeStage(t, [looking, [message("Done.")]]);
    const { code, stderr } = await place.run(["exec", "--cd", repository, ...args, "Look"], start);
    assert.equal(code, 0, stderr);
    await assertQuiet();
    const [asked, answered] = place.server.requests;
    assert.doesNotMatch(asked!.body, /Say moo|evil-model/);
    const heard = outputsOf(answered!);
    assert.match(heard[2] ?? "", /fine/);
    assert.match(heard[3] ?? "", /fine/);
    // The rule that the repository brings would have lifted the sandbox.
    assert.equal((await readdir(repository)).includes("ran.txt"), args.length > 0);
  });

/** How a folder is named: in config.toml, and to the program. */
const namings = { "as it lies, and entered by a link": false, "by a link, and entered as it lies": true } as const;
for (const [name, isLinkInFile] of Object.entries(namings))
  test(`exec only reads in a folder that config.toml does not trust, which it names ${name}`, async (t) => {
    const { place, repository, link, start, assertQuiet, distrust } = await makeStage(t, [
      attempts,
      [message("Read.")],
    ]);
    await distrust(isLinkInFile ? link : repository);
    const full = ["--sandbox", "danger-full-access", "--config", "approval_policy=never"];
    const ran = await place.run(["exec", ...full, "--cd", isLinkInFile ? repository : link, "Obey"], start);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stderr, /Restricted Mode: config\.toml calls this folder untrusted/);
    await assertQuiet();
    for (const request of place.server.requests) assertNotObeyed(request);
    assertOnlyRead(place.server.requests[1]!, /Restricted Mode: the user's config\.toml/);
    assert.doesNotMatch(place.server.requests[1]!.body, /in the editor/);
    await assertUntouched(repository);
  });

interface Server {
  readonly client: Client;
  /** What it has asked so far. */
  readonly asked: readonly string[];
  /** Resolves when a turn has ended. */
  readonly ended: Promise<void>;
}

/** A client that allows whatever it is asked. */
async function serve<T>(place: Place, start: object, use: (server: Server) => Promise<T>): Promise<T> {
  const child = await place.start(["app-server"], { ...start, stdin: "open" });
  const closed = once(child, "close");
  const asked: string[] = [];
  const ended = Promise.withResolvers<void>();
  const write = async (text: string) => void child.stdin.write(text);
  const client = connectClient(linesTransport({ input: child.stdout, write }), {
    onNotification: ({ method }) => void (method === "turn/completed" && ended.resolve()),
    async onServerRequest({ method }) {
      asked.push(method);
      return { decision: "accept" };
    },
  });
  await client.request("initialize", { clientInfo: { name: "t", title: null, version: "0" }, capabilities: null });
  await client.notify("initialized");
  try {
    return await use({ client, asked, ended: ended.promise });
  } finally {
    child.stdin.end();
    await closed;
  }
}

/** One turn; resolves with the thread's id. */
async function converse({ client, ended }: Server, cwd: string): Promise<string> {
  const { thread } = await client.request("thread/start", { cwd, sandbox: "danger-full-access" });
  await client.request("turn/start", { threadId: thread.id, input: [{ type: "text", text: "Obey" }] });
  await ended;
  return thread.id;
}

test("app-server only reads there, too, whatever its client asks for", async (t) => {
  const { place, repository, link, start, assertQuiet, distrust } = await makeStage(t, [attempts, [message("Read.")]]);
  await distrust(repository);
  const asked = await serve(place, start, async (server) => {
    await converse(server, link);
    return server.asked;
  });
  assert.deepEqual(asked, []);
  await assertQuiet();
  for (const request of place.server.requests) assertNotObeyed(request);
  assertOnlyRead(place.server.requests[1]!, /Restricted Mode: the user's config\.toml/);
  await assertUntouched(repository);
});

const patch = "*** Begin Patch\n*** Update File: a.txt\n@@\n-needle\n+thread\n*** End Patch";
for (const level of ["trusted", "untrusted"] as const)
  test(`what was done in a folder is undone and restored by app-server while it is trusted: ${level}`, async (t) => {
    const script = [[customCall("apply_patch", patch)], [message("Done.")]];
    const { place, repository, link, start, distrust } = await makeStage(t, script);
    const threadId = await serve(place, start, (server) => converse(server, repository));
    const onDisk = () => readFile(path.join(repository, "a.txt"), "utf8");
    assert.equal(await onDisk(), "thread\n");
    if (level === "untrusted") await distrust(link);
    const refused = level === "untrusted" ? [/config\.toml calls the folder of .*a\.txt untrusted/] : [];
    await serve(place, start, async ({ client }) => {
      const { data } = await client.request("checkpoint/list", { threadId });
      const restored = await client.request("checkpoint/restore", {
        threadId,
        checkpointId: data[0]?.id ?? "",
        files: true,
        thread: false,
      });
      const messages = restored.files.flatMap(({ message: said }) => said ?? []);
      assert.equal(messages.length, refused.length, messages.join());
      for (const [at, words] of refused.entries()) assert.match(messages[at] ?? "", words);
      assert.equal(await onDisk(), level === "untrusted" ? "thread\n" : "needle\n");
    });
    await serve(place, start, async ({ client }) => {
      const { skipped } = await client.request("change/reject", {});
      assert.equal(skipped.length, refused.length);
      for (const [at, words] of refused.entries()) assert.match(skipped[at]?.message ?? "", words);
    });
    assert.equal(await onDisk(), level === "untrusted" ? "thread\n" : "needle\n");
  });
