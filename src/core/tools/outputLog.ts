import type { Storage } from "../../host/storage.ts";
import { BYTES_PER_TOKEN, byteLength, headOf, MAX_OUTPUT_TOKENS } from "./bytes.ts";

/** The folder of the storage that holds the outputs of commands. */
export const OUTPUT_FOLDER = "outputs";

/** What an answer to the model shows of an output at most: no more than this is kept in memory alone. */
const HELD_BYTES = MAX_OUTPUT_TOKENS * BYTES_PER_TOKEN;

/** Less than what `read_file` can read. */
const MAX_MIB = 32;
const MAX_BYTES = MAX_MIB * 1024 * 1024;
const WRITE_CHARS = 1024 * 1024;
const CUT = `\n(Cut here: ${MAX_MIB} MiB are kept.)\n`;

/** The whole output of one command: on disk as soon as there is more of it than an answer shows, or somebody asks for it. */
export class OutputLog {
  readonly #storage: Storage;
  readonly #name: string;
  readonly #fault: (fault: unknown) => void;
  #held: string[] = [];
  #bytes = 0;
  #cut = false;
  #state: "held" | "kept" | "lost" = "held";
  #writing: Promise<void> | undefined;

  /** `fault` is told when the disk does not take it; the command goes on. */
  constructor(storage: Storage, itemId: string, fault: (fault: unknown) => void) {
    this.#storage = storage;
    this.#name = outputName(itemId);
    this.#fault = fault;
  }

  append(text: string): void {
    if (this.#cut || this.#state === "lost") return;
    const bytes = byteLength(text);
    const room = MAX_BYTES - this.#bytes;
    this.#cut = bytes > room;
    this.#held.push(this.#cut ? headOf(text, room) + CUT : text);
    this.#bytes += bytes;
    if (this.#bytes > HELD_BYTES) this.#state = "kept";
    if (this.#state === "kept") this.#write();
  }

  /** Where it is; undefined when it is not on disk. */
  get path(): string | undefined {
    return this.#state === "kept" ? `${this.#storage.root}/${this.#name}` : undefined;
  }

  /** Puts on disk what there is; resolves with the path, or with undefined when the disk does not take it. */
  async keep(): Promise<string | undefined> {
    if (this.#state === "held") this.#state = "kept";
    this.#write();
    await this.#writing;
    return this.path;
  }

  /** No more at once than the disk is given in one write: what waits for it is not copied as a whole. */
  #takeHeld(): string {
    let length = 0;
    let count = 0;
    while (count < this.#held.length && length < WRITE_CHARS) length += this.#held[count++]!.length;
    return this.#held.splice(0, count).join("");
  }

  #write(): void {
    this.#writing ??= this.#writeHeld().finally(() => {
      this.#writing = undefined;
    });
  }

  async #writeHeld(): Promise<void> {
    try {
      while (this.#held.length > 0 && this.#state === "kept") {
        await this.#storage.append(this.#name, this.#takeHeld());
      }
    } catch (error) {
      this.#state = "lost";
      this.#held = [];
      this.#fault(error);
    }
  }
}

function outputName(itemId: string): string {
  return `${OUTPUT_FOLDER}/${itemId}.log`;
}

export async function removeOutput(storage: Storage, itemId: string): Promise<void> {
  await storage.remove(outputName(itemId));
}
