import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { confinementOf } from "../../src/core/policy/confinement.ts";
import { createNodeHost, type NodeHost } from "../../src/host/node/nodeHost.ts";
import { syscalls } from "../../src/host/node/sandbox/syscalls.ts";
import type { Command, ProcessExit } from "../../src/host/processes.ts";
import type { Confinement } from "../../src/host/sandbox.ts";

/** Python of the system: another one may be a script that starts slowly. */
export const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
export const isRoot = process.getuid?.() === 0;

/**
 * A machine in small: a workspace, a home folder with credentials, Patchwright's store, and somebody outside who listens and has secrets. It lies
 * where no folder for temporary files is around it. The folder of the workspace is made anew for each attack.
 */
export interface Arena {
  readonly folder: string;
  readonly host: NodeHost;
  /** What is known of the outside by name: ports, paths, process ids. */
  readonly outside: Readonly<Record<string, string>>;
  /** What stands in each secret and nowhere else. */
  readonly secret: string;
  dispose(): Promise<void>;
}

/** Files of the home folder and the store that nobody in the sandbox may read. */
export const CREDENTIALS = [
  ...[".ssh/id_ed25519", ".aws/credentials", ".gnupg/private-keys-v1.d/a.key", ".netrc", ".npmrc", ".git-credentials"],
  ...[
    ".docker/config.json",
    ".kube/config",
    ".config/gh/hosts.yml",
    ".config/gcloud/credentials.db",
    ".cargo/credentials.toml",
  ],
  ...[
    ".pypirc",
    ".config/git/credentials",
    ".local/share/keyrings/login.keyring",
    ".mozilla/firefox/a/key4.db",
    ".pgpass",
  ],
  ...[".patchwright/auth.json", ".patchwright/threads/a.jsonl", ".bash_history", ".local/share/fish/fish_history"],
  ...["snap/firefox/common/key4.db", ".config/Code - Insiders/User/globalStorage/state.vscdb"],
];

export async function createArena(): Promise<Arena> {
  const folder = await realpath(await mkdtemp("/var/tmp/patchwright-arena-"));
  await chmod(folder, 0o755);
  const secret = `secret-${randomUUID()}`;
  const home = join(folder, "home");
  for (const path of CREDENTIALS) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), secret);
  }
  await writeFile(join(home, ".bashrc"), "# mine\n");
  const { child, outside } = await startOutsider(folder, secret);
  // What would be loaded and run where it reached a command.
  const hostile = {
    BASH_ENV: join(folder, "evil.sh"),
    ENV: join(folder, "evil.sh"),
    LD_PRELOAD: join(folder, "evil.so"),
  };
  const host = createNodeHost({
    home,
    storageRoot: join(home, ".patchwright"),
    workspaceRoots: [],
    env: { ...process.env, ...hostile, HOME: home, OPENAI_API_KEY: secret },
    onWarning: (message) => assert.fail(message),
  });
  return {
    folder,
    host,
    outside,
    secret,
    async dispose() {
      await host.dispose();
      child.stdin?.end();
      await new Promise((resolve) => child.once("exit", resolve));
      await rm(folder, { recursive: true, force: true });
      await rm(join("/tmp", folder.slice(folder.lastIndexOf("/") + 1)), { recursive: true, force: true });
    },
  };
}

async function startOutsider(folder: string, secret: string) {
  const program = join(import.meta.dirname, "outsider.py");
  const child: ChildProcess = spawn(python, [program, folder, secret], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { PATH: process.env.PATH, OPENAI_API_KEY: secret },
  });
  assert.ok(child.stdout);
  const line = await new Promise<string>((resolve) =>
    createInterface(child.stdout as NodeJS.ReadableStream).once("line", resolve),
  );
  return { child, outside: JSON.parse(line) as Record<string, string> };
}

/** Where one attack takes place. */
export interface Place {
  /** The folder around the workspace and what lies outside. */
  readonly folder: string;
  readonly workspace: string;
  /** Has the file `canary`, with the word "intact". */
  readonly outside: string;
  /** Nobody else uses it: what is heard with it was said here. */
  readonly token: string;
}

