import { randomUUID } from "node:crypto";
import { open, readdir, readFile, rm, stat, utimes } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AgentError } from "../../protocol/errors.ts";
import { sanitizeLine } from "../../protocol/sanitizeForDisplay.ts";
import type { StorageLock } from "../storage.ts";
import { onPath } from "./errors.ts";
import { makeFolder } from "./makeFolder.ts";
import { formatProcess, isOver, ownProcess, parseProcess } from "./processName.ts";
import { isAbsent } from "./read.ts";

const FOLDER = "locks";
/** How long is looked again at a lock that somebody has, who may be ending at this moment. In milliseconds. */
const PATIENCE_MS = 5000;
const FIRST_WAIT_MS = 5;
const LONGEST_WAIT_MS = 100;
/** Who has a lock says so this often. */
const SIGN_OF_LIFE_MS = 60_000;
/** Of a process that only another machine can know about, a claim without a sign of life for so long is given up. */
const SILENT_MS = 5 * SIGN_OF_LIFE_MS;

export interface LockOptions {
  /** How long is waited for a lock that somebody has; a few seconds when absent. */
  readonly lockPatienceMs?: number | undefined;
  /** What the user of another program is told of this one that has a lock. */
  readonly owner?: LockOwner | undefined;
}

export interface LockOwner {
  readonly kind: "window" | "program";
  /** Of the editor that the window is of, or of the program. */
  readonly name: string;
  /** Where it works. */
  readonly folder: string | undefined;
}

/**
 * Locks in the private store. A claim is a file whose name says for which lock it is, and of which process; what is in it, if anything, is for
 * people. Whoever made one, and after
 * that finds no other, has the lock. Of two that come at once at least one so finds the other's, whatever their order; the claim that is first by its
 * id stays and looks again, the others are withdrawn for a while: so one of those that come at once gets it. A claim is removed by its own process, or
 * by anybody once that has ended: nobody ever takes away what another may have.
 */
export class StorageLocks {
  readonly #folder: string;
  readonly #patienceMs: number;
  readonly #owner: string;

  constructor(root: string, { lockPatienceMs = PATIENCE_MS, owner }: LockOptions) {
    this.#folder = join(root, FOLDER);
    this.#patienceMs = lockPatienceMs;
    this.#owner = owner ? wordsFor(owner) : "";
  }

  /** `parts` are those of a storage name. Rejects as `Storage.lock` does. */
  take(parts: readonly string[]): Promise<StorageLock> {
    return onPath(this.#folder, async () => {
      await makeFolder(this.#folder, 0o700);
      const prefix = `${parts.join("~")}~`;
      const file = `${prefix}${formatProcess(ownProcess())}~${randomUUID()}`;
      try {
        await this.#await(prefix, file);
      } catch (error) {
        await this.#withdraw(file);
        throw error;
      }
      return this.#held(join(this.#folder, file));
    });
  }

