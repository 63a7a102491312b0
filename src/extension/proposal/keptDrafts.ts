import * as z from "zod";
import type { Storage } from "../../host/host.ts";

/** What the user wrote into a proposal, with what it stood beside, so that a reload of the window loses none of it. */
const draftShape = z.object({
  path: z.string(),
  before: z.string(),
  text: z.string(),
  /** Unix milliseconds. */
  writtenAtMs: z.number(),
});
export type Draft = z.infer<typeof draftShape>;

const FOLDER = "proposals";
const MAX_CHARS = 2_000_000;
/** Those of other windows are here, too: what nobody has open is removed once it is this old. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

export interface DraftPlace {
  readonly itemId: string;
  readonly index: number;
}

/** Drafts in the private store, one file each. */
export class KeptDrafts {
  readonly #storage: Storage;
  readonly #onFault: (error: unknown) => void;

  constructor(storage: Storage, onFault: (error: unknown) => void) {
    this.#storage = storage;
    this.#onFault = onFault;
  }

  write(place: DraftPlace, draft: Draft): void {
    if (draft.before.length + draft.text.length > MAX_CHARS) return;
    void this.#storage.write(nameOf(place), JSON.stringify(draft)).catch(this.#onFault);
  }

  /** Undefined when there is none that can be read. */
  async read(place: DraftPlace): Promise<Draft | undefined> {
    return this.#read(nameOf(place));
  }

  remove(place: DraftPlace): void {
    void this.#storage.remove(nameOf(place)).catch(this.#onFault);
  }

  async removeOld(nowMs: number): Promise<void> {
    for (const file of await this.#storage.list(FOLDER)) {
      const draft = await this.#read(`${FOLDER}/${file}`);
      if (!draft || nowMs - draft.writtenAtMs > KEPT_MS) await this.#storage.remove(`${FOLDER}/${file}`);
    }
  }

  async #read(name: string): Promise<Draft | undefined> {
    const text = await this.#storage.read(name);
    try {
      return text === undefined ? undefined : draftShape.parse(JSON.parse(text));
    } catch {
      return undefined;
    }
  }
}

function nameOf({ itemId, index }: DraftPlace): string {
  return `${FOLDER}/${itemId}.${index}.json`;
}
