import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { InstalledWorkbench } from "./installWorkbench.ts";
import { ScriptError } from "./scriptError.ts";
import { writeSettings } from "./settings.ts";
import { userEnvironment } from "./userEnvironment.ts";

const readyMs = 60_000;
const stopMs = 5_000;

export interface CodeServerOptions {
  readonly installed: InstalledWorkbench;
  /** Holds the user's data, the extensions folder and the log. Made when missing. */
  readonly folder: string;
  /** The folder of an extension, with its package.json; loaded where it lies, not copied. */
  readonly extension: string;
  readonly port: number;
  /** What a window shows whose address names nothing. */
  readonly workspace?: string | undefined;
  /** User settings, beside those that keep the workbench quiet. An existing settings file is kept, these win over it. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly env: NodeJS.ProcessEnv;
  /** Whether the workbench trusts every folder, or opens it in Restricted Mode until the user trusts it. */
  readonly trust: "trusted" | "restricted";
}

export interface CodeServer {
  /** Such as "http://127.0.0.1:8080", without a slash at the end. */
  readonly origin: string;
  /** The user's settings file; the workbench watches it. */
  readonly settingsFile: string;
  readonly logFile: string;
  /** Resolves when the process has ended, however that came. */
  readonly ended: Promise<void>;
  /** Ends the server with everything it started: first asking, then by force. */
  stop(): Promise<void>;
}

/** Resolves when the server answers. Listens on 127.0.0.1 only. Rejects with what the server printed when it ends before. */
export async function startCodeServer(options: CodeServerOptions): Promise<CodeServer> {
  const { installed, folder } = options;
  const settingsFile = path.join(folder, "data", "User", "settings.json");
  const logFile = path.join(folder, "server.log");
  const config = path.join(folder, "config.yaml");
  await mkdir(path.dirname(settingsFile), { recursive: true });
  await writeFile(config, "");
  const trust = { "security.workspace.trust.enabled": options.trust === "restricted" };
  await writeSettings(settingsFile, { ...options.settings, ...trust });
  await linkExtension(path.join(folder, "extensions"), options.extension);
  const log = openSync(logFile, "w");
  const child = spawn(installed.node, [installed.entry, "--config", config, ...flags(options)], {
    cwd: folder,
    // Without the gallery nothing outside this machine is asked.
    env: { ...userEnvironment(options.env), EXTENSIONS_GALLERY: '{"serviceUrl":""}' },
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  const ended = whenEnded(child);
  const origin = `http://127.0.0.1:${options.port}`;
  const server = { origin, settingsFile, logFile, ended, stop: () => stop(child, ended) };
  await untilReady(child, server);
  return server;
}

/** Until then the end of this process, by Ctrl+C or a fault, takes the server along: it has a process group of its own. */
function whenEnded(child: ChildProcess): Promise<void> {
  const takeAlong = () => child.pid !== undefined && signalGroup(child.pid, "SIGKILL");
  process.once("exit", takeAlong);
  return new Promise((resolve) => {
    const over = () => {
      process.off("exit", takeAlong);
      resolve();
    };
    child.once("exit", over);
    child.once("error", over);
  });
}

function flags({ folder, port, trust, workspace }: CodeServerOptions): readonly string[] {
  return [
    ...["--auth", "none", "--bind-addr", `127.0.0.1:${port}`],
    ...["--user-data-dir", path.join(folder, "data"), "--extensions-dir", path.join(folder, "extensions")],
    ...["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override", "--ignore-last-opened"],
    // Without it the workbench ignores an address that names an extension's tests.
    ...["--vscode-option", "enable-smoke-test-driver"],
    ...(trust === "trusted" ? ["--disable-workspace-trust"] : []),
    ...(workspace === undefined ? [] : [workspace]),
  ];
}

/** The folder is made anew, since the workbench remembers in it which versions it has seen. */
async function linkExtension(extensions: string, extension: string): Promise<void> {
  const manifest = JSON.parse(await readFile(path.join(extension, "package.json"), "utf8")) as Record<string, string>;
  await rm(extensions, { recursive: true, force: true });
  await mkdir(extensions, { recursive: true });
  await symlink(
    extension,
    path.join(extensions, `${manifest.publisher}.${manifest.name}-${manifest.version}`),
    "junction",
  );
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function anyPort(): Promise<number> {
  return (await listenOnce(0)) ?? Promise.reject(new ScriptError("No port of 127.0.0.1 can be listened on."));
}

export async function isPortFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

/** The port that was listened on for a moment, 0 meaning any; undefined when it is taken. */
function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(undefined));
    probe.listen(port, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" ? address?.port : undefined));
    });
  });
}

async function untilReady(child: ChildProcess, server: CodeServer): Promise<void> {
  const deadline = Date.now() + readyMs;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) break;
    const answer = await fetch(`${server.origin}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await delay(50);
  }
  await server.stop();
  throw new ScriptError(`code-server did not start:\n${await readFile(server.logFile, "utf8")}`);
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    signalGroup(child.pid, signal);
    await Promise.race([ended, delay(stopMs, undefined, { ref: false })]);
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended by itself in the meantime.
  }
}
