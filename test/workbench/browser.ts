import { type Browser, type BrowserContext, chromium } from "playwright-core";
import { findChromium } from "../../scripts/chromium.ts";
import { patienceMs } from "./until.ts";

let shared: Promise<Browser> | undefined;

/** The browser of this process, started with its first use. It dies with the process. */
export function sharedBrowser(): Promise<Browser> {
  shared ??= launch();
  return shared;
}

/** Ends the browser, so that the process can. A later use starts another. */
export async function closeBrowser(): Promise<void> {
  const browser = await shared;
  shared = undefined;
  await browser?.close();
}

/** A window of its own: no cookies, cache or storage of another test. */
export async function newContext(origin: string): Promise<BrowserContext> {
  const browser = await sharedBrowser();
  // Moving icons, drawn without a graphics card, take a tenth of all the time.
  const quiet = { colorScheme: "dark", reducedMotion: "reduce" } as const;
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...quiet });
  context.setDefaultTimeout(patienceMs);
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin });
  return context;
}

async function launch(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error(
      'No Chromium was found. Install one, or set CHROMIUM to its path; "npm test" does it on Debian as root.',
    );
  }
  // Whatever asks beyond this machine fails at once, whether there is a network or not.
  const resolver = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1";
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
  exitOnSignals();
  return chromium.launch({
    executablePath,
    headless: true,
    args: [resolver, "--disable-gpu", "--disable-quic", ...quiet],
    ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
  });
}

/** An exit of the regular kind, which takes the browser and the servers of this process along. */
function exitOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));
}
