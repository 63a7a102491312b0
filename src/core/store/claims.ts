import * as z from "zod";
import type { Storage } from "../../host/storage.ts";
import { parseJson } from "./parseJson.ts";

const FOLDER = "checkpoints";

/** What a checkpoint needs of the host's snapshots. */
const claim = z.object({
  checkpointId: z.string(),
  /** Unix seconds. */
  createdAt: z.number(),
  snapshots: z.array(z.string()),
});
export type Claim = Readonly<z.infer<typeof claim>>;

/** Which snapshots the checkpoints of a thread need: one small file a thread. Calls for one thread must not overlap. */
export class Claims {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** Oldest first; none when the file is damaged. */
  async read(threadId: string): Promise<Claim[]> {
    const text = await this.#storage.read(nameOf(threadId));
    const parsed = z.array(claim).safeParse(text === undefined ? [] : parseJson(text));
    return parsed.success ? parsed.data : [];
  }

  async write(threadId: string, claims: readonly Claim[]): Promise<void> {
    if (claims.length === 0) await this.#storage.remove(nameOf(threadId));
    else await this.#storage.write(nameOf(threadId), JSON.stringify(claims));
  }

  /** By thread. */
  async readAll(): Promise<Map<string, Claim[]>> {
    const threads = new Map<string, Claim[]>();
    for (const name of await this.#storage.list(FOLDER)) {
      const threadId = name.replace(/\.json$/, "");
      threads.set(threadId, await this.read(threadId));
    }
    return threads;
  }
}

function nameOf(threadId: string): string {
  return `${FOLDER}/${threadId}.json`;
}
