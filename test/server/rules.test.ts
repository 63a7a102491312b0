import assert from "node:assert/strict";
import { test } from "node:test";
import type { NewRule } from "../../src/protocol/rules.ts";
import type { Client } from "../../src/rpc/client.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { type Play, play } from "../support/play.ts";

const npmTest: NewRule = { subject: { kind: "command", prefix: ["npm", "test"] }, decision: "allow" };
const example: NewRule = { subject: { kind: "host", host: "*.example.org" }, decision: "deny" };

/** Plays with the store as `files` has it; a play that is given the store of an earlier one is a restart, or another window. */
async function check(storage: Map<string, string>, act: (played: Play, rules: Client) => Promise<void>) {
  const played = await play({ script: [], host: createMemoryHost({ storage }) });
  try {
    await act(played, played.client);
  } finally {
    await played.close();
  }
}

const write = (client: Client, rule: NewRule, id?: string) =>
  client.request("rule/write", { rule, ...(id ? { id } : {}) }).then((answer) => answer.rule);
const list = async (client: Client) => (await client.request("rule/list", {})).data;
const told = async (played: Play) => (await played.told("rule/updated")).rules;
const fileOf = (storage: Map<string, string>) => JSON.parse(storage.get("rules.json") ?? "null");

test("what one client writes the others see, and are told", () =>
  check(new Map(), async (played, client) => {
    const other = await played.join();
    const rule = await write(other, npmTest);
    assert.deepEqual(rule, { ...npmTest, id: rule.id, createdAt: rule.createdAt });
    assert.deepEqual(await told(played), [rule]);
    assert.deepEqual(await list(client), [rule]);
  }));

test("a rule survives a restart", async () => {
  const storage = new Map<string, string>();
  await check(storage, async (_, client) => void (await write(client, npmTest)));
  await check(storage, async (_, client) => assert.deepEqual((await list(client))[0]?.subject, npmTest.subject));
});

test("a rule that another window saves holds here, and the clients are told when it is noticed", () => {
  const storage = new Map<string, string>();
  return check(storage, async (here, client) => {
    assert.deepEqual(await list(client), []);
    await check(storage, async (_, there) => void (await write(there, example)));
    assert.deepEqual((await list(client))[0]?.subject, example.subject);
    assert.equal((await told(here)).length, 1);
    await write(client, npmTest);
    assert.equal(fileOf(storage).rules.length, 2);
  });
});

test("with its id, a rule is changed", () =>
  check(new Map(), async (_, client) => {
    const first = await write(client, npmTest);
    await write(client, example);
    const changed = await write(client, { ...npmTest, decision: "deny" }, first.id);
    assert.deepEqual(changed, { ...first, decision: "deny" });
    assert.deepEqual(
      (await list(client)).map(({ id }) => id === first.id),
      [true, false],
    );
  }));

test("the same rule is not made twice", () =>
  check(new Map(), async (_, client) => {
    const first = await write(client, npmTest);
    assert.deepEqual(await write(client, npmTest), first);
    assert.equal((await list(client)).length, 1);
  }));

test("a rule is deleted once", () =>
  check(new Map(), async (played, client) => {
    const { id } = await write(client, npmTest);
    await told(played);
    assert.deepEqual(await client.request("rule/delete", { id }), { deleted: true });
    assert.deepEqual(await told(played), []);
    assert.deepEqual(await client.request("rule/delete", { id }), { deleted: false });
  }));

test("writes of several clients at once are all kept", () =>
  check(new Map(), async (played, client) => {
    const clients = [client, await played.join(), await played.join()];
    const hosts = Array.from({ length: 12 }, (_, index) => `h${index}.example.org`);
    const written = hosts.map((host, index) =>
      write(clients[index % 3] as Client, { ...example, subject: { kind: "host", host } }),
    );
    await Promise.all(written);
    assert.equal((await list(client)).length, 12);
  }));

/** Refused with these words, and nothing is saved. */
function refuses(rule: NewRule, words: RegExp, id?: string) {
  const storage = new Map<string, string>();
  return check(storage, async (_, client) => {
    await assert.rejects(write(client, rule, id), words);
    assert.equal(storage.has("rules.json"), false);
  });
}

test("a rule for a bare shell is refused", () =>
  refuses({ ...npmTest, subject: { kind: "command", prefix: ["bash"] } }, /cannot be allowed always/));
for (const prefix of [["curl"], ["git", "clone"], ["npm", "install"]]) {
  test(`so is one for outside the sandbox that may do anything: ${prefix.join(" ")}`, () =>
    refuses({ decision: "allow", unconfined: true, subject: { kind: "command", prefix } }, /outside the sandbox/));
  test(`not inside it: ${prefix.join(" ")}`, () =>
    check(
      new Map(),
      async (_, client) => void (await write(client, { decision: "allow", subject: { kind: "command", prefix } })),
    ));
}
test("one that denies it is not", () =>
  check(
    new Map(),
    async (_, client) =>
      void (await write(client, { subject: { kind: "command", prefix: ["bash"] }, decision: "deny" })),
  ));
