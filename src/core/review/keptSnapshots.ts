import type { Snapshots } from "../../host/snapshots.ts";
import type { Storage } from "../../host/storage.ts";
import { type Claim, Claims } from "../store/claims.ts";

export interface SnapshotLimits {
  /** Of all threads, in bytes. */
  readonly diskBytes: number;
  /** Checkpoints with files, of one thread. */
  readonly perThread: number;
}

/** The snapshots around a turn that may have changed files. */
export interface TurnFiles {
  readonly threadId: string;
  readonly turnId: string;
  readonly before: string;
  readonly after: string;
}

const LIMITS: SnapshotLimits = { diskBytes: 1024 * 1024 * 1024, perThread: 50 };
/** Letting go reads what is kept, so it is done for so many at a time. */
const LET_GO_AT_ONCE = 10;
/** How full the store may be after it was too full. */
const TARGET = 0.8;
/**
 * Which snapshots are needed, by which checkpoints of which threads. What none needs is let go, in time; so are
 * the oldest checkpoints when a thread has too many, or all of them take too much room.
 */
export class KeptSnapshots {
  /** Told once a turn's snapshots are both there. */
  onTurnFiles: (files: TurnFiles) => void = () => {};
  readonly #snapshots: Snapshots;
  readonly #claims: Claims;
  readonly #limits: SnapshotLimits;
  /** Taken, and not claimed yet. */
  readonly #fresh = new Set<string>();
  readonly #taking = new Set<Promise<unknown>>();
  #last: Promise<unknown> = Promise.resolve();
  /** How many claims were dropped since the store was last cleaned. */
  #dropped = 0;

  constructor(host: { snapshots: Snapshots; storage: Storage }, limits = LIMITS) {
    this.#snapshots = host.snapshots;
    this.#claims = new Claims(host.storage);
    this.#limits = limits;
  }

  /** A snapshot that is kept until it is claimed or released. Rejects as `Snapshots.take` does. */
  async take(roots: readonly string[], signal: AbortSignal): Promise<string> {
    const taken = this.#snapshots.take(roots, signal).then((id) => {
      this.#fresh.add(id);
      return id;
    });
    const over = taken.then(ignore, ignore);
    this.#taking.add(over);
    void over.then(() => this.#taking.delete(over));
    return taken;
  }

  release(ids: readonly (string | null | undefined)[]): void {
    for (const id of ids) if (id) this.#fresh.delete(id);
  }

  /** The checkpoints of a thread whose files can be restored. */
  async withFiles(threadId: string): Promise<Set<string>> {
    const all = await this.#inOrder(() => this.#claims.read(threadId));
    return new Set(all.map(({ checkpointId }) => checkpointId));
  }

  /** Keeps what a checkpoint needs, in place of what it needed before. */
  claim(threadId: string, claim: Claim): Promise<void> {
    return this.#inOrder(async () => {
      const others = (await this.#claims.read(threadId)).filter(
        ({ checkpointId }) => checkpointId !== claim.checkpointId,
      );
      await this.#claims.write(threadId, [...others, claim]);
      this.release(claim.snapshots);
    });
  }

  /** Keeps for a copy of a thread what these of its checkpoints need. */
  copy(threadId: string, { to, checkpointIds }: { to: string; checkpointIds: ReadonlySet<string> }): Promise<void> {
    return this.#inOrder(async () => {
      const copied = (await this.#claims.read(threadId)).filter(({ checkpointId }) => checkpointIds.has(checkpointId));
      if (copied.length > 0) await this.#claims.write(to, copied);
    });
  }

  /** Lets go of all that a thread needs. */
  async remove(threadId: string): Promise<void> {
    await this.#inOrder(() => this.#claims.write(threadId, []));
    await this.#clean();
  }

  /** Lets go of the thread's oldest checkpoints beyond the limit, and of the oldest of all when they take too much room. */
  async enforce(threadId: string): Promise<void> {
    await this.#inOrder(async () => {
      const all = await this.#claims.read(threadId);
      const kept = all.slice(-this.#limits.perThread);
      if (kept.length === all.length) return;
      this.#dropped += all.length - kept.length;
      await this.#claims.write(threadId, kept);
    });
    const { diskBytes } = this.#limits;
    if ((await this.#snapshots.diskBytes()) > diskBytes) await this.#shrinkTo(diskBytes * TARGET);
    else if (this.#dropped >= LET_GO_AT_ONCE) await this.#clean();
  }

  async usage(): Promise<{ diskBytes: number; maxDiskBytes: number }> {
    return { diskBytes: await this.#snapshots.diskBytes(), maxDiskBytes: this.#limits.diskBytes };
  }

  /** First what nothing needs any more, then the oldest quarter, again and again. The newest checkpoint stays. */
  async #shrinkTo(diskBytes: number): Promise<void> {
    await this.#clean();
    while ((await this.#snapshots.diskBytes()) > diskBytes) {
      const dropped = await this.#inOrder(() => this.#dropOldest());
      if (dropped === 0) return;
      await this.#clean();
    }
  }

  async #dropOldest(): Promise<number> {
    const threads = await this.#claims.readAll();
    const ages = [...threads.values()].flat().sort((one, other) => one.createdAt - other.createdAt);
    const gone = new Set(ages.slice(0, Math.min(Math.ceil(ages.length / 4), ages.length - 1)));
    for (const [threadId, all] of threads) {
      const kept = all.filter((claim) => !gone.has(claim));
      if (kept.length < all.length) await this.#claims.write(threadId, kept);
    }
    return gone.size;
  }

  /** Frees what nothing needs. What is taken at this moment is waited for, so that it is known. */
  async #clean(): Promise<void> {
    await this.#inOrder(async () => {
      const threads = await this.#claims.readAll();
      await Promise.all(this.#taking);
      const needed = [...threads.values()].flat().flatMap(({ snapshots }) => snapshots);
      this.#dropped = 0;
      await this.#snapshots.keepOnly([...new Set([...needed, ...this.#fresh])]);
    });
  }

  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(ignore);
    return done;
  }
}

function ignore(): void {}
