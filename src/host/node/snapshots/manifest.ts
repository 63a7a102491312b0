import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { isAbsent } from "../read.ts";
import type { Entries, Entry } from "./entry.ts";
import { pause } from "./pause.ts";

const compress = promisify(gzip) as (text: string, options: object) => Promise<Buffer>;
const expand = promisify(gunzip) as (bytes: Uint8Array) => Promise<Buffer>;

/** A snapshot's entries are written whole, or as what differs from another that is. */
export interface Manifest {
  /** When the files were last found to be so. */
  readonly takenAtMs: number;
  /** The name of the whole one. */
  readonly base: string | undefined;
  /** Undefined for what the base has and this has not. */
  readonly lines: ReadonlyMap<string, Entry | undefined>;
}

/** Of a snapshot that is kept. */
const KEPT = ".snapshot";
/** Of one that was let go, and that others are written by. */
const BASE = ".base";
const LINES_AT_A_TIME = 4000;

/** Names sort by age. */
export function newName(nowMs: number): string {
  return `${nowMs.toString(36).padStart(9, "0")}${randomBytes(5).toString("hex")}`;
}

/** The manifests in a folder: one file for each snapshot, which is there wholly or not at all. */
export class Manifests {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The names of the snapshots that are kept, oldest first. */
  async names(): Promise<string[]> {
    return this.#named(KEPT);
  }

  async bases(): Promise<string[]> {
    return this.#named(BASE);
  }

  async write(name: string, manifest: Manifest): Promise<void> {
    const bytes = await compress(await encode(manifest), { level: 1 });
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const temporary = join(this.#folder, `.${name}`);
    try {
      const handle = await open(temporary, "wx", 0o600);
      try {
        await handle.writeFile(bytes);
        await handle.utimes(manifest.takenAtMs / 1000, manifest.takenAtMs / 1000);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, join(this.#folder, name + KEPT));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** Undefined when it is not there, or damaged. `whose` says whether it must still be kept for its own sake. */
  async read(name: string, whose: "kept" | "any"): Promise<Manifest | undefined> {
    for (const ending of whose === "kept" ? [KEPT] : [KEPT, BASE]) {
      const file = await readIfThere(join(this.#folder, name + ending));
      const manifest = file && (await decode(file.bytes).catch(() => undefined));
      if (manifest) return { ...manifest, takenAtMs: Math.max(manifest.takenAtMs, file.mtimeMs) };
    }
    return undefined;
  }

  /** Removes what a process that was killed had begun to write. */
  async removeUnfinished(): Promise<void> {
    for (const file of await this.#files())
      if (file.startsWith(".")) await rm(join(this.#folder, file), { force: true });
  }

  /** Notes that the files were found to be so again. The file's own time says it, so that nothing is written. */
  async touch(name: string, takenAtMs: number): Promise<void> {
    await utimes(join(this.#folder, name + KEPT), takenAtMs / 1000, takenAtMs / 1000);
  }

  /** Lets go of a snapshot; others go on being written by it. */
  async demote(name: string): Promise<void> {
    await rename(join(this.#folder, name + KEPT), join(this.#folder, name + BASE));
  }

  async remove(name: string): Promise<void> {
    for (const ending of [KEPT, BASE]) await rm(join(this.#folder, name + ending), { force: true });
  }

  async #named(ending: string): Promise<string[]> {
    const files = (await this.#files()).filter((file) => file.endsWith(ending) && !file.startsWith("."));
    return files.map((file) => file.slice(0, -ending.length)).sort();
  }

  async #files(): Promise<string[]> {
    try {
      return await readdir(this.#folder);
    } catch (error) {
      if (isAbsent(error)) return [];
      throw error;
    }
  }
}

async function readIfThere(path: string): Promise<{ bytes: Uint8Array; mtimeMs: number } | undefined> {
  try {
    return { bytes: await readFile(path), mtimeMs: (await stat(path)).mtimeMs };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** What differs; a whole manifest is what differs from nothing. */
export function linesBetween(base: Entries, entries: Entries): Map<string, Entry | undefined> {
  const lines = new Map<string, Entry | undefined>();
  for (const [path, entry] of entries) if (base.get(path) !== entry) lines.set(path, entry);
  for (const path of base.keys()) if (!entries.has(path)) lines.set(path, undefined);
  return lines;
}

/** The first line has the facts, each other one a file. */
async function encode({ takenAtMs, base, lines }: Manifest): Promise<string> {
  let text = JSON.stringify({ version: 1, takenAtMs, base });
  let count = 0;
  for (const [path, entry] of lines) {
    text += `\n${JSON.stringify(entry ? [path, ...membersOf(entry)] : [path])}`;
    if (++count % LINES_AT_A_TIME === 0) await pause();
  }
  return text;
}

function membersOf({ size, mtimeMs, ctimeMs, inode, executable, hash, settled }: Entry) {
  return [
    size,
    mtimeMs,
    ctimeMs,
    inode,
    (executable ? 1 : 0) + (settled ? 2 : 0),
    ...(hash === undefined ? [] : [hash]),
  ];
}

type Line = [string, number, number, number, number, number, string?];

async function decode(bytes: Uint8Array): Promise<Manifest | undefined> {
  const [first = "", ...rest] = (await expand(bytes)).toString("utf8").split("\n");
  const { version, takenAtMs, base } = JSON.parse(first) as { version: number; takenAtMs: number; base?: string };
  if (version !== 1) return undefined;
  const lines = new Map<string, Entry | undefined>();
  for (const [at, text] of rest.entries()) {
    const [path, size, mtimeMs, ctimeMs, inode, flags, hash] = JSON.parse(text) as Line;
    const entry = { size, mtimeMs, ctimeMs, inode, hash, executable: (flags & 1) !== 0, settled: (flags & 2) !== 0 };
    lines.set(path, size === undefined ? undefined : entry);
    if (at % LINES_AT_A_TIME === 0) await pause();
  }
  return { takenAtMs, base, lines };
}
