import { after, afterEach, before } from "node:test";
import type { BrowserContext, Locator, Page } from "playwright-core";
import { type Harness, type PanelOptions, startHarness } from "./harness.ts";
import { NOW_MS } from "./page/items.ts";

/** One panel under test, and the server it talks to. */
export interface Panel {
  readonly page: Page;
  /** Requests that left the panel's own files. */
  readonly strangers: string[];
  /** Errors of the page and of its console, refusals of the content security policy among them. */
  readonly faults: string[];
  byId(testId: string): Locator;
  notify(method: string, params: object): Promise<void>;
  /** Asks the panel; resolves with the request's id. */
  ask(method: string, params: object): Promise<number>;
  /** The params of every request of this method so far. */
  requests(method: string): Promise<unknown[]>;
  answers(): Promise<{ itemId: string; answer: unknown }[]>;
  /** Has answered what the scene is silent about. */
  speak(): Promise<void>;
  /** From now on time passes only with `run`. */
  pause(): Promise<void>;
  /** Lets timers and frames of this many milliseconds happen. */
  run(ms: number): Promise<void>;
}

/** Starts the harness for the tests of a file. The function opens a panel, which is closed when its test is done. */
export function panels(): (options: PanelOptions) => Promise<Panel> {
  let harness: Harness;
  before(async () => {
    harness = await startHarness();
  });
  after(() => harness.close());
  const opened: BrowserContext[] = [];
  afterEach(async () => {
    for (const context of opened.splice(0)) await context.close();
  });
  return async (options) => {
    const panel = await harness.open(options);
    opened.push(panel.context);
    return drive(panel);
  };
}

function drive({ page, strangers, faults }: { page: Page; strangers: string[]; faults: string[] }): Panel {
  const call = (expression: string): Promise<unknown> => page.evaluate(expression);
  const literal = JSON.stringify;
  return {
    page,
    strangers,
    faults,
    byId: (testId) => page.getByTestId(testId),
    notify: async (method, params) => void (await call(`fake.notify(${literal(method)}, ${literal(params)})`)),
    ask: async (method, params) => (await call(`fake.ask(${literal(method)}, ${literal(params)})`)) as number,
    requests: async (method) => (await call(`fake.requests(${literal(method)})`)) as unknown[],
    answers: async () => (await call("fake.answers")) as { itemId: string; answer: unknown }[],
    speak: async () => void (await call("fake.speak()")),
    pause: () => page.clock.pauseAt(NOW_MS + 60_000),
    run: (ms) => page.clock.runFor(ms),
  };
}

/** The text as it is seen. */
export async function textOf(element: Locator): Promise<string> {
  await element.waitFor({ state: "attached" });
  return (await element.allInnerTexts())[0] ?? "";
}

export function isFocused(element: Locator): Promise<boolean> {
  return element.evaluate((found) => found === found.ownerDocument.activeElement);
}

/** Pixels from the top of the page. */
export async function topOf(element: Locator): Promise<number> {
  return Math.round((await element.boundingBox())?.y ?? Number.NaN);
}

/** Long enough for the slowest machine: it only ends a test that fails. */
const PATIENCE_MS = 30_000;

/** Polls until the value is there; fails in the end with what it was last. */
export async function until<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  let value = await read();
  while (!holds(value) && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    value = await read();
  }
  if (!holds(value)) throw new Error(`It did not come to hold; the last value was ${JSON.stringify(value)}.`);
  return value;
}
