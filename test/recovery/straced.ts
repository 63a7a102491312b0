import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { formatProcess, processNamed } from "../../src/host/node/processName.ts";
import type { ThreadItem } from "../../src/protocol/items.ts";
import { type Client, connectClient } from "../../src/rpc/client.ts";
import { linesTransport } from "../../src/rpc/lines.ts";
import type { ModelServer } from "../support/modelServer.ts";
import { before } from "./afterKill.ts";

/** Every call that may change what is on a disk. */
const calls =
  "write,pwrite64,writev,pwritev,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,fsync,fdatasync,ftruncate,fallocate,openat,copy_file_range,sendfile,chmod,fchmod,fchown,utimensat";

/**
 * Kills the process at a call, counting those of its name from 1, instead of letting it make the call. The two threads wake each other by writes,
 * as often as it happens: so of `write` only those to files count whose names are known beforehand.
 */
export interface KillAt {
  readonly name: string;
  readonly count: number;
}

/** One call of the thread that writes files. */
export interface Call extends KillAt {
  /** The call with its file, without what differs each time; undefined when it changes nothing below the root, or a file of unknown name. */
  readonly label: string | undefined;
}

export interface Played {
  readonly threadId: string;
  /** Whether the message was acknowledged. */
  readonly started: boolean;
  /** Items that were told as completed, by id, as they were last. */
  readonly told: Readonly<Record<string, ThreadItem>>;
  /** Those that the thread made, the last one being that at which it was killed if it was. */
  readonly calls: readonly Call[];
  readonly killed: boolean;
}

/** The command line as it is installed, with a model server. */
export interface Served {
  readonly program: string;
  readonly server: ModelServer;
  /** Where Node keeps what it compiled, for all that are started. */
  readonly cache: string;
}

/** Plays the turn in a server of the command line, until it ends or is killed. The root gets its workspace, `work`, and its store, `store`. */
export async function playStraced(root: string, { program, server, cache }: Served, kill?: KillAt): Promise<Played> {
  const [work, store] = [join(root, "work"), join(root, "store")];
  await Promise.all([mkdir(work, { recursive: true }), mkdir(store, { recursive: true })]);
  await writeFile(join(work, "a.txt"), before);
  await symlink(cache, join(store, "cache"));
  const ids = join(import.meta.dirname, "programs/countedIds.ts");
  const child = spawn(process.execPath, ["--import", ids, program, "app-server"], {
    cwd: work,
    stdio: ["pipe", "pipe", "ignore"],
    env: {
      PATH: process.env.PATH,
      HOME: root,
      PATCHWRIGHT_HOME: store,
      OPENAI_API_KEY: server.apiKey,
      OPENAI_BASE_URL: server.baseUrl,
      // One thread writes all files: strace counts by thread, and the order is nearly the same each time.
      UV_THREADPOOL_SIZE: "1",
    },
  });
  child.stdin.on("error", () => {});
  const closed = once(child, "close");
  const conversation = converse(child);
  const threadId = await conversation.open();
  const log = join(root, "strace.log");
  const files = writtenFiles(root, threadId, child.pid as number);
  const watched = kill?.name === "write" ? files : [];
  const strace = await attach(child.pid as number, log, { kill, watched });
  const told = await conversation.say(threadId);
  child.stdin.end();
  await Promise.all([closed, strace.ended]);
  const text = await readFile(log, "utf8");
  return { threadId, ...told, calls: parse(text, root, files), killed: endedByKill(text) };
}

export interface Watching {
  readonly kill: KillAt | undefined;
  /** Absolute paths: only calls with these count. All do when there is none. */
  readonly watched: readonly string[];
}

