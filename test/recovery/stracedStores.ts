import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { formatProcess, processNamed } from "../../src/host/node/processName.ts";
import { type Client, connectClient } from "../../src/rpc/client.ts";
import { linesTransport } from "../../src/rpc/lines.ts";
import { until } from "../host/expect.ts";
import { attach, type Call, countedIds, endedByKill, type KillAt, parse, workerOf } from "./straced.ts";

/** A program that is waiting to be told to write. */
export interface Waiting {
  readonly pid: number;
  /** Tells it; resolves with whether it said that it has written. */
  write(): Promise<boolean>;
}

/** What happens in a private store, again and again in new ones. */
export interface Story {
  /** Files that are there before, by their names in the store. */
  readonly before: Readonly<Record<string, string>>;
  /** Starts the program. */
  start(place: Start): Promise<Waiting>;
  /** Fails when what is there after a kill, or after the end, is not what it may be. */
  check(store: string, facts: { said: boolean; where: string }): Promise<void>;
}

export interface Start {
  readonly store: string;
  /** The command line as it is installed. */
  readonly program: string;
  /** Where Node keeps what it compiled. */
  readonly cache: string;
}

export interface Told {
  readonly calls: readonly Call[];
  readonly killed: boolean;
}

/** Plays the story in a new store below the root, to its end or to the call at which it is killed, and checks what is there then. */
export async function playStory(root: string, story: Story, place: Omit<Start, "store">, kill?: KillAt): Promise<Told> {
  const store = join(root, "store");
  await mkdir(store, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(story.before)) await writeFile(join(store, name), text, { mode: 0o600 });
  const { pid, write } = await story.start({ store, ...place });
  const log = join(root, "strace.log");
  const watched = namesIn(store, pid);
  const strace = await attach(pid, log, { kill, watched });
  const said = await write();
  await strace.ended;
  const text = await readFile(log, "utf8");
  const told = { calls: parse(text, root, watched), killed: endedByKill(text) };
  await story.check(store, { said, where: told.calls.at(-1)?.label ?? "nowhere" });
  return told;
}

/** What a program names in the store when it writes a key or a rule. */
function namesIn(store: string, pid: number): string[] {
  const writer = formatProcess(processNamed(pid));
  const written = countedIds(pid).flatMap((id) => [
    `.${id}`,
    `.auth.json~${writer}~${id}`,
    `locks/rules.json~${writer}~${id}`,
  ]);
  return [store, ...["locks", "auth.json", "rules.json", ...written].map((name) => join(store, name))];
}

interface Piped extends ChildProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
}

async function start({ store, program, cache }: Start, args: readonly string[]): Promise<Piped> {
  const programs = ["countedIds.ts", "warmPool.ts"].map((name) => join(import.meta.dirname, "programs", name));
  const imports = programs.flatMap((file) => ["--import", file]);
  const child = spawn(process.execPath, [...imports, program, ...args], {
    stdio: ["pipe", "pipe", "ignore"],
    env: {
      PATH: process.env.PATH,
      HOME: store,
      PATCHWRIGHT_HOME: store,
      NODE_COMPILE_CACHE: cache,
      UV_THREADPOOL_SIZE: "1",
    },
  }) as Piped;
  child.stdin.on("error", () => {});
  const works = () =>
    workerOf(child.pid as number).then(
      () => true,
      () => false,
    );
  await until("it works with files", works);
  return child;
}

/** `patchwright login`, which waits for the key. */
export async function logIn(place: Start, key: string): Promise<Waiting> {
  const child = await start(place, ["login", "--with-api-key"]);
  const closed = once(child, "close");
  return {
    pid: child.pid as number,
    async write() {
      child.stdin.end(`${key}\n`);
      const [code] = await closed;
      return code === 0;
    },
  };
}

/** A server of the command line, with a client that asks for one thing. */
export async function ask(place: Start, request: (client: Client) => Promise<unknown>): Promise<Waiting> {
  const child = await start(place, ["app-server"]);
  const closed = once(child, "close");
  const write = async (text: string) => void child.stdin.write(text);
  const client = connectClient(linesTransport({ input: child.stdout, write }), {
    onNotification: () => {},
    onServerRequest: () => Promise.reject(new Error("Nothing is asked here.")),
  });
  const clientInfo = { name: "test", title: null, version: "0" };
  await client.request("initialize", { clientInfo, capabilities: null });
  await client.notify("initialized");
  return {
    pid: child.pid as number,
    async write() {
      const said = await request(client).then(
        () => true,
        () => false,
      );
      child.stdin.end();
      await closed;
      return said;
    },
  };
}
