import type * as vscode from "vscode";
import { decodeText } from "../../core/patch/encoding.ts";
import type { FileSystem } from "../../host/files.ts";
import type { FileUpdateChange, ItemOf } from "../../protocol/items.ts";
import type { EditedContent } from "../../protocol/review.ts";
import { placesOf } from "../places.ts";
import { Comparisons, comparisonUri, placeOf } from "./comparisons.ts";
import type { Draft, KeptDrafts } from "./keptDrafts.ts";
import { withLineEnds } from "./lineEnds.ts";
import { ProposalEdits } from "./proposalEdits.ts";
import { ProposalFiles } from "./proposalFiles.ts";
import { type ProposalTexts, proposalTexts } from "./proposalTexts.ts";

/** One file of an item, and how far the item has come. */
export interface ShownFile {
  readonly item: ItemOf<"fileChange">;
  readonly index: number;
  readonly change: FileUpdateChange;
  readonly cwd: string;
  /** `arriving`: the model still writes it. `asked`: the user may change it. `over`: it was made, or it was not. */
  readonly stage: "arriving" | "asked" | "over";
}

/** The documents of a comparison. */
export interface Shown {
  readonly before: vscode.Uri;
  readonly after: vscode.Uri;
  readonly partial: boolean;
}

/** A file of a proposal that is not decided. */
interface Proposed {
  readonly itemId: string;
  readonly uri: vscode.Uri;
  /** The file as it was when the proposal was first shown, with its own line ends. */
  readonly file: string | undefined;
  change: FileUpdateChange;
  texts: ProposalTexts;
}

/** The documents of comparisons, and what the user wrote into those that are proposals: it is kept until they are decided. */
export class OpenProposals implements vscode.Disposable {
  readonly #files: FileSystem;
  readonly #comparisons = new Comparisons();
  readonly #proposalFiles = new ProposalFiles();
  readonly #drafts: KeptDrafts;
  readonly #edits = new ProposalEdits(this.#proposalFiles, (uri, text) => this.#keep(uri, text));
  /** By item, then by the file's place in it. */
  readonly #proposed = new Map<string, Map<number, Promise<Proposed>>>();
  /** Those of them that are there. */
  readonly #ready = new Set<Proposed>();
  /** What was written into proposals before a reload of the window, by address. */
  readonly #restored = new Map<string, Draft>();

  constructor(files: FileSystem, drafts: KeptDrafts) {
    this.#files = files;
    this.#drafts = drafts;
  }

  /** The documents of a proposal from before a reload of the window, with what the user wrote into it. */
  restore(draft: Draft): Shown {
    const before = comparisonUri(draft, "before", draft.path);
    const after = comparisonUri(draft, "proposed", draft.path);
    this.#comparisons.set(before, draft.before);
    this.#proposalFiles.set(after, draft.text, "write");
    this.#restored.set(after.toString(), draft);
    return { before, after, partial: false };
  }

