import type { ResponseOutputItem, ResponseStreamEvent } from "openai/resources/responses/responses";
import type { FileUpdateChange, ItemOf } from "../protocol/items.ts";
import { partialInput, planPartial } from "./patch/partial.ts";
import type { PatchSource } from "./patch/plan.ts";
import { applyPatch, changeOf } from "./tools/applyPatch.ts";

/** How often a patch is shown anew while it is being written, in milliseconds. */
const PREVIEW_MS = 100;

type FileChangeItem = ItemOf<"fileChange">;

/** What previews need of their turn. */
export interface PreviewPlace {
  newId(): string;
  /** Rejects when the turn is stopped. */
  sleep(ms: number): Promise<void>;
  /** As the call itself will read. */
  source(): PatchSource;
  started(item: FileChangeItem): void;
  updated(itemId: string, changes: FileUpdateChange[]): void;
}

/** A patch that the model writes, and the item that shows it. */
interface Preview {
  readonly itemId: string;
  callId: string;
  /** Of the call's input. */
  text: string;
  isJson: boolean;
  /** What is shown of it; undefined while nothing is. */
  shown: string | undefined;
  source: PatchSource;
  state: "waiting" | "planning" | "taken";
}

/**
 * Shows patches while the model still writes them. The item of a preview becomes that of the call once the call is made; one whose call is never
 * made ends with its turn. An answer that is tried again is shown in the same items.
 */
export class PatchPreviews {
  readonly #place: PreviewPlace;
  /** By the output's index in the answer. */
  readonly #open = new Map<number, Preview>();
  readonly #all: Preview[] = [];

  constructor(place: PreviewPlace) {
    this.#place = place;
  }

  read(event: ResponseStreamEvent): void {
    switch (event.type) {
      case "response.output_item.added":
        this.#begin(event.output_index, event.item);
        break;
      case "response.custom_tool_call_input.delta":
      case "response.function_call_arguments.delta":
        this.#grow(event.output_index, event.delta);
        break;
    }
  }

  /** The id of the item that shows the call already; nothing more is shown of it here. Undefined when there is none. */
  take(callId: string): string | undefined {
    const preview = this.#all.findLast((one) => one.callId === callId);
    if (preview) preview.state = "taken";
    return preview?.shown === undefined ? undefined : preview.itemId;
  }

  /** Shows nothing more of an answer that broke off, until it is tried again. */
  pause(): void {
    for (const preview of this.#all) if (preview.state === "planning") preview.state = "waiting";
  }

  /** True for an item that was begun here. */
  hasBegun(itemId: string): boolean {
    return this.#all.some((one) => one.itemId === itemId && one.shown !== undefined);
  }

  #begin(index: number, item: ResponseOutputItem): void {
    const isCall = item.type === "custom_tool_call" || item.type === "function_call";
    if (!isCall || item.name !== applyPatch.name) {
      this.#open.delete(index);
      return;
    }
    const begun = { callId: item.call_id, text: "", isJson: item.type === "function_call" };
    const known = this.#open.get(index);
    if (known && known.state !== "taken") {
      Object.assign(known, begun);
      return;
    }
    const source = cached(this.#place.source());
    const preview: Preview = { itemId: this.#place.newId(), ...begun, shown: undefined, source, state: "waiting" };
    this.#open.set(index, preview);
    this.#all.push(preview);
  }

  #grow(index: number, delta: string): void {
    const preview = this.#open.get(index);
    if (!preview) return;
    preview.text += delta;
    if (preview.state === "waiting") this.#plan(preview);
  }

  #plan(preview: Preview): void {
    preview.state = "planning";
    this.#place.sleep(PREVIEW_MS).then(
      () => this.#show(preview),
      () => undefined,
    );
  }

  /** Shows what has come by now. */
  async #show(preview: Preview): Promise<void> {
    const { text, isJson, source } = preview;
    const planned = await planPartial(isJson ? partialInput(text) : text, source);
    // The call may have been made meanwhile.
    if (!isPlanning(preview)) return;
    preview.state = "waiting";
    if (preview.text !== text) this.#plan(preview);
    const changes = planned?.map(changeOf);
    const shown = JSON.stringify(changes);
    if (!changes || shown === preview.shown) return;
    const isNew = preview.shown === undefined;
    preview.shown = shown;
    const { itemId } = preview;
    if (isNew) this.#place.started({ type: "fileChange", id: itemId, changes, status: "inProgress" });
    else this.#place.updated(itemId, changes);
  }
}

function isPlanning({ state }: Preview): boolean {
  return state === "planning";
}

/** Each file is read once. */
function cached(source: PatchSource): PatchSource {
  const read = new Map<string, Promise<Uint8Array | undefined>>();
  return {
    resolve: (path) => source.resolve(path),
    read(path) {
      const known = read.get(path) ?? source.read(path);
      read.set(path, known);
      return known;
    },
  };
}
