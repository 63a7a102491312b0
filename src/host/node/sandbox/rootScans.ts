import type { Confinement } from "../../host.ts";
import { type Found, type Listings, scanRoot } from "./rootScan.ts";

/** Looks for what is protected, again and again. */
export interface RootScans {
  /** Everything protected below the roots, once each. */
  of(roots: readonly string[], confinement: Confinement): Promise<readonly Found[]>;
}

export function createRootScans(): RootScans {
  /** By what is protected, since that decides what was looked for. */
  const known = new WeakMap<Confinement["isProtected"], Map<string, Listings>>();
  return {
    async of(roots, { isProtected }) {
      const listings = known.get(isProtected) ?? new Map<string, Listings>();
      known.set(isProtected, listings);
      const found = new Map<string, Found>();
      for (const root of roots) {
        const seen = await scanRoot({ root, isProtected, known: listings.get(root) ?? new Map() });
        listings.set(root, seen.listings);
        for (const one of seen.found) if (!found.has(one.path)) found.set(one.path, one);
      }
      return [...found.values()];
    },
  };
}