  /** As `Storage.lockedElsewhere`; `parts` are those of the folder's name. */
  elsewhere(parts: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return onPath(this.#folder, async () => {
      const prefix = `${parts.join("~")}~`;
      const held = new Map<string, string>();
      for (const file of await filesIn(this.#folder)) {
        const [name = "", claimer = "", id, ...deeper] = file.startsWith(prefix)
          ? file.slice(prefix.length).split("~")
          : [];
        const process = id === undefined || deeper.length > 0 ? undefined : parseProcess(claimer);
        if (!process || claimer === formatProcess(ownProcess()) || isOver(process) !== false) continue;
        held.set(name, (await claimant(join(this.#folder, file))).owner);
      }
      return held;
    });
  }

  /**
   * Claims until there is no other claim. Whoever has withdrawn lets those go first who claim by then, so that they do not find one claim after
   * another. Only what is slept counts as patience: a process that was held up for long has looked no more often.
   */
  async #await(prefix: string, file: string): Promise<void> {
    let others = await this.#claimed(prefix, file);
    let sleptMs = 0;
    for (let waitMs = FIRST_WAIT_MS; others[0] !== undefined; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
      if (sleptMs >= this.#patienceMs) throw await inUse(join(this.#folder, others[0]));
      const isFirst = others.every((one) => idOf(one) > idOf(file));
      if (!isFirst) await this.#withdraw(file);
      // Those that came at once must not come again at once.
      const ms = waitMs * (0.5 + Math.random());
      await sleep(ms);
      sleptMs += ms;
      const before = isFirst ? [] : await this.#running(prefix, file);
      others = before.length > 0 ? before : await this.#claimed(prefix, file);
    }
  }

  /** Claims, if that was not done, and resolves with the other claims that count. */
  async #claimed(prefix: string, file: string): Promise<string[]> {
    await this.#claim(file);
    return this.#others(prefix, file);
  }

  async #claim(file: string): Promise<void> {
    const handle = await open(join(this.#folder, file), "w", 0o600);
    // A full disk has room for the claim, and perhaps none for who makes it.
    if (this.#owner !== "") await handle.writeFile(this.#owner, "utf8").catch(() => {});
    await handle.close();
  }

  #withdraw(file: string): Promise<void> {
    return rm(join(this.#folder, file), { force: true });
  }

  #held(path: string): StorageLock {
    const beat = setInterval(() => {
      const now = new Date();
      utimes(path, now, now).catch(() => {});
    }, SIGN_OF_LIFE_MS);
    beat.unref();
    return {
      async release() {
        clearInterval(beat);
        await rm(path, { force: true });
      },
    };
  }

  async #claims(prefix: string, own: string): Promise<string[]> {
    return (await readdir(this.#folder)).filter((file) => file.startsWith(prefix) && file !== own);
  }

  /** Other claims of processes that surely run. */
  async #running(prefix: string, own: string): Promise<string[]> {
    const claims = await this.#claims(prefix, own);
    return claims.filter((file) => {
      const process = processOf(prefix, file);
      return process && isOver(process) === false;
    });
  }

  /** Other claims that count. Those of processes that have ended are removed. The own claim is there. */
  async #others(prefix: string, own: string): Promise<string[]> {
    const counting: string[] = [];
    for (const file of await this.#claims(prefix, own)) {
      const process = processOf(prefix, file);
      if (!process) continue;
      const over = isOver(process);
      if (over === false || (over === "unknown" && !(await this.#isSilent(file, own)))) counting.push(file);
      else await this.#withdraw(file);
    }
    return counting;
  }

  /** Both times are those of the disk, so that clocks of two machines need not agree. */
  async #isSilent(file: string, own: string): Promise<boolean> {
    try {
      const [theirs, ours] = await Promise.all([file, own].map((one) => stat(join(this.#folder, one))));
      return ours!.mtimeMs - theirs!.mtimeMs > SILENT_MS;
    } catch (error) {
      if (isAbsent(error)) return true;
      throw error;
    }
  }
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

function processOf(prefix: string, claim: string) {
  return parseProcess(claim.slice(prefix.length).split("~")[0] ?? "");
}

function idOf(claim: string): string {
  return claim.split("~").at(-1) ?? "";
}

/** What to do about a claim that nobody has any more is said only where that cannot be known: otherwise it is removed by itself. */
async function inUse(path: string): Promise<AgentError> {
  const claimer = parseProcess(basename(path).split("~").at(-2) ?? "");
  const { owner, since } = await claimant(path);
  const which = since === undefined ? `process ${claimer?.pid}` : `process ${claimer?.pid}, since ${since}`;
  const used = `It is used by ${owner || "another window or program"} (${which}).`;
  const runs = claimer !== undefined && claimer.start !== "0" && isOver(claimer) === false;
  return new AgentError("conflict", runs ? used : `${used} If that does not run any more, remove ${path}.`);
}

function wordsFor({ kind, name, folder }: LockOwner): string {
  if (kind === "window") return folder === undefined ? `a window of ${name}` : `a window of ${name} with ${folder}`;
  return folder === undefined ? name : `${name} in ${folder}`;
}

/** Who made a claim, in a line of text, and when, as far as it says so. */
async function claimant(path: string): Promise<{ owner: string; since?: string }> {
  try {
    const { birthtimeMs } = await stat(path);
    const owner = sanitizeLine((await readFile(path, "utf8")).trim());
    const since = `${new Date(birthtimeMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
    return birthtimeMs > 0 ? { owner, since } : { owner };
  } catch {
    return { owner: "" };
  }
}