  /** Puts the texts into the documents of the comparison. */
  async prepare(shown: ShownFile): Promise<Shown> {
    const { item, index, change, stage } = shown;
    const before = comparisonUri({ itemId: item.id, index }, "before", change.path);
    if (stage !== "over") {
      const { texts, uri } = await this.#propose(shown);
      this.#comparisons.set(before, texts.before);
      return { before, after: uri, partial: texts.partial };
    }
    const after = comparisonUri({ itemId: item.id, index }, "after", change.path);
    const applied = item.status === "completed";
    const texts = proposalTexts(change, await this.#read(shown), applied);
    this.#comparisons.set(before, texts.before);
    this.#comparisons.set(after, texts.after);
    return { before, after, partial: texts.partial };
  }

  /** Brings the proposal's documents up to date, as far as they were shown. */
  async refresh(item: ItemOf<"fileChange">, { cwd, stage }: Pick<ShownFile, "cwd" | "stage">): Promise<void> {
    for (const index of this.#proposed.get(item.id)?.keys() ?? []) {
      const change = item.changes[index];
      if (change) await this.prepare({ item, index, change, cwd, stage });
    }
  }

  /** The files of a proposal that the user changed, with the text that they are to have. */
  edited(itemId: string): EditedContent[] {
    const edited: EditedContent[] = [];
    for (const { itemId: of, uri, file = "", change, texts } of this.#ready) {
      if (of !== itemId) continue;
      const text = texts.partial ? undefined : this.#edits.textOf(uri);
      if (text === undefined || text === texts.after) continue;
      const path = (change.kind.type === "update" && change.kind.move_path) || change.path;
      edited.push({ path, text: withLineEnds(text, file) });
    }
    return edited;
  }

  /** Lets go of a proposal that was decided, so that its documents close without a question. */
  async settle(itemId: string): Promise<void> {
    for (const one of this.#ready) if (one.itemId === itemId) this.#ready.delete(one);
    const indexes = [...(this.#proposed.get(itemId)?.keys() ?? [])];
    const proposed = await Promise.all(this.#proposed.get(itemId)?.values() ?? []);
    this.#proposed.delete(itemId);
    for (const index of indexes) this.#drafts.remove({ itemId, index });
    await Promise.all(proposed.map(({ uri }) => this.#edits.settle(uri)));
  }

  dispose(): void {
    this.#edits.dispose();
    this.#proposalFiles.dispose();
    this.#comparisons.dispose();
  }

  #keep(uri: vscode.Uri, text: string): void {
    const stands = this.#standsBeside(uri);
    const place = placeOf(uri);
    if (!place || !stands) return;
    this.#drafts.write({ ...place, ...stands, text, writtenAtMs: Date.now() });
  }

  /** Which file the proposal at this address is of, and what is shown beside it. */
  #standsBeside(uri: vscode.Uri): Pick<Draft, "path" | "before"> | undefined {
    const restored = this.#restored.get(uri.toString());
    if (restored) return { path: restored.path, before: restored.before };
    const proposed = [...this.#ready].find((one) => one.uri.toString() === uri.toString());
    return proposed && { path: proposed.change.path, before: proposed.texts.before };
  }

  async #propose(shown: ShownFile): Promise<Proposed> {
    const { item, index, change, stage } = shown;
    const files = this.#proposed.get(item.id) ?? new Map<number, Promise<Proposed>>();
    this.#proposed.set(item.id, files);
    const known = files.get(index) ?? this.#begin(shown);
    files.set(index, known);
    const proposed = await known;
    if (proposed.change !== change) {
      proposed.change = change;
      proposed.texts = proposalTexts(change, proposed.file, false);
    }
    const { texts, uri } = proposed;
    const writable = stage === "asked" && !texts.partial && isText(change);
    if (!this.#edits.isOpenTo(uri)) this.#proposalFiles.set(uri, texts.after, writable ? "write" : "read");
    return proposed;
  }

  async #begin(shown: ShownFile): Promise<Proposed> {
    const { item, index, change } = shown;
    const file = await this.#read(shown);
    const uri = comparisonUri({ itemId: item.id, index }, "proposed", change.path);
    const proposed = { itemId: item.id, uri, file, change, texts: proposalTexts(change, file, false) };
    this.#ready.add(proposed);
    return proposed;
  }

  /** The file as its bytes show it, as the agent reads it, too; undefined when there is none, or it is no text. */
  async #read({ item, change, cwd }: ShownFile): Promise<string | undefined> {
    if (change.kind.type !== "update") return change.kind.type === "delete" ? change.diff : undefined;
    const path = (item.status === "completed" && change.kind.move_path) || change.path;
    const [place = path] = placesOf(path, [cwd]);
    try {
      const { bytes } = await this.#files.read(place, new AbortController().signal);
      return decodeText(bytes)?.text;
    } catch {
      return undefined;
    }
  }
}

/** A file that goes and shows no lines was empty, or no text. */
function isText({ kind, diff }: FileUpdateChange): boolean {
  return kind.type !== "delete" || diff !== "";
}
