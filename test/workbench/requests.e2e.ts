import assert from "node:assert/strict";
import { after, test } from "node:test";
import { closeBrowser, newContext } from "./browser.ts";
import { watchRequests } from "./requests.ts";

after(closeBrowser);

/** What the recorder says of a page that runs a script. */
async function check(script: string, expected: readonly string[]): Promise<void> {
  const context = await newContext("http://127.0.0.1");
  const requests = watchRequests(context);
  const page = await context.newPage();
  await page.evaluate(script);
  assert.deepEqual(await requests.violations(), expected);
  await context.close();
}

test("a page that asks nothing is right", () => check("1 + 1", []));

test("a fetch is seen", () =>
  check('fetch("https://example.com/a").catch(() => {})', ["https://example.com/a was asked for and failed."]));

test("a picture is seen", () =>
  check(
    'new Promise((done) => { const i = new Image(); i.onerror = () => done(); i.src = "https://example.com/i.png"; })',
    ["https://example.com/i.png was asked for and failed."],
  ));

test("a socket is seen", () =>
  check('new Promise((done) => { new WebSocket("wss://example.com/s").onerror = () => done(); })', [
    "wss://example.com/s was answered by another than the webview's service worker.",
  ]));
