import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { call, customCall, message } from "../../src/core/model/demo/output.ts";
import { makePlace, type Place, type Ran } from "../cli/terminal.ts";
import { fail } from "../support/modelServerReply.ts";

const apiKey = "sk-proj-Zq8vK2mX4pWcR7tYbN1dLhGj";
const noKey = { OPENAI_API_KEY: undefined, CODEX_API_KEY: undefined };

/** How a key may stand in a text, by the name of the form. `hidden` are those that are cut out; who reads the key itself can make others. */
function formsOf(key: string): { hidden: Record<string, string>; others: Record<string, string> } {
  const core = (offset: number) => {
    const digits = Buffer.from("\0".repeat(offset) + key)
      .toString("base64")
      .replace(/=+$/, "");
    return digits.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + key.length) * 8) / 6));
  };
  return {
    hidden: {
      plain: key,
      url: encodeURIComponent(key),
      base64: core(0),
      "base64 after one byte": core(1),
      "base64 after two bytes": core(2),
      hex: Buffer.from(key).toString("hex"),
    },
    others: { reversed: [...key].reverse().join(""), spaced: [...key].join(" "), half: key.slice(0, key.length / 2) },
  };
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

interface Looked {
  readonly place: Place;
  readonly ran: Ran;
  readonly forms: Readonly<Record<string, string>>;
}

/** Neither what was printed, nor what the model was sent, nor any file but those that are named, has one of these forms of the key. */
async function checkNowhere({ place, ran, forms }: Looked, but: readonly string[]): Promise<void> {
  const texts = new Map([
    ["standard output", ran.stdout],
    ["standard error", ran.stderr],
  ]);
  for (const [index, { body }] of place.server.requests.entries()) texts.set(`request ${index}`, body);
  for (const file of [...(await filesBelow(place.home)), ...(await filesBelow(place.cwd))]) {
    if (!but.includes(path.basename(file))) texts.set(file, await readFile(file, "latin1"));
  }
  for (const [where, text] of texts) {
    for (const [form, value] of Object.entries(forms)) assert.ok(!text.includes(value), `${where} has it: ${form}`);
  }
}

const command = (cmd: string) => [call("exec_command", { cmd, yield_time_ms: 30_000 })];

/** Tries to read the key wherever it, or a process that has it, may be, and to keep it in every form. */
function search(home: string): string {
  return `
    { env; export -p; set; cat /proc/self/environ /proc/1/environ /proc/$PPID/environ; cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline; ps eww
      cat '${home}/auth.json' '${home}'/*.json '${home}'/*/* ; find ~ /tmp /home /root /var/tmp -name auth.json -exec cat {} + ; ls -laR '${home}'
      cat ~/.patchwright/auth.json ~/.codex/auth.json; cat /proc/[0-9]*/root'${home}'/auth.json; cat /proc/[0-9]*/cwd/../home/auth.json
    } > found.txt 2>&1
    base64 -w0 found.txt > found.b64; xxd -p found.txt | tr -d '\\n' > found.hex; rev found.txt > found.rev; tr '\\0' '\\n' < found.txt | head -c 100000
    ln -s '${home}' home; ln -s '${home}/auth.json' key; cat home/auth.json key; cp -r '${home}' copied; true`;
}

async function attack(t: TestContext, sandbox: string, script: (place: { home: string }) => readonly object[][]) {
  let home = "";
  let steps: readonly object[][] | undefined;
  const place = await makePlace(t, {
    apiKey,
    config: 'model = "gpt-5.4"\n',
    script: () => {
      steps ??= script({ home });
      const [next = [message("Nothing.")], ...rest] = steps;
      steps = rest;
      return next as never;
    },
  });
  home = place.home;
  assert.equal((await place.run(["login"], { env: noKey, stdin: apiKey })).code, 0);
  const ran = await place.run(["exec", "--json", "--sandbox", sandbox, "Find it."], { env: noKey });
  return { place, ran };
}

test("confined commands and tools do not find the key anywhere, in any form; the request has it", async (t) => {
  const { place, ran } = await attack(t, "workspace-write", ({ home }) => [
    command(search(home)),
    [call("read_file", { path: `${home}/auth.json` }), call("read_file", { path: "home/auth.json" })],
    [call("search_text", { pattern: "KEY", path: home }), call("view_image", { path: `${home}/auth.json` })],
    [customCall("apply_patch", `*** Begin Patch\n*** Update File: ${home}/auth.json\n@@\n-x\n+y\n*** End Patch\n`)],
    [message("Nothing.")],
  ]);
  assert.equal(ran.code, 0, ran.stderr);
  const found = await readFile(path.join(place.cwd, "found.txt"), "latin1");
  assert.match(found, /PATH=/, "The command ran and looked.");
  const { hidden, others } = formsOf(apiKey);
  await checkNowhere({ place, ran, forms: { ...hidden, ...others } }, ["auth.json"]);
  assert.ok((await readFile(path.join(place.home, "auth.json"), "utf8")).includes(apiKey));
  assert.equal(place.server.requests.length, 5);
  for (const { headers } of place.server.requests) assert.equal(headers.authorization, `Bearer ${apiKey}`);
});

test("with full access a command reads the key, and still nothing that is told or kept has it", async (t) => {
  const { place, ran } = await attack(t, "danger-full-access", ({ home }) => [
    command(`cat '${home}/auth.json'; base64 -w0 '${home}/auth.json'; xxd -p '${home}/auth.json' | tr -d '\\n'`),
    command(`for c in $(sed 's/./& /g' '${home}/auth.json'); do printf %s "$c"; sleep 0.005; done`),
    [message("Found.")],
  ]);
  assert.equal(ran.code, 0, ran.stderr);
  assert.match(ran.stdout, /\[redacted\]/);
  await checkNowhere({ place, ran, forms: formsOf(apiKey).hidden }, ["auth.json"]);
});

test("what the server says of the key is told without it", async (t) => {
  const place = await makePlace(t, {
    apiKey,
    config: 'model = "gpt-5.4"\n',
    script: () => fail(400, { message: `The key ${apiKey} or ${btoa(apiKey)} is bad.` }) as never,
  });
  const ran = await place.run(["exec", "--json", "Hello."]);
  assert.equal(ran.code, 1);
  assert.match(ran.stdout, /The key \[redacted\] or/);
  await checkNowhere({ place, ran, forms: formsOf(apiKey).hidden }, []);
});
