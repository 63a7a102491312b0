import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { anyPort, isPortFree, startCodeServer } from "./codeServer.ts";
import { findDesktopCode, openDesktop } from "./desktopCode.ts";
import { createSample } from "./freshSample.ts";
import { installWorkbench } from "./installWorkbench.ts";
import { main, ScriptError } from "./scriptError.ts";

const usage = `Opens Patchwright in VS Code, on a fresh copy of the sample workspace.

  npm start                    in the desktop VS Code when there is one, otherwise in a browser
  npm start -- --browser       always in a browser
  npm start -- --port 8080     at that port of 127.0.0.1
  npm start -- --no-build      with the extension as it was built before

OPENAI_API_KEY and OPENAI_BASE_URL choose the model's server; PATCHWRIGHT_HOME moves what Patchwright stores.`;

const usualPort = 3110;

const repository = path.resolve(import.meta.dirname, "..");
const cache = path.join(repository, ".cache");

interface StartOptions {
  readonly browser: boolean;
  /** Undefined when any will do. */
  readonly port: number | undefined;
  readonly build: boolean;
}

async function start(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) return console.log(usage);
  requireAlone();
  if (options.build) build();
  const workspace = await createSample(path.join(cache, "sample-workspace"));
  const code = options.browser ? undefined : findDesktopCode(process.env);
  if (code === undefined) return serve(workspace, options.port);
  console.log(`Opening ${workspace} in VS Code. This ends when you close its window.`);
  const dataFolder = path.join(cache, "code");
  process.exitCode = await openDesktop({ code, extension: repository, workspace, dataFolder, env: process.env });
}

/** Two at once would share the sample and the extension's folder, which each start makes anew. The note goes with this process. */
function requireAlone(): void {
  const note = path.join(cache, "start.pid");
  const running = existsSync(note) ? Number(readFileSync(note, "utf8")) : 0;
  if (running > 0 && isAlive(running)) {
    throw new ScriptError(`Patchwright was started here already, as process ${running}. End that one first.`);
  }
  mkdirSync(cache, { recursive: true });
  writeFileSync(note, String(process.pid));
  process.once("exit", () => rmSync(note, { force: true }));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Undefined when help is asked for. */
function readOptions(args: readonly string[]): StartOptions | undefined {
  try {
    const flag = { type: "boolean", default: false } as const;
    const { values } = parseArgs({
      args: [...args],
      options: { browser: flag, "no-build": flag, help: flag, port: { type: "string" } },
    });
    const port = values.port === undefined ? undefined : readPort(values.port);
    return values.help ? undefined : { browser: values.browser, port, build: !values["no-build"] };
  } catch (error) {
    throw new ScriptError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`"${text}" is not a port number.`);
  return port;
}

function build(): void {
  const { status } = spawnSync(process.execPath, ["esbuild.mjs"], { cwd: repository, stdio: "inherit" });
  if (status !== 0) throw new ScriptError("The extension could not be built; see above.");
}

/** Resolves when the server has ended, by Ctrl+C or by itself. */
async function serve(workspace: string, wantedPort: number | undefined): Promise<void> {
  const installed = await installWorkbench();
  const port = await choosePort(wantedPort);
  const server = await startCodeServer({
    ...{ installed, port, workspace, extension: repository, settings: {}, trust: "trusted", env: process.env },
    folder: path.join(cache, "browser"),
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => server.stop());
  console.log(announcement(server.origin, workspace));
  await server.ended;
}

async function choosePort(wanted: number | undefined): Promise<number> {
  if (await isPortFree(wanted ?? usualPort)) return wanted ?? usualPort;
  if (wanted === undefined) return anyPort();
  throw new ScriptError(`Port ${wanted} is taken. Choose another: npm start -- --port NUMBER`);
}

function announcement(origin: string, workspace: string): string {
  const model = process.env.OPENAI_API_KEY
    ? `The model's server is ${process.env.OPENAI_BASE_URL ?? "OpenAI's"}, with the key from OPENAI_API_KEY.`
    : "OPENAI_API_KEY is not set: the panel offers a demo, and takes a key.";
  const line = "-".repeat(72);
  return `\n${line}\n  Patchwright is ready. Open this in your browser:\n\n      ${origin}/\n${line}\n
  Then click the Patchwright icon, a stitched patch, in the bar at the left.

  The sample workspace is ${workspace}, copied afresh at each start.
  ${model}
  Press Ctrl+C to end it.\n`;
}

await main(start);
