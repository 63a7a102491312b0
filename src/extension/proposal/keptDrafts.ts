import * as z from "zod";
import type { Storage } from "../../host/storage.ts";

/** What the user wrote into a proposal, with what it stood beside, so that a reload of the window loses none of it. */
const draftShape = z.object({
  /** Where it was written. */
  workspace: z.string(),
  itemId: z.string(),
  /** The file's place in the item's list of changes. */
  index: z.int().min(0),
  path: z.string(),
  before: z.string(),
  text: z.string(),
  /** Unix milliseconds. */
  writtenAtMs: z.number(),
});
export type Draft = z.infer<typeof draftShape>;

const FOLDER = "proposals";
const MAX_CHARS = 2_000_000;
/** Those of other workspaces are here, too: what nobody has opened again by then is removed. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

export type DraftPlace = Pick<Draft, "itemId" | "index">;

export interface KeptDraftsOptions {
  readonly storage: Storage;
  /** Tells this workspace from others. */
  readonly workspace: string;
  onFault(error: unknown): void;
}

/** Drafts in the private store, one file each. */
export class KeptDrafts {
  readonly #options: KeptDraftsOptions;
  readonly #writing = new Set<Promise<void>>();

  constructor(options: KeptDraftsOptions) {
    this.#options = options;
  }

  write(draft: Omit<Draft, "workspace">): void {
    if (draft.before.length + draft.text.length > MAX_CHARS) return;
    const { storage, workspace, onFault } = this.#options;
    const writing = storage.write(nameOf(draft), JSON.stringify({ ...draft, workspace })).catch(onFault);
    this.#writing.add(writing);
    void writing.then(() => this.#writing.delete(writing));
  }

  /** Resolves when everything that was to be written until now is. */
  async written(): Promise<void> {
    await Promise.all(this.#writing);
  }

  remove(place: DraftPlace): void {
    const { storage, onFault } = this.#options;
    void storage.remove(nameOf(place)).catch(onFault);
  }

  /** Those of this workspace. Old ones, and those that cannot be read, are removed. */
  async list(nowMs: number): Promise<Draft[]> {
    const { storage, workspace } = this.#options;
    const drafts: Draft[] = [];
    for (const file of await storage.list(FOLDER)) {
      const draft = parseDraft(await storage.read(`${FOLDER}/${file}`));
      if (!draft || nowMs - draft.writtenAtMs > KEPT_MS) await storage.remove(`${FOLDER}/${file}`);
      else if (draft.workspace === workspace) drafts.push(draft);
    }
    return drafts;
  }
}

function parseDraft(text: string | undefined): Draft | undefined {
  try {
    return draftShape.parse(JSON.parse(text ?? ""));
  } catch {
    return undefined;
  }
}

function nameOf({ itemId, index }: DraftPlace): string {
  return `${FOLDER}/${itemId}.${index}.json`;
}