export async function makePlace(arena: Arena): Promise<Place> {
  const folder = await mkdtemp(join(arena.folder, "place-"));
  const workspace = join(folder, "workspace");
  const outside = join(folder, "outside");
  const place = { folder, workspace, outside, token: randomUUID() };
  const files = {
    "outside/canary": "intact",
    "outside/.vscode/settings.json": "{}",
    "workspace/a.txt": "a",
    ...repository("workspace/.git"),
    ...repository("workspace/sub/.git"),
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return place;
}

function repository(path: string): Record<string, string> {
  const config = "[core]\n\trepositoryformatversion = 0\n\tbare = false\n";
  return {
    [`${path}/HEAD`]: "ref: refs/heads/main\n",
    [`${path}/config`]: config,
    [`${path}/objects/info/x`]: "",
    [`${path}/refs/heads/x`]: "",
    [`${path}/hooks/x.sample`]: "",
  };
}

export interface RunOptions {
  readonly argv: Command["argv"];
  readonly confined: boolean;
  readonly tty?: boolean | undefined;
  readonly mode?: "readOnly" | "workspaceWrite" | undefined;
  readonly networkAccess?: boolean | undefined;
}

export interface Ran {
  readonly output: string;
  readonly exit: ProcessExit;
}

/** Runs a program in the workspace as the core does. */
export async function run(arena: Arena, place: Place, options: RunOptions): Promise<Ran> {
  const { argv, confined, tty = false } = options;
  const numbers = Object.entries(syscalls).map(([name, all]) => [name, (all as Record<string, number>)[process.arch]]);
  const env = {
    ...arena.outside,
    WORKSPACE: place.workspace,
    OUTSIDE: place.outside,
    TOKEN: place.token,
    ARENA: arena.folder,
    NUMBERS: JSON.stringify(Object.fromEntries(numbers)),
  };
  const confinement = confined ? confinementFor(arena, place, options) : undefined;
  const command: Command = { argv, cwd: place.workspace, tty, env, itemId: "i", title: "t", confinement };
  const running = await arena.host.processes.spawn(command, AbortSignal.timeout(20_000));
  let output = "";
  running.onOutput((text) => {
    output += text;
  });
  const exit = await running.exited;
  return { output, exit };
}

function confinementFor(
  arena: Arena,
  place: Place,
  { mode = "workspaceWrite", networkAccess = false }: RunOptions,
): Confinement {
  const permissions = {
    approvalPolicy: "on-request",
    sandboxPolicy: { type: mode, networkAccess },
    editReview: "after",
    trusted: true,
    workspaceRoots: [place.workspace],
    readableRoots: [],
    sandbox: arena.host.sandbox.state,
    folders: {
      temporary: arena.host.platform.temporary,
      sharedTemporary: "/tmp",
      outputs: join(arena.host.storage.root, "outputs"),
    },
  } as const;
  return confinementOf(permissions, { allows: () => Promise.resolve(false) });
}

/** What the outsider heard of all that was said before. */
export async function heard(arena: Arena): Promise<string> {
  // It takes all that has come at once, in any order: so when it has heard the second word, it has heard everything from before the first.
  await sayAndWait(arena, randomUUID());
  return sayAndWait(arena, randomUUID());
}

async function sayAndWait({ folder, outside }: Arena, word: string): Promise<string> {
  connect(Number(outside.TCP), "127.0.0.1").end(word);
  for (;;) {
    const text = await readFile(join(folder, "heard"), "utf8").catch(() => "");
    if (text.includes(word)) return text;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Also what somebody has made hard to remove, or goes on writing to for a moment. */
export async function removePlace({ folder }: Place): Promise<void> {
  spawnSync("chmod", ["-R", "u+rwx", folder]);
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

/** Why nothing can be confined here, if so: then the tests are skipped, but not where everything is installed. */
export async function skipReason(): Promise<string | undefined> {
  if (process.platform !== "linux") return "the sandbox of this system is tested elsewhere";
  const { status } = spawnSync("bwrap", ["--ro-bind", "/", "/", "--unshare-user", "--unshare-net", "true"]);
  if (status === 0 || process.env.CI !== undefined) return undefined;
  return "bubblewrap is not installed, or may not make namespaces";
}
