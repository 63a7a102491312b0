import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { isAbsent } from "../read.ts";

/** For so long after a process took a snapshot, others let go of nothing there. In milliseconds. */
const ACTIVE_MS = 60 * 60 * 1000;

/**
 * Which processes take snapshots of the same folders. What one of them has just made no other knows of yet: while there is another, nothing is
 * removed. Each has a file here whose time says when it began the last one.
 */
export class Users {
  readonly #folder: string;
  readonly #own = `${hostname().replaceAll(/[^A-Za-z0-9-]/g, "")}.${process.pid}.${randomUUID()}`;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Says that this process is at work here. */
  async enter(): Promise<void> {
    const path = join(this.#folder, this.#own);
    try {
      const now = new Date();
      await utimes(path, now, now);
    } catch (error) {
      if (!isAbsent(error)) throw error;
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(path, "", { mode: 0o600 });
    }
  }

  async leave(): Promise<void> {
    await rm(join(this.#folder, this.#own), { force: true });
  }

  /** Whether another process is at work here. */
  async others(): Promise<boolean> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names.filter((one) => one !== this.#own)) {
      if (await this.#isActive(name)) return true;
      await rm(join(this.#folder, name), { force: true });
    }
    return false;
  }

  async #isActive(name: string): Promise<boolean> {
    const [host, pid] = name.split(".");
    if (host === this.#own.split(".")[0] && !isAlive(Number(pid))) return false;
    const stats = await stat(join(this.#folder, name)).catch(() => undefined);
    return stats !== undefined && Date.now() - stats.mtimeMs < ACTIVE_MS;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
