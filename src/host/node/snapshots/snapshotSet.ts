import { rm } from "node:fs/promises";
import { join } from "node:path";
import { AgentError } from "../../../protocol/errors.ts";
import type { SnapshotFile } from "../../snapshots.ts";
import { collectPacks } from "./collect.ts";
import { Contents } from "./contents.ts";
import { type Entries, type Entry, isSameEntry, type Moment } from "./entry.ts";
import { linesBetween, Manifests, newName } from "./manifest.ts";
import { scan } from "./scan.ts";
import { Users } from "./users.ts";

/** How many snapshots are held in memory besides the newest. */
const REMEMBERED = 4;
/** A manifest that differs from its base in more than this share of it is written whole. */
const MAXIMUM_DELTA = 0.25;

interface Named extends Moment {
  readonly name: string;
}

/** The snapshots of one set of folders, in a folder of the store. Its calls must not overlap, but for reading. */
export class SnapshotSet {
  readonly #folder: string;
  readonly #users: Users;
  readonly #manifests: Manifests;
  readonly #contents: Contents;
  readonly #remembered = new Map<string, Moment>();
  /** Those that this process made, with the number that it counted then. */
  readonly #made = new Map<string, number>();
  #loading: Promise<void> | undefined;
  #newest: Named | undefined;
  #base: Named | undefined;
  /** The files as they were last looked at: the same contents as the newest snapshot, but maybe later times. */
  #index: Entries = new Map();

  constructor(folder: string) {
    this.#folder = folder;
    this.#users = new Users(join(folder, "users"));
    this.#manifests = new Manifests(join(folder, "snapshots"));
    this.#contents = new Contents(join(folder, "packs"));
  }

  /** Notes the files at these paths, which are looked up first; `number` counts the snapshots of this process. Resolves with its name. */
  async take(list: () => Promise<readonly string[]>, { number, signal }: { number: number; signal: AbortSignal }) {
    await this.#users.enter();
    await this.#load();
    for (let tries = 0; tries < 2; tries++) {
      const name = await this.#takeOnce(await list(), { number, signal });
      if (name !== undefined) return name;
      await this.#contents.load();
    }
    throw new AgentError("internal", "The store of checkpoints is being cleaned up by another program. Retry.");
  }

