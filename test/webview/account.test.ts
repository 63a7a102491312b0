import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Client } from "../../src/rpc/client.ts";
import { Account } from "../../webview-ui/session/account.ts";
import { Choices } from "../../webview-ui/session/choices.ts";
import { model } from "./page/fakeServer.ts";

test("an answer about models from before a key was entered does not bring the demo back", async () => {
  const before = Promise.withResolvers<void>();
  const lists = [
    before.promise.then(() => [model("demo", "Demo", "")]),
    Promise.resolve([model("atlas-4", "Atlas", "")]),
  ];
  const client = {
    request: async (method: string) =>
      method === "account/read" ? { account: null, requiresOpenaiAuth: false } : { data: await lists.shift() },
  } as unknown as Client;
  const changed = () => {};
  const choices = new Choices({ client, threadId: () => undefined, changed, onLasting: changed });
  const account = new Account({ client, choices, changed });
  const first = account.read();
  // So that it is the first that waits for the models of before.
  while (lists.length === 2) await setImmediate();
  await account.read();
  before.resolve();
  await first;
  assert.deepEqual(
    account.models.map(({ id }) => id),
    ["atlas-4"],
  );
});

test("a reading that a later one overtakes is over once it is known whether there is a key", async () => {
  const later = Promise.withResolvers<void>();
  const answers = [Promise.resolve(), later.promise];
  const client = {
    async request() {
      await answers.shift();
      return { account: null, requiresOpenaiAuth: true };
    },
  } as unknown as Client;
  const changed = () => {};
  const choices = new Choices({ client, threadId: () => undefined, changed, onLasting: changed });
  const account = new Account({ client, choices, changed });
  const known = account.readKey().then(() => account.hasKey);
  const second = account.readKey();
  await setImmediate();
  later.resolve();
  await second;
  assert.equal(await known, false);
});

test("a message that is sent as soon as a key is told of does not miss it, also when the server tells no more", async () => {
  const client = { request: () => Promise.reject(new Error("It is gone.")) } as unknown as Client;
  const changed = () => {};
  const choices = new Choices({ client, threadId: () => undefined, changed, onLasting: changed });
  const account = new Account({ client, choices, changed });
  account.told({ authMode: "apikey" });
  assert.equal(account.hasKey, true);
  await setImmediate();
  account.told({ authMode: null });
  assert.equal(account.hasKey, false);
});