test("a folder that is not absolute is refused", () => refuses({ ...npmTest, workspace: "src" }, /must be absolute/));
test("so is one with dots", () => refuses({ ...npmTest, workspace: "/a/../b" }, /must be absolute/));
test("a denial is of no rights", () => refuses({ ...npmTest, decision: "deny", unconfined: true }, /Only a rule that/));
test("nor are hosts", () => refuses({ ...example, decision: "allow", unconfined: true }, /Only a rule that/));
test("a host must be one", () => refuses({ ...example, subject: { kind: "host", host: "*" } }, /is no host/));
test("what is no rule is refused", () =>
  refuses({ ...npmTest, subject: { kind: "command", prefix: [] } }, /params\.rule\.subject\.prefix/));
test("a rule that is not there cannot be changed", () => refuses(npmTest, /There is no rule x\./, "x"));

/** A file as it is found: how many rules hold, and what the user is told. It stays as it is. */
function finds(text: string, expected: { rules: number; warning?: RegExp }) {
  const storage = new Map([["rules.json", text]]);
  return check(storage, async (played, client) => {
    assert.equal((await list(client)).length, expected.rules);
    if (expected.warning) assert.match((await played.told("warning")).message, expected.warning);
    assert.deepEqual(
      [...storage].filter(([name]) => name.startsWith("rules")),
      [["rules.json", text]],
    );
  });
}

const kept = (rules: readonly unknown[], version = 1) => JSON.stringify({ version, rules });
const saved = { ...npmTest, id: "a", createdAt: 1 };
const broken = {
  rules: 0,
  warning:
    /cannot be read: Its text is no list of rules\. .*every command asks.*until you mend \S+rules\.json or move it away\.$/,
};
test("no text is no file of ours", () => finds("", broken));
test("nor is a torn one", () => finds(kept([saved]).slice(0, -4), broken));
test("nor is another JSON", () => finds('{"allow":"all"}', broken));
test("nor a list", () => finds("[]", broken));
test("a newer version is left alone", () => finds(kept([saved], 2), { rules: 0, warning: /newer Patchwright/ }));
test("an entry that is none is not followed", () =>
  finds(kept([saved, { ...saved, decision: "yes" }]), { rules: 1, warning: /One of the saved rules/ }));
test("nor is one that nobody may save", () =>
  finds(kept([saved, { ...saved, subject: { kind: "command", prefix: ["sh", "-c"] } }, 7]), {
    rules: 1,
    warning: /^2 of the saved rules are not followed\. .*what follows "sh" may be any command\. It cannot be read\. /,
  }));

for (const [name, text, why] of [
  ["a newer version", kept([saved], 2), /It was written by a newer Patchwright/],
  ["a broken file", kept([saved]).slice(0, -4), /Its text is no list of rules/],
] as const)
  test(`nothing is written over ${name}, nor is it lost`, () => {
    const storage = new Map([["rules.json", text]]);
    return check(storage, async (_, client) => {
      await assert.rejects(write(client, example), why);
      await assert.rejects(client.request("rule/delete", { id: "a" }), why);
      assert.equal(storage.get("rules.json"), text);
      storage.set("rules.json", kept([saved]));
      await write(client, example);
      assert.equal((await list(client)).length, 2);
    });
  });

test("an entry that allows what nobody may says nothing of others", () =>
  finds(kept([{ ...saved, unconfined: true, subject: { kind: "command", prefix: ["curl"] } }]), {
    rules: 0,
    warning:
      /is not followed\. "curl" cannot be allowed always outside .* Mend \S+rules\.json, or take it out there\.$/,
  }));
test("one that may deny makes every command ask", () =>
  finds(kept([{ ...saved, decision: "deny", subject: { kind: "later" } }]), {
    rules: 0,
    warning: /It cannot be read\. Mend .* every command asks until then\.$/,
  }));

test("what is not followed is kept when something is saved", () => {
  const storage = new Map([["rules.json", kept([{ later: true }, saved])]]);
  return check(storage, async (_, client) => {
    await write(client, example);
    assert.deepEqual(
      fileOf(storage).rules.map((entry: { later?: true }) => entry.later ?? false),
      [false, false, true],
    );
  });
});

test("a file in the workspace is never read", async () => {
  const files = { "/workspace/rules.json": kept([saved]), "/workspace/.patchwright/rules.json": kept([saved]) };
  const played = await play({ script: [], host: createMemoryHost({ files }) });
  assert.deepEqual(await list(played.client), []);
  await played.close();
});