/** Resolves as soon as strace watches the one thread that works with files, with a promise of its end. */
export async function attach(
  pid: number,
  log: string,
  { kill, watched }: Watching,
): Promise<{ ended: Promise<unknown> }> {
  const thread = await workerOf(pid);
  const options = [...killing(kill), ...watched.flatMap((path) => ["-P", path])];
  const args = ["-y", "-s", "0", "-o", log, "-e", "signal=none", "-e", `trace=${calls}`, ...options, "-p", thread];
  const child = spawn("strace", args, { stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(child, "close");
  await once(child.stderr, "data");
  return { ended };
}

const killing = (kill: KillAt | undefined) =>
  kill ? ["-e", `inject=${kill.name}:signal=SIGKILL:when=${kill.count}`] : [];

/** So many ids may be asked for in a turn. */
const MOST_IDS = 30;

/** Whether what was watched was killed within a call. */
export function endedByKill(log: string): boolean {
  return / = \?$/.test(log.trimEnd());
}

/** The ids that a process with this number makes, when it counts them. */
export function countedIds(pid: number): string[] {
  const digits = String(pid).padStart(8, "0");
  return Array.from({ length: MOST_IDS }, (_, count) => `${digits}-0000-4000-8000-${String(count).padStart(12, "0")}`);
}

/** Those whose names are known: of a snapshot's list, which is named by its hash, only the calls before and after its write are. */
function writtenFiles(root: string, threadId: string, pid: number): string[] {
  const [work, store] = [join(root, "work"), join(root, "store")];
  const snapshots = join(store, "snapshots", createHash("sha256").update(work).digest("hex").slice(0, 24));
  const owner = formatProcess(processNamed(pid));
  return [
    join(store, "threads", `${threadId}.jsonl`),
    join(store, "threads-index.jsonl"),
    ...countedIds(pid).flatMap((id) => [
      join(store, "reviews", `.${id}`),
      join(store, "checkpoints", `.${id}`),
      ...["new", "old"].map((kind) => join(work, `.patchwright-${kind}~${owner}~${id}`)),
      join(snapshots, "packs", `${id}.pack`),
    ]),
  ];
}

/** The thread that works with files. Rejects when there is none yet. */
export async function workerOf(pid: number): Promise<string> {
  const threads = await readdir(`/proc/${pid}/task`);
  for (const thread of threads) {
    if (/^libuv-worker/.test(await readFile(`/proc/${pid}/task/${thread}/comm`, "utf8"))) return thread;
  }
  throw new Error("Node has no thread that it names so.");
}

function converse(child: ChildProcessByStdio<Writable, Readable, null>) {
  const told: Record<string, ThreadItem> = {};
  let started = false;
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const transport = linesTransport({ input: child.stdout, write: async (text) => void child.stdin.write(text) });
  transport.onClose(resolve);
  const client: Client = connectClient(transport, {
    onNotification({ method, params }) {
      if (method === "item/completed") told[params.item.id] = params.item;
      if (method === "turn/completed") resolve();
    },
    onServerRequest: () => Promise.reject(new Error("Nothing is asked here.")),
  });
  return {
    async open(): Promise<string> {
      const clientInfo = { name: "test", title: null, version: "0" };
      await client.request("initialize", { clientInfo, capabilities: null });
      await client.notify("initialized");
      const full = { sandbox: "danger-full-access", approvalPolicy: "never", editReview: "after" } as const;
      return (await client.request("thread/start", full)).thread.id;
    },
    async say(threadId: string): Promise<Pick<Played, "started" | "told">> {
      const start = client.request("turn/start", { threadId, input: [{ type: "text", text: "Do it." }] });
      await start.then(() => (started = true)).catch(() => {});
      await over;
      return { started, told };
    },
  };
}

/** What the log has. `written` are the files of which each `write` counts. */
export function parse(log: string, root: string, written: readonly string[]): Call[] {
  const counts = new Map<string, number>();
  const folders = new Map<string, string>();
  return log.split("\n").flatMap((line) => {
    const [, name, rest = ""] = /^(\w+)\((.*)$/.exec(line) ?? [];
    if (name === undefined) return [];
    const isCounted = name !== "write" || written.includes(/^\d+<([^>]*)>/.exec(rest)?.[1] ?? "");
    const count = (counts.get(name) ?? 0) + (isCounted ? 1 : 0);
    counts.set(name, count);
    const [, opened, folder] = /= (\d+)<(\/[^>]*)>$/.exec(rest) ?? [];
    if (opened !== undefined && folder !== undefined) folders.set(opened, folder);
    // What is done in a folder that is held open names it by its descriptor.
    const named = rest.replace(/"\/proc\/self\/fd\/(\d+)(?=[/"])/g, (all, fd) => `"${folders.get(fd) ?? all}`);
    return [{ name, count, label: isCounted ? labelOf(name, named, root) : undefined }];
  });
}

/** Ids, times, hashes and names of processes become stars. */
function labelOf(name: string, rest: string, root: string): string | undefined {
  if (name === "openat" && !/O_CREAT|O_TRUNC/.test(rest)) return undefined;
  const paths = [...rest.matchAll(/"(\/[^"]*)"|^\d+<(\/[^>]*)>/g)].map(([, named, open]) => named ?? open ?? "");
  const own = paths.filter((path) => path.startsWith(`${root}/`)).map((path) => path.slice(root.length + 1));
  // The pipes of commands have names for a moment, and nothing in them.
  if (own.length === 0 || own.some((path) => path.startsWith("store/pipes"))) return undefined;
  const short = own.map((path) =>
    path
      .replace(/(users|locks)\/.*/, "$1/*")
      .replace(/~[0-9a-f.]+~/g, "~*~")
      .replace(/[0-9a-z-]{16,}/g, "*"),
  );
  return `${name} ${short.join(" ")}`;
}
