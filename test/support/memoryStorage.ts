import { setImmediate as turn } from "node:timers/promises";
import { storageNameParts } from "../../src/host/node/storageName.ts";
import type { Storage } from "../../src/host/storage.ts";
import { AgentError } from "../../src/protocol/errors.ts";
import type { Failures } from "./memoryHost.ts";

/** So many turns of the event loop are waited for a lock. */
const PATIENCE = 20;

export interface MemoryStorage extends Storage {
  /** The files by name, as they are now. */
  readonly entries: Map<string, string>;
}

/** Its locks are its own: another one over the same entries plays another process after the end of this one. */
export function createMemoryStorage(entries: Map<string, string>, failures: Failures): MemoryStorage {
  const locks = new Set<string>();
  const watches = new Set<(name: string) => void>();
  const tell = (name: string) => {
    for (const told of watches) told(name);
  };
  return {
    root: "/home/user/.patchwright",
    entries,
    async append(name, text) {
      failures("append");
      storageNameParts(name);
      entries.set(name, (entries.get(name) ?? "") + text);
      tell(name);
    },
    async read(name) {
      storageNameParts(name);
      return entries.get(name);
    },
    async write(name, text) {
      storageNameParts(name);
      entries.set(name, text);
      tell(name);
    },
    async list(folder) {
      const prefix = folder === "" ? "" : `${storageNameParts(folder).join("/")}/`;
      const below = [...entries.keys()]
        .filter((name) => name.startsWith(prefix))
        .map((name) => name.slice(prefix.length));
      return below.filter((name) => !name.includes("/")).sort();
    },
    async remove(name) {
      storageNameParts(name);
      if (entries.delete(name)) tell(name);
    },
    async watch(folder, listener) {
      const prefix = folder === "" ? "" : `${storageNameParts(folder).join("/")}/`;
      const told = (name: string) => {
        if (name.startsWith(prefix) && !name.slice(prefix.length).includes("/")) listener();
      };
      watches.add(told);
      return { dispose: () => void watches.delete(told) };
    },
    lockedElsewhere: async () => new Map(),
    async lock(name) {
      storageNameParts(name);
      for (let turns = 0; locks.has(name) && turns < PATIENCE; turns++) await turn();
      if (locks.has(name)) throw new AgentError("conflict", "It is used by another window or program.");
      locks.add(name);
      let held = true;
      return {
        async release() {
          if (held) locks.delete(name);
          held = false;
        },
      };
    },
  };
}
