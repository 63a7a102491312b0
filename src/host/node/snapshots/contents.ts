import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { AgentError } from "../../../protocol/errors.ts";
import { isAbsent } from "../read.ts";
import { type Content, encodeBlock, hashOf, type Place, readBody, readPlaces } from "./packFile.ts";

/** How much is compressed together, in bytes: enough to compress well, little enough to read one file of it quickly. */
const BLOCK_BYTES = 1024 * 1024;
/** A pack that is larger than this gets no further block. */
const PACK_BYTES = 64 * 1024 * 1024;
const ENDING = ".pack";
/** How many blocks are held for the next reads: files that are read together mostly stand together. */
const BLOCKS_HELD = 4;

interface Located extends Place {
  readonly pack: string;
}

/** Contents of files, each kept once, by their hash. This process appends to packs of its own; it reads those of others. */
export class Contents {
  readonly #folder: string;
  #places = new Map<string, Located>();
  /** The packs that they are in. */
  #known = new Set<string>();
  #gathered: Content[] = [];
  #gatheredBytes = 0;
  #pack: { readonly name: string; readonly handle: FileHandle; length: number } | undefined;
  /** By pack and place, the last one used at the end. */
  readonly #bodies = new Map<string, Promise<Buffer | undefined>>();
  /** The blocks that are being written. It rejects once one of them cannot be. */
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Reads anew what there is on disk. */
  async load(): Promise<void> {
    const places = new Map<string, Located>();
    const packs = await this.packs();
    // Nobody would find what is added to a file that was removed.
    if (this.#pack && !packs.includes(this.#pack.name)) await this.closePack();
    for (const pack of packs) {
      for await (const block of readPlaces(join(this.#folder, pack)))
        for (const place of block) places.set(place.hash, { ...place, pack });
    }
    this.#places = places;
    this.#known = new Set(packs);
    this.#bodies.clear();
  }

  has(hash: string): boolean {
    return this.#places.has(hash);
  }

  /** The packs that are there. */
  async packs(): Promise<string[]> {
    try {
      return (await readdir(this.#folder)).filter((name) => name.endsWith(ENDING)).sort();
    } catch (error) {
      if (isAbsent(error)) return [];
      throw error;
    }
  }

  /** Whether every pack that contents are known to be in is there: another process may have removed it. */
  async isWhole(): Promise<boolean> {
    const there = new Set(await this.packs());
    return [...this.#known].every((pack) => there.has(pack));
  }

  /** What each pack holds. */
  byPack(): Map<string, { hash: string; length: number }[]> {
    const packs = new Map<string, { hash: string; length: number }[]>();
    for (const { pack, hash, length } of this.#places.values()) {
      const held = packs.get(pack) ?? [];
      held.push({ hash, length });
      packs.set(pack, held);
    }
    return packs;
  }

  /** Takes a content; resolves once there is room for the next. Nothing is sure to be kept before `flush`. */
  async add(content: Content): Promise<void> {
    if (this.#places.has(content.hash)) return;
    this.#places.set(content.hash, { hash: content.hash, pack: "", at: 0, bodyLength: 0, start: 0, length: 0 });
    this.#gathered.push(content);
    this.#gatheredBytes += content.bytes.length;
    if (this.#gatheredBytes < BLOCK_BYTES) return;
    const before = this.#writing;
    this.#writeGathered();
    await before;
  }

  /** Resolves when all that was added is on the medium. When it rejects, none of it may be counted on. */
  async flush(): Promise<void> {
    if (this.#gathered.length > 0) this.#writeGathered();
    try {
      await this.#writing;
      await this.#pack?.handle.sync();
    } catch (error) {
      await this.closePack();
      await this.load();
      throw error;
    } finally {
      this.#writing = Promise.resolve();
      this.#gathered = [];
      this.#gatheredBytes = 0;
    }
    if (this.#pack && this.#pack.length > PACK_BYTES) await this.closePack();
  }

  /** What was kept. Rejects with `notFound` when it is gone or damaged. */
  async read(hash: string): Promise<Uint8Array> {
    const bytes = (await this.#tryRead(hash)) ?? (await this.load().then(() => this.#tryRead(hash)));
    if (bytes) return bytes;
    throw new AgentError("notFound", "The copy of a file that a snapshot has is damaged or gone.");
  }

  async #tryRead(hash: string): Promise<Uint8Array | undefined> {
    const place = this.#places.get(hash);
    if (!place) return undefined;
    const body = await this.#bodyOf(place);
    const bytes = body && new Uint8Array(body.subarray(place.start, place.start + place.length));
    return bytes && hashOf(bytes) === hash ? bytes : undefined;
  }

  /** Undefined when it is gone or damaged. */
  #bodyOf(place: Located): Promise<Buffer | undefined> {
    const key = `${place.pack} ${place.at}`;
    const body = this.#bodies.get(key) ?? readBody(join(this.#folder, place.pack), place).catch(() => undefined);
    this.#bodies.delete(key);
    this.#bodies.set(key, body);
    for (const oldest of this.#bodies.keys()) {
      if (this.#bodies.size <= BLOCKS_HELD) break;
      this.#bodies.delete(oldest);
    }
    return body;
  }

  /** The next content begins another pack. */
  async closePack(): Promise<void> {
    const pack = this.#pack;
    this.#pack = undefined;
    await pack?.handle.close();
  }

  /** Removes a pack, with all that it still holds. */
  async removePack(pack: string): Promise<void> {
    for (const { hash, pack: of } of [...this.#places.values()]) if (of === pack) this.#places.delete(hash);
    this.#known.delete(pack);
    await rm(join(this.#folder, pack), { force: true });
  }

  /** Copies contents out of a pack into the one that is written. What is damaged is left out. Resolves when the copies are on the medium. */
  async moveFrom(pack: string, hashes: ReadonlySet<string>): Promise<void> {
    if (this.#pack?.name === pack) await this.closePack();
    for await (const block of readPlaces(join(this.#folder, pack))) {
      const wanted = block.filter(({ hash }) => hashes.has(hash) && this.#places.get(hash)?.pack === pack);
      if (!wanted[0]) continue;
      const body = await readBody(join(this.#folder, pack), wanted[0]).catch(() => undefined);
      for (const { hash, start, length } of wanted) {
        const bytes = body?.subarray(start, start + length);
        this.#places.delete(hash);
        if (bytes && hashOf(bytes) === hash) await this.add({ hash, bytes });
      }
    }
    await this.flush();
  }

  #writeGathered(): void {
    const contents = this.#gathered;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    this.#writing = Promise.all([encodeBlock(contents), this.#writing]).then(async ([block]) => {
      this.#pack ??= await this.#newPack();
      const { name, handle, length } = this.#pack;
      this.#known.add(name);
      await handle.writeFile(block.bytes);
      this.#pack.length += block.bytes.length;
      for (const place of block.places) this.#places.set(place.hash, { ...place, at: place.at + length, pack: name });
    });
    // Whoever adds or flushes next is told.
    this.#writing.catch(() => {});
  }

  async #newPack() {
    const name = `${randomUUID()}${ENDING}`;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    return { name, handle: await open(join(this.#folder, name), "ax", 0o600), length: 0 };
  }
}
