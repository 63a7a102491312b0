import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { lstat, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { findNode24 } from "./node24.ts";
import { main, ScriptError } from "./scriptError.ts";

/** Contains VS Code 1.139.1. */
const codeServerVersion = "4.139.1";

/** Platforms for which the packages of this version carry their native parts ready built. */
const supportedPlatforms = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"];

/** Built-in extensions that neither the tests nor the sample use: accounts, other assistants, debuggers, task detection, notebooks. */
const unusedExtensions = [
  ...["copilot", "github", "github-authentication", "microsoft-authentication", "tunnel-forwarding", "simple-browser"],
  ...["ms-vscode.js-debug", "ms-vscode.js-debug-companion", "ms-vscode.vscode-js-profile-table"],
  ...[
    "debug-auto-launch",
    "debug-server-ready",
    "emmet",
    "grunt",
    "gulp",
    "jake",
    "npm",
    "ipynb",
    "notebook-renderers",
  ],
  ...["php-language-features", "mermaid-markdown-features", "media-preview"],
];

/** Where a workbench is, and what runs it. Paths are absolute. */
export interface InstalledWorkbench {
  readonly node: string;
  /** The JavaScript file that is code-server. */
  readonly entry: string;
}

const repository = path.resolve(import.meta.dirname, "..");

/** Outside node_modules, so that `npm ci` leaves it alone. */
function workbenchFolder(): string {
  return process.env.PATCHWRIGHT_WORKBENCH_DIR ?? path.join(repository, ".cache", "workbench");
}

/**
 * Brings the workbench from the npm registry unless it is there. Needs neither a compiler nor root. What it installs becomes visible
 * in one rename, so an interrupted or failed installation leaves nothing that a later one would take for whole.
 */
export async function installWorkbench(): Promise<InstalledWorkbench> {
  const node = findNode24(repository);
  const folder = path.join(workbenchFolder(), `code-server-${codeServerVersion}`);
  const entry = path.join("node_modules", "code-server", "out", "node", "entry.js");
  await removeAbandoned(path.dirname(folder));
  if (!existsSync(folder)) await installInto(folder, entry, node);
  return { node, entry: path.join(folder, entry) };
}

async function installInto(folder: string, entry: string, node: string): Promise<void> {
  const platform = `${process.platform}-${process.arch}`;
  if (!supportedPlatforms.includes(platform)) {
    throw new ScriptError(
      `code-server has no packages for ${platform}. Install VS Code with its "code" command and run "npm start" again, or use Linux, macOS or WSL.`,
    );
  }
  const started = Date.now();
  const unfinished = `${folder}.${process.pid}.unfinished`;
  console.log(`Installing the VS Code workbench (code-server ${codeServerVersion}) into ${folder}`);
  await mkdir(unfinished, { recursive: true });
  try {
    await fill(unfinished, node);
    await run(node, [path.join(unfinished, entry), "--config", path.join(unfinished, "config.yaml"), "--version"]);
    await publish(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  const megabytes = Math.round((await sizeOf(folder)) / 1e6);
  console.log(`Installed: ${megabytes} MB in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/**
 * code-server's own install script compiles modules that the workbench does without; its other steps are done here:
 * the dependencies of the server and of the built-in extensions, and two links.
 */
async function fill(folder: string, node: string): Promise<void> {
  await writeFile(path.join(folder, "package.json"), '{ "private": true }\n');
  await npm(node, folder, `code-server@${codeServerVersion}`);
  const server = path.join(folder, "node_modules", "code-server", "lib", "vscode");
  await npm(node, server);
  await npm(node, path.join(server, "extensions"));
  const system = process.platform === "darwin" ? "darwin" : "linux";
  await link(path.join(server, "bin", "remote-cli", "code-server"), `code-${system}.sh`);
  await link(path.join(server, "bin", "helpers", "browser.sh"), `browser-${system}.sh`);
  await Promise.all([
    ...unusedExtensions.map((name) => remove(path.join(server, "extensions", name))),
    removeForeignBinaries(path.join(server, "node_modules", "@vscode", "ripgrep-universal", "bin")),
  ]);
}

/** What an installation left behind that was killed. */
async function removeAbandoned(parent: string): Promise<void> {
  const names = existsSync(parent) ? await readdir(parent) : [];
  for (const name of names) {
    const pid = /\.(\d+)\.unfinished$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await remove(path.join(parent, name));
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The package holds one binary for each platform, 100 MB in all. */
async function removeForeignBinaries(folder: string): Promise<void> {
  const own = `${process.platform}-${process.arch}`;
  const others = existsSync(folder) ? (await readdir(folder)).filter((name) => name !== own) : [];
  await Promise.all(others.map((name) => remove(path.join(folder, name))));
}

/** Another process may have finished first: then its work stands. */
async function publish(unfinished: string, folder: string): Promise<void> {
  try {
    await rename(unfinished, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

async function npm(node: string, cwd: string, ...packages: readonly string[]): Promise<void> {
  const options = ["--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const args = ["install", ...options, ...packages];
  const cli = process.env.npm_execpath;
  await (cli === undefined ? run("npm", args, cwd) : run(node, [cli, ...args], cwd));
}

/** Its output is shown only when it fails. */
function run(command: string, args: readonly string[], cwd?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    const output: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
    child.once("error", (error) => reject(new ScriptError(`${command} could not be started: ${error.message}`)));
    child.once("close", (code) => {
      if (code === 0) return resolve();
      const what = `"${[command, ...args].join(" ")}" failed with exit code ${code}. Nothing was installed; run it again when this is mended:`;
      reject(new ScriptError(`${what}\n${Buffer.concat(output).toString().trim()}`));
    });
  });
}

async function link(at: string, target: string): Promise<void> {
  await remove(at);
  await symlink(target, at);
}

async function remove(target: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  let bytes = 0;
  for (const file of files) bytes += (await lstat(path.join(file.parentPath, file.name))).size;
  return bytes;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await main(async () => console.log((await installWorkbench()).entry));
}
