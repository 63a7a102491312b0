import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { KeyFile } from "../../src/cli/keyFile.ts";
import { RuleStore } from "../../src/core/store/rules.ts";
import { createNodeStorage } from "../../src/host/node/storage.ts";
import type { NewRule, Rule } from "../../src/protocol/rules.ts";
import { program } from "../cli/terminal.ts";
import { withFolder } from "../host/nodeFixture.ts";
import { ask, logIn, playStory, type Story } from "./stracedStores.ts";

/** What came to its end between two runs of one story may come in another order now and then. */
const MOST_TRIES = 3;

/** Plays the story once to its end, and then once for each call that changes something, at which it is killed. */
function check(name: string, story: Story): void {
  test(name, { timeout: 120_000 }, async (t) => {
    await withFolder(async (root) => {
      const place = { program: await program, cache: join(root, "cache") };
      await playStory(join(root, "warm"), story, place);
      const { calls, killed } = await playStory(join(root, "whole"), story, place);
      assert.equal(killed, false);
      const targets = calls.filter(({ label }) => label !== undefined);
      assert.ok(targets.length > 5, `${targets.length} calls`);
      const waiting = targets.map((target, index) => ({ ...target, folder: join(root, `${index}`) }));
      const work = async () => {
        for (let target = waiting.shift(); target; target = waiting.shift()) {
          const { folder, label, ...kill } = target;
          let met = false;
          for (let tries = 0; !met && tries < MOST_TRIES; tries++) {
            const played = await playStory(join(folder, `${tries}`), story, place, kill);
            met = played.killed && played.calls.at(-1)?.label === label;
          }
          assert.ok(met, `${label} was never met`);
        }
      };
      // Both come to their end before the folder goes.
      const ends = await Promise.allSettled([work(), work()]);
      for (const end of ends) if (end.status === "rejected") throw end.reason;
      t.diagnostic(`killed at each of ${targets.length} calls: ${targets.map(({ label }) => label).join(", ")}`);
    });
  });
}

/** What the sandbox keeps there is empty. */
const EMPTY = "sandbox";

/** Nobody but their user may read any of it, at any moment. */
async function checkModes(folder: string, where: string): Promise<void> {
  assert.equal((await stat(folder)).mode & 0o777, 0o700, `${where}: ${folder}`);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name === EMPTY) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await checkModes(path, where);
    else assert.equal((await stat(path)).mode & 0o777, 0o600, `${where}: ${path}`);
  }
}

const keyText = (key: string) => `${JSON.stringify({ OPENAI_API_KEY: key })}\n`;
const [oldKey, newKey] = ["sk-old-A1b2C3d4E5f6", "sk-new-G7h8I9j0K1l2"];

function login(old: string | undefined): Story {
  return {
    before: old === undefined ? {} : { "auth.json": keyText(old) },
    start: (place) => logIn(place, newKey),
    async check(store, { said, where }) {
      await checkModes(store, where);
      const read = async () => readFile(join(store, "auth.json"), "utf8").catch(() => undefined);
      const kept = await read();
      const wanted = [keyText(newKey), ...(said ? [] : [old === undefined ? undefined : keyText(old)])];
      assert.ok(wanted.includes(kept), `${where}: auth.json is ${kept}`);
      // Whatever is done with the key next, nothing is left of one beside the file.
      await new KeyFile(store, assert.fail).read();
      assert.equal(await read(), kept, where);
      for (const name of await readdir(store)) {
        if (name === "auth.json" || (await stat(join(store, name))).isDirectory()) continue;
        assert.doesNotMatch(await readFile(join(store, name), "utf8"), /sk-/, `${where}: ${name}`);
      }
    },
  };
}

const given = (prefix: string[], decision: NewRule["decision"]): NewRule => ({
  subject: { kind: "command", prefix },
  decision,
});
const known: Rule = { ...given(["npm", "test"], "allow"), id: "0198c0de-0000-7000-8000-000000000001", createdAt: 1 };
const added = given(["git", "push"], "deny");

const ruleStory: Omit<Story, "start" | "check"> = {
  before: { "rules.json": `${JSON.stringify({ version: 1, rules: [known] })}\n` },
};

async function checkRules(store: string, where: string, allowed: readonly (readonly NewRule[])[]): Promise<void> {
  await checkModes(store, where);
  const storage = createNodeStorage(store);
  const options = { newId: randomUUID, now: () => 0, whyRefused: () => undefined, onChange: () => {} };
  const rules = new RuleStore({ storage, ...options, onWarning: (text) => assert.fail(`${where}: ${text}`) });
  const plain = (all: readonly Rule[]) => all.map(({ subject, decision }) => ({ subject, decision }));
  const there = plain(await rules.list());
  const wanted = allowed.map((all) => JSON.stringify(all.map(({ subject, decision }) => ({ subject, decision }))));
  assert.ok(wanted.includes(JSON.stringify(there)), `${where}: ${JSON.stringify(there)}`);
  // A process that was killed is in nobody's way.
  await rules.write(given(["ls"], "allow"));
  assert.deepEqual(await readdir(join(store, "locks")), [], where);
}

check("login over another key", login(oldKey));
check("the first login", login(undefined));
check("a rule is written", {
  ...ruleStory,
  start: (place) => ask(place, (client) => client.request("rule/write", { rule: added })),
  check: (store, { said, where }) => checkRules(store, where, said ? [[known, added]] : [[known], [known, added]]),
});
check("a rule is deleted", {
  ...ruleStory,
  start: (place) => ask(place, (client) => client.request("rule/delete", { id: known.id })),
  check: (store, { said, where }) => checkRules(store, where, said ? [[]] : [[known], []]),
});
