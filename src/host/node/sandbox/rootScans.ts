import type { Confinement } from "../../sandbox.ts";
import { type Found, type Listings, scanRoot } from "./rootScan.ts";

/** Looks for what is protected, again and again. */
export interface RootScans {
  /** Everything protected below the roots, once each. */
  of(roots: readonly string[], confinement: Confinement): Promise<readonly Found[]>;
  /** The roots below which not everything was looked at the last time. */
  readonly cutShort: ReadonlySet<string>;
}

export function createRootScans(mostFolders?: number): RootScans {
  const cutShort = new Set<string>();
  /** By what is protected, since that decides what was looked for. */
  const known = new WeakMap<Confinement["isProtected"], Map<string, Listings>>();
  return {
    cutShort,
    async of(roots, { isProtected }) {
      const listings = known.get(isProtected) ?? new Map<string, Listings>();
      known.set(isProtected, listings);
      const found = new Map<string, Found>();
      for (const root of roots) {
        const seen = await scanRoot({ root, isProtected, known: listings.get(root) ?? new Map(), mostFolders });
        listings.set(root, seen.listings);
        if (seen.isWhole) cutShort.delete(root);
        else cutShort.add(root);
        for (const one of seen.found) if (!found.has(one.path)) found.set(one.path, one);
      }
      return [...found.values()];
    },
  };
}
