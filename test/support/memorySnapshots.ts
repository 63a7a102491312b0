import type { SnapshotChange, Snapshots } from "../../src/host/snapshots.ts";
import { AgentError, throwIfAborted } from "../../src/protocol/errors.ts";
import type { MemoryFiles } from "./memoryFiles.ts";

interface Moment {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The files below the roots that rules hide. */
  hidden: ReadonlyMap<string, string>;
  readonly roots: string;
}

const MAXIMUM_SIZE = 8 * 1024 * 1024;

/** Snapshots of files in memory. All content counts as kept on disk, once for each snapshot. There are no programs. */
export function createMemorySnapshots(files: MemoryFiles): Snapshots {
  const moments = new Map<string, Moment>();
  let count = 0;
  const find = (id: string): Moment => {
    const moment = moments.get(id);
    if (!moment) throw new AgentError("notFound", "That snapshot is not kept any more.");
    return moment;
  };
  return {
    async take(roots, signal) {
      throwIfAborted(signal);
      const now = new Map<string, Uint8Array>();
      for (const root of roots) {
        const { paths } = await files.list(root, { limit: 200_000 }, signal);
        for (const path of paths) now.set(path, files.bytes(path) ?? new Uint8Array());
      }
      const hidden = new Map(Object.entries(files.snapshot()).filter(([path]) => !now.has(path)));
      const key = [...roots].sort().join("\n");
      const [newest] = [...moments].filter(([, moment]) => moment.roots === key).slice(-1);
      if (newest && isSame(newest[1].files, now)) {
        newest[1].hidden = hidden;
        return newest[0];
      }
      const id = `snapshot-${++count}`;
      moments.set(id, { files: now, hidden, roots: key });
      return id;
    },
    async compare(from, to) {
      if (find(from).roots !== find(to).roots) throw new AgentError("invalid", "They are of different folders.");
      return differences(find(from), find(to));
    },
    async read(id, path) {
      const bytes = find(id).files.get(path);
      if (bytes && bytes.length > MAXIMUM_SIZE) throw new AgentError("tooLarge", `${path} is larger than 8 MiB.`);
      return bytes && { bytes, executable: false };
    },
    keepOnly(ids) {
      for (const id of moments.keys()) if (!ids.includes(id)) moments.delete(id);
      return Promise.resolve();
    },
    async diskBytes() {
      const kept = [...moments.values()].flatMap((moment) => [...moment.files.values()]);
      return kept.reduce((sum, { length }) => sum + length, 0);
    },
  };
}

function isSame(one: Moment["files"], other: Moment["files"]): boolean {
  return one.size === other.size && [...one].every(([path, bytes]) => sameBytes(bytes, other.get(path)));
}

function sameBytes(one: Uint8Array, other: Uint8Array | undefined): boolean {
  return other !== undefined && Buffer.from(one).equals(other);
}

function differences(from: Moment, to: Moment): SnapshotChange[] {
  const changes: SnapshotChange[] = [];
  for (const path of new Set([...from.files.keys(), ...to.files.keys()])) {
    const before = from.files.get(path);
    const after = to.files.get(path);
    if (!before && from.hidden.get(path) === new TextDecoder().decode(after)) continue;
    if (!before) changes.push({ path, kind: "add" });
    else if (!after) changes.push({ path, kind: "delete" });
    else if (!sameBytes(before, after)) changes.push({ path, kind: "update" });
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}
