import { randomUUID } from "node:crypto";
import { open, readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AgentError } from "../../protocol/errors.ts";
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

/**
 * Locks in the private store. A claim is an empty file whose name says for which lock it is, and of which process. Whoever made one, and after
 * that finds no other, has the lock. Of two that come at once at least one so finds the other's, whatever their order; the claim that is first by its
 * id stays and looks again, the others are withdrawn for a while: so one of those that come at once gets it. A claim is removed by its own process, or
 * by anybody once that has ended: nobody ever takes away what another may have.
 */
export class StorageLocks {
  readonly #folder: string;
  readonly #patienceMs: number;

  constructor(root: string, patienceMs: number = PATIENCE_MS) {
    this.#folder = join(root, FOLDER);
    this.#patienceMs = patienceMs;
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

  /** Claims until there is no other claim. */
  async #await(prefix: string, file: string): Promise<void> {
    const until = performance.now() + this.#patienceMs;
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
      await (await open(join(this.#folder, file), "a", 0o600)).close();
      const others = await this.#others(prefix, file);
      const [other] = others;
      if (other === undefined) return;
      if (performance.now() >= until) throw inUse(other, join(this.#folder, other));
      if (others.some((one) => idOf(one) < idOf(file))) await this.#withdraw(file);
      // Those that came at once must not come again at once.
      await sleep(waitMs * (0.5 + Math.random()));
    }
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

  /** Other claims that count. Those of processes that have ended are removed. */
  async #others(prefix: string, own: string): Promise<string[]> {
    const claims = (await readdir(this.#folder)).filter((file) => file.startsWith(prefix) && file !== own);
    const counting: string[] = [];
    for (const file of claims) {
      const process = parseProcess(file.slice(prefix.length).split("~")[0] ?? "");
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

function idOf(claim: string): string {
  return claim.split("~").at(-1) ?? "";
}

function inUse(claim: string, path: string): AgentError {
  const pid = parseProcess(claim.split("~").at(-2) ?? "")?.pid;
  return new AgentError(
    "conflict",
    `Another window or program, process ${pid}, uses it. If it does not run any more, remove ${path}.`,
  );
}
