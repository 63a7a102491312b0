import assert from "node:assert/strict";
import { test } from "node:test";
import { pathsOf } from "../../../src/core/policy/paths.ts";
import { Secrets } from "../../../src/core/policy/secrets.ts";
import { ThreadContext } from "../../../src/core/prompt/threadContext.ts";
import { ChangeStore } from "../../../src/core/review/changeStore.ts";
import { Journal } from "../../../src/core/store/journal.ts";
import type { ThreadDeps } from "../../../src/core/threadDeps.ts";
import { createFakeClock } from "../../support/fakeClock.ts";
import { createMemoryHost } from "../../support/memoryHost.ts";
import { somePermissions } from "../../support/permissions.ts";
import { baseInstructions } from "../../support/play.ts";

const STEPS = 50;

/** What is done to values, watched for the words of an item. */
class Watch {
  /** By the number in "item 7": in which steps something was done to it. */
  readonly seen = new Map<string, Set<number>>();
  step = 0;
  readonly #restore: (() => void)[] = [];

  constructor() {
    this.#watch(JSON, "stringify", (value) => (typeof value === "string" ? undefined : this.#textOf(value)));
    this.#watch(TextEncoder.prototype, "encode", String);
    this.#watch(TextEncoder.prototype, "encodeInto", String);
    this.#watch(globalThis, "structuredClone", (value) => this.#textOf(value));
    this.#watch(Object, "assign", (value) => this.#textOf(value));
  }

  end(): void {
    for (const restore of this.#restore) restore();
  }

  #stringify = JSON.stringify;

  #textOf(value: unknown): string | undefined {
    return this.#stringify(value);
  }

  #watch<T extends object, K extends keyof T>(
    owner: T,
    name: K,
    wordsOf: (value: unknown) => string | undefined,
  ): void {
    const original = owner[name] as (...args: unknown[]) => unknown;
    const watch = this;
    owner[name] = function (this: unknown, ...args: unknown[]) {
      for (const word of (wordsOf(args[0]) ?? "").match(/item \d+\b/g) ?? []) {
        const steps = watch.seen.get(word) ?? new Set();
        watch.seen.set(word, steps.add(watch.step));
      }
      return original.apply(this, args);
    } as T[K];
    this.#restore.push(() => {
      owner[name] = original as T[K];
    });
  }
}

function makeContext(settings: { developerInstructions: string }) {
  const host = createMemoryHost();
  const secrets = new Secrets();
  const deps = {
    host,
    secrets,
    paths: pathsOf(host.platform),
    clock: createFakeClock(),
    settings: () => ({
      approvalPolicy: "on-request",
      sandboxMode: "workspace-write",
      maxRetries: 0,
      trusted: true,
      ...settings,
    }),
    baseInstructions,
    rules: { list: async () => [] },
  } as unknown as ThreadDeps;
  const journal = new Journal(host.storage, "thread-1", secrets);
  const changes = new ChangeStore({ ...deps, log: (fault) => assert.fail(String(fault)) });
  const thread = { threadId: "thread-1", journal, warn: assert.fail, hasTurn: () => true };
  return new ThreadContext(thread, { ...deps, changes });
}

test("an item is serialised and counted in the step in which it comes, and never again", async () => {
  const settings = { developerInstructions: "" };
  const context = makeContext(settings);
  const permissions = somePermissions({ workspaceRoots: ["/workspace"] });
  const { signal } = new AbortController();
  const request = { model: "gpt-6.1-sol", effort: null, permissions };
  const watch = new Watch();
  try {
    let items = 0;
    for (watch.step = 1; watch.step <= STEPS; watch.step++) {
      const words = () => `item ${++items}`;
      settings.developerInstructions = words();
      context.addMessage(`turn-${watch.step}`, [{ type: "text", text: words() }]);
      await context.beginTurn({ ...request, cwd: "/workspace", signal });
      context.request();
      await context.append([{ type: "message", role: "assistant", content: words() }]);
      settings.developerInstructions = words();
      await context.tellChanges(request);
      assert.equal(context.request().match(/item \d+\b/g)?.length, items);
    }
    assert.equal(watch.seen.size, items);
  } finally {
    watch.end();
  }
  for (const [word, steps] of watch.seen) assert.equal(steps.size, 1, `${word} was handled in steps ${[...steps]}.`);
});
