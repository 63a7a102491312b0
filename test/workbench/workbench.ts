import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, type TestContext } from "node:test";
import type { Page } from "playwright-core";
import { anyPort, type CodeServer, startCodeServer } from "../../scripts/codeServer.ts";
import { installWorkbench } from "../../scripts/installWorkbench.ts";
import { atEnd } from "../support/atEnd.ts";
import { closeBrowser, newContext } from "./browser.ts";
import { createHome } from "./home.ts";
import { watchRequests } from "./requests.ts";
import { until } from "./until.ts";
import { createWorkspace, type WorkspaceContent } from "./workspace.ts";

const repository = path.resolve(import.meta.dirname, "../..");

/** Where screenshots and what a failed test leaves behind go. */
export const resultsFolder = path.join(repository, "test-results");

/** Long before any line of an extension is seen, the frame of the window is there. */
const statusBar = ".monaco-workbench .statusbar .statusbar-item";

const explorerRow = ".explorer-folders-view .monaco-list-row";

/** A window that shows no folder by then has none, and is loaded again. */
const foldersMs = 15_000;

export interface WorkbenchOptions {
  readonly workspace: WorkspaceContent;
  /** The user's settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Variables of the extension host, beside PATH, HOME, PATCHWRIGHT_HOME and the like. None of ours are inherited. */
  readonly env?: Readonly<Record<string, string>>;
  /** Trusted unless said otherwise. */
  readonly trust?: "trusted" | "restricted";
  /** Whose package.json is loaded; the repository unless said otherwise. */
  readonly extension?: string;
}

/** A real VS Code with one window, all of it the test's own. Paths are absolute. */
export interface Workbench {
  readonly page: Page;
  readonly server: CodeServer;
  /** The test's own folder: everything of this workbench is below it and goes with it. */
  readonly root: string;
  /** The folder of the extension that is loaded. */
  readonly extension: string;
  /** The workspace's folders; empty for a window without one. */
  readonly folders: readonly string[];
  /** PATCHWRIGHT_HOME of the extension host: settings, journals. */
  readonly patchwrightHome: string;
  /** Shows the address of the window with more in its query, or reloads it as it is. Resolves when the window is drawn again. */
  open(query?: Readonly<Record<string, string>>): Promise<void>;
}

/** A test's workbench before its window is opened, for those who have to prepare the page first. */
export async function startWorkbench(t: TestContext, options: WorkbenchOptions): Promise<Workbench> {
  const defer = (step: () => Promise<void>) => atEnd(t, step);
  const root = await mkdtemp(path.join(tmpdir(), "patchwright-"));
  defer(() => rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  const workspace = await createWorkspace(path.join(root, "w"), options.workspace);
  const patchwrightHome = path.join(root, "patchwright-home");
  const extension = options.extension ?? repository;
  const server = await startServer({ ...options, extension }, root, patchwrightHome);
  defer(() => server.stop());
  const context = await newContext(server.origin);
  defer(() => context.close());
  const requests = watchRequests(context);
  const page = await context.newPage();
  const log = watchConsole(page);
  defer(async () => assertNoViolation(await requests.violations()));
  defer(async () => {
    // The types are those of Node 22; the Node that runs the tests knows the outcome.
    if (!(t as TestContext & { readonly passed: boolean }).passed) await keepEvidence(t.name, { page, server, log });
  });
  const open = async (query: Readonly<Record<string, string>> = {}) => {
    const address = `${server.origin}/?${new URLSearchParams({ ...workspace.query, ...query })}`;
    await until("the window is drawn, with its folders", async () => {
      await page.goto(address);
      await page.locator(statusBar).first().waitFor();
      // Of several folders the editor misses the list for good when it has read it in just the moment in which the window begins.
      if (workspace.folders.length > 1) await page.locator(explorerRow).first().waitFor({ timeout: foldersMs });
      return true;
    });
  };
  return { page, server, root, extension, folders: workspace.folders, patchwrightHome, open };
}

function assertNoViolation(violations: readonly string[]): void {
  if (violations.length > 0) throw new Error(`The window asked for what it must not:\n${violations.join("\n")}`);
}

function watchConsole(page: Page): readonly string[] {
  const log: string[] = [];
  page.on("console", (message) => log.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => log.push(`uncaught: ${error.stack ?? error.message}`));
  return log;
}

/** A fresh workbench with its window open, ended with the test. The test fails when the window asks anything of another machine. */
export async function openWorkbench(t: TestContext, options: WorkbenchOptions): Promise<Workbench> {
  const workbench = await startWorkbench(t, options);
  await workbench.open();
  return workbench;
}

/** A browser's editor saves a second after somebody types, unless it is told not to: by then a slow machine may not have looked yet. */
const steady = { "workbench.colorTheme": "Dark Modern", "files.autoSave": "off" };

/** Everything asks, unless a test has edits reviewed afterwards: then all but these and what the sandbox confines. */
function asking(settings: WorkbenchOptions["settings"]): Readonly<Record<string, unknown>> {
  const reviewsAfter = settings?.["patchwright.review.edits"] === "after";
  return {
    "patchwright.approvalPolicy": reviewsAfter ? "on-request" : "untrusted",
    "patchwright.review.edits": "before",
  };
}

async function startServer(
  options: WorkbenchOptions & { readonly extension: string },
  root: string,
  patchwrightHome: string,
): Promise<CodeServer> {
  const home = await createHome(path.join(root, "home"));
  const inherited = Object.entries(process.env).filter(([name]) => !/^(OPENAI_|CODEX_|PATCHWRIGHT_|XDG_)/.test(name));
  return startCodeServer({
    installed: await installWorkbench(),
    folder: path.join(root, "server"),
    extension: options.extension,
    port: await anyPort(),
    settings: { ...steady, ...asking(options.settings), ...options.settings },
    trust: options.trust ?? "trusted",
    env: { ...Object.fromEntries(inherited), HOME: home, PATCHWRIGHT_HOME: patchwrightHome, ...options.env },
  });
}

interface Evidence {
  readonly page: Page;
  readonly server: CodeServer;
  readonly log: readonly string[];
}

/** What helps to understand a failure on a machine that nobody looks at. */
async function keepEvidence(name: string, { page, server, log }: Evidence): Promise<void> {
  const folder = path.join(resultsFolder, `failed-${name.replaceAll(/[^\w-]+/g, "-")}`);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "console.log"), log.join("\n"));
  await copyFile(server.logFile, path.join(folder, "server.log"));
  await page.screenshot({ path: path.join(folder, "window.png"), timeout: 10_000 }).catch(() => {});
}

// A browser left open would keep the process of a test file alive.
after(closeBrowser);
