import { after, afterEach } from "node:test";
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
  /**
   * Waits until nothing is on its way between the panel and its server, and what came is drawn: what was not asked for by then will not be,
   * and what is not there will not come. For what does not happen; what does is waited for itself. Not while the clock is paused.
   */
  quiet(): Promise<void>;
  /** From now on time passes only with `run`. */
  pause(): Promise<void>;
  /** Lets timers and frames of this many milliseconds happen. */
  run(ms: number): Promise<void>;
}

/** Starts the harness for the tests of a file. The function opens a panel with all of its scene; it is closed when its test is done. */
export function panels(): (options: PanelOptions) => Promise<Panel> {
  let harness: Promise<Harness> | undefined;
  after(async () => (await harness)?.close());
  const opened: BrowserContext[] = [];
  afterEach(async () => {
    for (const context of opened.splice(0)) await context.close();
  });
  return async (options) => {
    harness ??= startHarness();
    const opening = await (await harness).open(options);
    opened.push(opening.context);
    const panel = drive(opening);
    await panel.quiet();
    return panel;
  };
}

/** After two frames: what one draws has its size, and is scrolled, in the next. */
const IS_QUIET = `(async () => {
  if (!isIdle()) return false;
  await document.fonts.ready;
  for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame);
  return isIdle();
})()`;

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
    quiet: async () => void (await until(() => call(IS_QUIET), Boolean)),
    pause: () => page.clock.pauseAt(NOW_MS + 60_000),
    run: (ms) => page.clock.runFor(ms),
  };
}

/** The text as it is seen. */
export async function textOf(element: Locator): Promise<string> {
  await element.waitFor({ state: "attached" });
  return (await element.allInnerTexts())[0] ?? "";
}

/** Waits until this is the text that is seen. */
export async function becomes(element: Locator, words: string | RegExp): Promise<void> {
  await until(
    () => textOf(element),
    (text) => (typeof words === "string" ? text === words : words.test(text)),
  );
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
