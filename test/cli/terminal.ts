import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import type { Readable, Writable } from "node:stream";
import { after, type TestContext } from "node:test";
import { build } from "esbuild";
import { cliBundle } from "../../scripts/cliBundle.ts";
import { userEnvironment } from "../../scripts/userEnvironment.ts";
import { atEnd } from "../support/atEnd.ts";
import { type ModelServer, type Script, startModelServer } from "../support/modelServer.ts";

const repository = path.resolve(import.meta.dirname, "../..");

/** The program as it is installed, built once for all tests of a file. */
export const program = buildProgram();
after(async () => rm(path.dirname(path.dirname(await program)), { recursive: true, force: true }));

async function buildProgram(): Promise<string> {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), "patchwright-cli-")));
  await build({ ...cliBundle("0.0.0"), absWorkingDir: repository, outdir: path.join(root, "dist"), logLevel: "error" });
  await mkdir(path.join(root, "bin"));
  await writeFile(path.join(root, "package.json"), '{"type":"module"}');
  await symlink(path.join(repository, "node_modules"), path.join(root, "node_modules"));
  await copyFile(path.join(repository, "bin/patchwright.mjs"), path.join(root, "bin/patchwright.mjs"));
  return path.join(root, "bin/patchwright.mjs");
}

export interface PlaceOptions {
  readonly script?: Script;
  /** Of the model server. */
  readonly apiKey?: string;
  /** The text of config.toml. */
  readonly config?: string;
  /** The folder is in a repository unless it says "none". */
  readonly git?: "none";
}

export interface StartOptions {
  /** The folder of the user's project unless it is named. */
  readonly cwd?: string;
  /** On standard input, which then ends; closed at once when absent, and left open for "open". */
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** A user's folder, their home, and the model server that they use. */
export interface Place {
  readonly cwd: string;
  readonly home: string;
  readonly server: ModelServer;
  /** The file that Node runs. */
  readonly program: Promise<string>;
  start(args: readonly string[], options?: StartOptions): Promise<Child>;
  /** Runs the program to its end. */
  run(args: readonly string[], options?: StartOptions): Promise<Ran>;
}

/** Gone after the test, which fails when the model server met a wrong request. */
export async function makePlace(t: TestContext, options: PlaceOptions = {}): Promise<Place> {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), "patchwright-user-")));
  const [cwd, home] = [path.join(root, "project"), path.join(root, "home")];
  await mkdir(options.git === "none" ? cwd : path.join(cwd, ".git"), { recursive: true });
  await mkdir(home, { mode: 0o700 });
  if (options.config !== undefined) await writeFile(path.join(home, "config.toml"), options.config);
  const { apiKey = "test-key" } = options;
  const server = await startModelServer({ script: options.script ?? [], apiKey });
  atEnd(t, async () => {
    await rm(root, { recursive: true, force: true });
    await server.close();
  });
  const start = async (args: readonly string[], { stdin, env, cwd: from = cwd }: StartOptions = {}): Promise<Child> => {
    const variables = {
      ...userEnvironment(process.env),
      PATCHWRIGHT_HOME: home,
      OPENAI_API_KEY: server.apiKey,
      OPENAI_BASE_URL: server.baseUrl,
      ...env,
    };
    const child = spawn(process.execPath, [await program, ...args], { cwd: from, env: variables, stdio: "pipe" });
    child.stdin.on("error", () => {});
    if (stdin !== "open") child.stdin.end(stdin ?? "");
    return child;
  };
  return {
    cwd,
    home,
    server,
    program,
    start,
    run: async (args, given) => ended(await start(args, given)),
  };
}

/** What a child said until its end. */
export async function ended(child: Child): Promise<Ran> {
  const [stdout, stderr] = [collected(child.stdout), collected(child.stderr)];
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout: stdout(), stderr: stderr() };
}

function collected(stream: Readable): () => string {
  let text = "";
  stream.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
  });
  return () => text;
}

/** False also for one that has ended and that nobody has asked about yet. */
export async function isAlive(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => undefined);
  return text !== undefined && !/\) [ZX] /.test(text);
}

/** The lines of `exec --json`; fails when one is not JSON. */
export function eventsOf(stdout: string): Record<string, unknown>[] {
  return stdout
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
