import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { findChromium } from "../../scripts/chromium.ts";
import { webviewBundle } from "../../webview-ui/bundle.ts";
import { NOW_MS } from "./page/items.ts";

export type Theme = "darkModern" | "lightModern" | "highContrast" | "highContrastLight" | "dark2026" | "light2026";

export interface PanelOptions {
  scene: string;
  theme?: Theme;
  width?: number;
  height?: number;
  /** Stops the clock at the scene's moment; timers run when the test says. */
  clock?: "stopped" | "fixed";
  reducedMotion?: boolean;
}

export interface Harness {
  /** A page with nothing but the panel. Requests for anything but the panel's own files are kept in `strangers`. */
  open(options: PanelOptions): Promise<{ page: Page; context: BrowserContext; strangers: string[]; faults: string[] }>;
  close(): Promise<void>;
}

const NONCE = "dGVzdA";
const here = import.meta.dirname;

/** Bundles the panel as it ships, serves it on 127.0.0.1 with its content security policy, and starts Chromium. */
export async function startHarness(): Promise<Harness> {
  const files = await bundled();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const file = files.get(url.pathname);
    if (url.pathname === "/") {
      response.setHeader("content-type", "text/html");
      response.end(await pageOf((url.searchParams.get("theme") ?? "darkModern") as Theme));
    } else if (file) {
      response.setHeader("content-type", file.type);
      response.end(file.body);
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = await launch();
  return {
    open: (options) => openPage(browser, { origin, files: new Set(["/", ...files.keys()]) }, options),
    async close() {
      await browser.close();
      server.close();
    },
  };
}

async function openPage(
  browser: Browser,
  { origin, files }: { origin: string; files: ReadonlySet<string> },
  options: PanelOptions,
) {
  const { scene, theme = "darkModern", width = 420, height = 900 } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: 2,
    locale: "en-GB",
    timezoneId: "UTC",
    reducedMotion: options.reducedMotion ? "reduce" : "no-preference",
  });
  const page = await context.newPage();
  const strangers: string[] = [];
  const faults: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    const isOurs = url.origin === origin && files.has(url.pathname);
    if (!isOurs && request.url() !== "data:,") strangers.push(request.url());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  if (options.clock === "stopped") await page.clock.install({ time: NOW_MS });
  if (options.clock === "fixed") await page.clock.setFixedTime(NOW_MS);
  await page.goto(`${origin}/?scene=${scene}&theme=${theme}`);
  await page.getByTestId("composer").waitFor();
  return { page, context, strangers, faults };
}

function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium() ?? "chromium",
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

async function bundled(): Promise<Map<string, { type: string; body: Uint8Array | string }>> {
  const root = join(here, "../..");
  const shared = { write: false, absWorkingDir: root, outdir: "dist", logLevel: "silent" } as const;
  const panel = await build({ ...webviewBundle, entryPoints: [...webviewBundle.entryPoints], ...shared });
  const entryPoints = [{ in: "test/webview/page/main.ts", out: "fake" }];
  const fake = await build({ entryPoints, bundle: true, format: "iife", target: "chrome134", ...shared });
  const files = new Map<string, { type: string; body: Uint8Array | string }>();
  for (const { path, contents } of [...panel.outputFiles, ...fake.outputFiles]) {
    files.set(path.slice(join(root, "dist").length), { type: typeOf(path), body: contents });
  }
  return files;
}

function typeOf(path: string): string {
  if (path.endsWith(".js")) return "text/javascript";
  return path.endsWith(".css") ? "text/css" : "font/ttf";
}

/** What a theme makes of a page: its variables, and the class of its body. */
async function themeOf(theme: Theme): Promise<{ body: string; vars: Readonly<Record<string, string>> }> {
  return JSON.parse(await readFile(join(here, "themes", `${theme}.json`), "utf8"));
}

/** Changes the theme of a page that is open, as VS Code does. */
export async function wear(page: Page, theme: Theme): Promise<void> {
  const { body, vars } = await themeOf(theme);
  await page.evaluate(`
    const vars = ${JSON.stringify(vars)};
    document.documentElement.removeAttribute("style");
    for (const name in vars) document.documentElement.style.setProperty(name, vars[name]);
    document.body.className = ${JSON.stringify(body)};
    document.body.dataset.vscodeThemeKind = ${JSON.stringify(body.split(" ")[0])};
  `);
}

/** The page as the extension makes it, with the theme's variables where VS Code puts them. */
async function pageOf(theme: Theme): Promise<string> {
  const { body, vars } = await themeOf(theme);
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${NONCE}'`,
    `style-src 'self' 'nonce-${NONCE}'`,
    "font-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="UTF-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta property="csp-nonce" content="${NONCE}">
  <title>Patchwright</title>
  <link rel="icon" href="data:,">
  <script nonce="${NONCE}">
    const vars = ${JSON.stringify(vars)};
    for (const name in vars) document.documentElement.style.setProperty(name, vars[name]);
  </script>
  <link rel="stylesheet" href="/webview.css">
</head>
<body class="${body}" data-vscode-theme-kind="${body.split(" ")[0]}">
  <script nonce="${NONCE}" src="/fake.js"></script>
  <script nonce="${NONCE}" src="/webview.js"></script>
</body>
</html>`;
}
