import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Confinement } from "../../sandbox.ts";
import { programEnvironment } from "../environment.ts";
import type { Environment, OperatingSystem } from "../platform.ts";
import { formatProcess, isOver, ownProcess, parseProcess } from "../processName.ts";
import { realOrSame } from "../realPath.ts";
import type { ConfiningSandbox } from "./confine.ts";
import { isInside } from "./lookAround.ts";

/** Caches of tools lie in the user's home, where confined commands cannot write them: these have others, for as long as this host is there. */
export interface Caches {
  /** Variables beside those of a confined command. */
  variablesFor(env: Environment, confinement: Confinement): Readonly<Record<string, string>>;
  /** The same sandbox, whose commands have these variables. */
  given(sandbox: ConfiningSandbox): ConfiningSandbox;
  /** Removes what is in them. Never rejects. */
  dispose(): Promise<void>;
}

interface Cache {
  readonly variable: string;
  /** Where it is when the variable does not say so: in the home folder, on Linux in the one for caches. */
  readonly usual: { readonly home: string } | { readonly caches: string };
}

/**
 * Those without which a tool fails or works from scratch each time. Not that of all programs (XDG_CACHE_HOME), nor Go's modules or Cargo's home: there lie
 * things that were downloaded before, and are read.
 */
const CACHES: readonly Cache[] = [
  { variable: "npm_config_cache", usual: { home: ".npm" } },
  { variable: "YARN_CACHE_FOLDER", usual: { caches: "yarn" } },
  { variable: "PIP_CACHE_DIR", usual: { caches: "pip" } },
  { variable: "UV_CACHE_DIR", usual: { caches: "uv" } },
  { variable: "GOCACHE", usual: { caches: "go-build" } },
];

const PREFIX = "patchwright-caches-";
/** How long the end of a host waits for their removal. In milliseconds. */
const LONGEST_WAIT_MS = 500;

export interface CachesOptions {
  readonly os: OperatingSystem;
  readonly home: string;
  /** The folder for temporary files. */
  readonly temporary: string;
}

/** Their folder is made when it is first needed, with a name that nobody can guess: others may write to the folder for temporary files, too. */
export function createCaches(options: CachesOptions): Caches {
  let folder: string | undefined;
  function variablesFor(env: Environment, { writableRoots }: Confinement): Readonly<Record<string, string>> {
    const roots = writableRoots.map(realOrSame);
    const isWritable = (path: string) => roots.some((root) => isInside(root, realOrSame(path)));
    if (!isWritable(options.temporary)) return {};
    folder ??= makeFolder(options.temporary);
    if (folder === undefined) return {};
    const own = folder;
    const names = new Set(Object.keys(env).map((name) => name.toLowerCase()));
    const missing = CACHES.filter(
      (cache) => !names.has(cache.variable.toLowerCase()) && !isWritable(usualPlace(cache, env, options)),
    );
    return Object.fromEntries(missing.map(({ variable }) => [variable, join(own, variable.toLowerCase())]));
  }

  return {
    variablesFor,
    given: (sandbox) => ({
      get ready() {
        return sandbox.ready;
      },
      get state() {
        return sandbox.state;
      },
      onChange: (listener) => sandbox.onChange(listener),
      isUnsettled: (path) => sandbox.isUnsettled(path),
      unguardedIn: (folders) => sandbox.unguardedIn(folders),
      ownWrites: sandbox.ownWrites,
      checkRepositories: (path) => sandbox.checkRepositories(path),
      confine: (command) =>
        sandbox.confine({ ...command, env: { ...variablesFor(command.env, command.confinement), ...command.env } }),
    }),
    async dispose() {
      if (folder !== undefined) await Promise.race([remove([folder]), sleep(LONGEST_WAIT_MS)]);
      folder = undefined;
    },
  };
}

/** Without room for it, tools fail as they would without it. What hosts left that were killed is removed. */
function makeFolder(temporary: string): string | undefined {
  try {
    const parent = realOrSame(temporary);
    const left = readdirSync(parent).filter(isOfDead);
    if (left.length > 0) void remove(left.map((name) => join(parent, name)));
    return mkdtempSync(join(parent, `${PREFIX}${formatProcess(ownProcess())}-`));
  } catch {
    return undefined;
  }
}

function isOfDead(name: string): boolean {
  const owner = name.startsWith(PREFIX) ? parseProcess(name.slice(PREFIX.length).split("-")[0] ?? "") : undefined;
  return owner !== undefined && isOver(owner) === true;
}

/**
 * By the system's own program, which holds the folders that it goes through: commands in other sandboxes write among temporary files, too, and could put
 * a link in the place of one meanwhile. It goes on when this process ends.
 */
function remove(folders: readonly string[]): Promise<void> {
  const env = programEnvironment(process.env);
  const child = spawn("rm", ["-rf", "--", ...folders], { detached: true, stdio: "ignore", env });
  child.unref();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
}

function usualPlace({ usual }: Cache, env: Environment, { os, home }: CachesOptions): string {
  if ("home" in usual) return join(home, usual.home);
  const caches = os === "macos" ? join(home, "Library/Caches") : (env.XDG_CACHE_HOME ?? join(home, ".cache"));
  return join(caches, usual.caches);
}
