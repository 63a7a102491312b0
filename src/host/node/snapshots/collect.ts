import type { Contents } from "./contents.ts";

/** A pack of which less than this share is needed is written anew. */
const MINIMUM_USE = 0.5;
/** Smaller packs are put together when there are more than `MANY_SMALL` of them. In bytes before compression. */
const SMALL_BYTES = 1024 * 1024;
const MANY_SMALL = 8;

interface Needs {
  readonly hashes: ReadonlySet<string>;
  /** Asked before each removal. */
  stops(): Promise<boolean>;
}

/** Removes contents that nothing needs: packs of which little is needed are copied to another one first. */
export async function collectPacks(contents: Contents, { hashes, stops }: Needs): Promise<void> {
  await contents.closePack();
  const packs = [...contents.byPack()].map(([pack, held]) => {
    const needed = held.filter(({ hash }) => hashes.has(hash));
    return { pack, needed: new Set(needed.map(({ hash }) => hash)), size: sizeOf(held), use: sizeOf(needed) };
  });
  const small = packs.filter(({ size }) => size < SMALL_BYTES);
  for (const { pack, needed, size, use } of packs) {
    const isScattered = size < SMALL_BYTES && small.length > MANY_SMALL;
    if (needed.size > 0 && use >= size * MINIMUM_USE && !isScattered) continue;
    if (await stops()) return;
    if (needed.size > 0) await contents.moveFrom(pack, needed);
    if (await stops()) return;
    await contents.removePack(pack);
  }
  const held = new Set(packs.map(({ pack }) => pack));
  // What nothing could be read from was torn when its process was killed.
  for (const pack of await contents.packs())
    if (!held.has(pack) && !contents.byPack().has(pack)) await contents.removePack(pack);
}

function sizeOf(held: readonly { length: number }[]): number {
  return held.reduce((sum, { length }) => sum + length, 0);
}
