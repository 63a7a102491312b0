import type { SnapshotChange, Snapshots } from "../../src/host/host.ts";
import { AgentError } from "../../src/protocol/errors.ts";
import type { MemoryFiles } from "./memoryFiles.ts";

type Moment = ReadonlyMap<string, Uint8Array>;

/** Snapshots of files in memory. All content counts as kept on disk, once for each snapshot. */
export function createMemorySnapshots(files: MemoryFiles): Snapshots {
  const moments = new Map<string, Moment>();
  let count = 0;
  const find = (id: string): Moment => {
    const moment = moments.get(id);
    if (!moment) throw new AgentError("notFound", `The snapshot ${id} is not kept any more.`);
    return moment;
  };
  return {
    async take(roots, signal) {
      const now = new Map<string, Uint8Array>();
      for (const root of roots) {
        const { paths } = await files.list(root, { limit: 200_000 }, signal);
        for (const path of paths) now.set(path, files.bytes(path) ?? new Uint8Array());
      }
      const [newest] = [...moments].slice(-1);
      if (newest && differences(newest[1], now).length === 0) return newest[0];
      const id = `snapshot-${++count}`;
      moments.set(id, now);
      return id;
    },
    compare: async (from, to) => differences(find(from), find(to)),
    async read(id, path) {
      const bytes = find(id).get(path);
      return bytes && { bytes, executable: false };
    },
    async keepOnly(ids) {
      for (const id of moments.keys()) if (!ids.includes(id)) moments.delete(id);
    },
    async diskBytes() {
      return [...moments.values()]
        .flatMap((moment) => [...moment.values()])
        .reduce((sum, { length }) => sum + length, 0);
    },
  };
}

function differences(from: Moment, to: Moment): SnapshotChange[] {
  const changes: SnapshotChange[] = [];
  for (const path of new Set([...from.keys(), ...to.keys()])) {
    const before = from.get(path);
    const after = to.get(path);
    if (!before) changes.push({ path, kind: "add" });
    else if (!after) changes.push({ path, kind: "delete" });
    else if (!Buffer.from(before).equals(after)) changes.push({ path, kind: "update" });
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}