  /** Undefined when something that it builds on was removed meanwhile. */
  async #takeOnce(paths: readonly string[], { number, signal }: { number: number; signal: AbortSignal }) {
    const takenAtMs = Date.now();
    if (!(await this.#contents.isWhole())) await this.#contents.load();
    const entries = await this.#scan(paths, signal);
    if (this.#newest && isSame(this.#newest.entries, entries) && (await this.#isKept(this.#newest.name))) {
      this.#newest = { ...this.#newest, takenAtMs };
      await this.#manifests.touch(this.#newest.name, takenAtMs);
      return this.#newest.name;
    }
    const moment = { name: newName(takenAtMs), takenAtMs, entries };
    const base = await this.#write(moment);
    if (!(await this.#contents.isWhole()) || !(await this.#isThere(base.name))) {
      await this.#manifests.remove(moment.name);
      this.#base = undefined;
      return undefined;
    }
    this.#base = base;
    if (this.#newest) this.#remember(this.#newest.name, this.#newest);
    this.#newest = moment;
    this.#made.set(moment.name, number);
    return moment.name;
  }

  /** As the snapshot has the files. Rejects with `notFound`. */
  async moment(name: string): Promise<Moment> {
    if (this.#newest?.name === name && (await this.#isKept(name))) return this.#newest;
    const known = this.#remembered.get(name);
    const moment = known && (await this.#isKept(name)) ? known : await this.#read(name, "kept");
    if (!moment) throw new AgentError("notFound", "That snapshot is not kept any more.");
    this.#remember(name, moment);
    return moment;
  }

  /** Rejects with `notFound` and with `tooLarge`. */
  async read(name: string, path: string): Promise<SnapshotFile | undefined> {
    const entry = (await this.moment(name)).entries.get(path);
    if (!entry) return undefined;
    if (entry.hash === undefined)
      throw new AgentError("tooLarge", `No copy of ${path} was kept: it is larger than 8 MiB, or could not be read.`);
    const bytes = await this.#contents.read(entry.hash);
    return { bytes, executable: entry.executable };
  }

  /** Lets go of all others, but for what this process made after it had counted up to `number`. Does nothing while another process is at work here. */
  async keepOnly(names: ReadonlySet<string>, number: number): Promise<void> {
    const isWanted = (name: string) => names.has(name) || (this.#made.get(name) ?? 0) > number;
    const all = await this.#manifests.names();
    const gone = all.filter((name) => !isWanted(name));
    if (gone.length === 0 || (await this.#users.others())) return;
    if (gone.length === all.length) return this.#removeAll();
    await this.#load();
    const { bases, hashes } = await this.#needs(all.filter(isWanted));
    for (const name of gone) await (bases.has(name) ? this.#manifests.demote(name) : this.#manifests.remove(name));
    for (const name of await this.#manifests.bases()) if (!bases.has(name)) await this.#manifests.remove(name);
    await this.#manifests.removeUnfinished();
    this.#forget(gone, bases);
    await collectPacks(this.#contents, { hashes, stops: () => this.#users.others() });
  }

  /** Says that this process is not at work here any more. */
  async close(): Promise<void> {
    await this.#contents.closePack();
    await this.#users.leave();
  }

  #load(): Promise<void> {
    this.#loading ??= this.#loadNewest().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  async #loadNewest(): Promise<void> {
    await this.#contents.load();
    for (const name of (await this.#manifests.names()).reverse()) {
      const moment = await this.#read(name, "kept");
      if (!moment) continue;
      this.#newest = { name, ...moment };
      this.#base = moment.base ?? this.#newest;
      this.#index = moment.entries;
      return;
    }
  }

  async #scan(paths: readonly string[], signal: AbortSignal): Promise<Entries> {
    try {
      const entries = await scan({ paths, known: this.#index, contents: this.#contents, signal });
      await this.#contents.flush();
      this.#index = entries;
      return entries;
    } catch (error) {
      await this.#contents.flush().catch(() => {});
      throw error;
    }
  }

  /** Resolves with the snapshot that it is written by: itself when it is written whole. */
  async #write(moment: Named): Promise<Named> {
    const { name, takenAtMs, entries } = moment;
    const base = this.#base && (await this.#isThere(this.#base.name)) ? this.#base : undefined;
    const lines = base && linesBetween(base.entries, entries);
    if (base && lines && lines.size <= base.entries.size * MAXIMUM_DELTA) {
      await this.#manifests.write(name, { takenAtMs, base: base.name, lines });
      return base;
    }
    await this.#manifests.write(name, { takenAtMs, base: undefined, lines: entries });
    return moment;
  }

  async #read(name: string, whose: "kept" | "any"): Promise<(Moment & { base: Named | undefined }) | undefined> {
    const manifest = await this.#manifests.read(name, whose);
    if (!manifest) return undefined;
    const { takenAtMs, lines } = manifest;
    const base = manifest.base === undefined ? undefined : await this.#readBase(manifest.base);
    if (manifest.base !== undefined && !base) return undefined;
    const entries = new Map<string, Entry>(base?.entries);
    for (const [path, entry] of lines) {
      if (entry) entries.set(path, entry);
      else entries.delete(path);
    }
    return { takenAtMs, entries, base };
  }

  async #readBase(name: string): Promise<Named | undefined> {
    if (this.#base?.name === name) return this.#base;
    const known = this.#remembered.get(name) ?? (await this.#read(name, "any"));
    if (known) this.#remember(name, known);
    return known && { name, takenAtMs: known.takenAtMs, entries: known.entries };
  }

  async #isKept(name: string): Promise<boolean> {
    return (await this.#manifests.names()).includes(name);
  }

  async #isThere(name: string): Promise<boolean> {
    return (await this.#isKept(name)) || (await this.#manifests.bases()).includes(name);
  }

  /** What these snapshots cannot be read without. */
  async #needs(names: readonly string[]): Promise<{ bases: Set<string>; hashes: Set<string> }> {
    const bases = new Set<string>();
    const hashes = new Set<string>();
    for (const name of names) {
      const moment = await this.#read(name, "kept");
      if (moment?.base) bases.add(moment.base.name);
      for (const hash of hashesOf(moment?.entries ?? new Map())) hashes.add(hash);
    }
    return { bases, hashes };
  }

  #remember(name: string, moment: Moment): void {
    this.#remembered.delete(name);
    this.#remembered.set(name, moment);
    for (const oldest of this.#remembered.keys()) {
      if (this.#remembered.size <= REMEMBERED) return;
      this.#remembered.delete(oldest);
    }
  }

  #forget(names: readonly string[], bases: ReadonlySet<string>): void {
    for (const name of names) {
      this.#made.delete(name);
      if (this.#newest?.name === name) this.#newest = undefined;
      if (this.#base?.name === name && !bases.has(name)) this.#base = undefined;
      if (!bases.has(name)) this.#remembered.delete(name);
    }
  }

  async #removeAll(): Promise<void> {
    await this.#contents.closePack();
    await rm(this.#folder, { recursive: true, force: true });
    await this.#contents.load();
    this.#newest = undefined;
    this.#base = undefined;
    this.#remembered.clear();
    this.#made.clear();
  }
}

function* hashesOf(entries: Entries): Generator<string> {
  for (const { hash } of entries.values()) if (hash !== undefined) yield hash;
}

function isSame(one: Entries, other: Entries): boolean {
  if (one.size !== other.size) return false;
  for (const [path, entry] of one) {
    const now = other.get(path);
    if (now !== entry && !(now && isSameEntry(entry, now))) return false;
  }
  return true;
}
