import { pathKey } from "../../host/vscode/compare.ts";
import type { NotificationParams, RequestParams, RequestResult } from "../../protocol/methods.ts";
import type { ReviewedFile } from "../../protocol/review.ts";

type ChangeMethod = "change/list" | "change/read" | "change/accept" | "change/reject";

/** Which changes are meant: those that fit all that is given. */
export interface Selection {
  readonly threadId?: string;
  readonly path?: string;
  readonly hunkIds?: string[];
}

export type Ask = <M extends ChangeMethod>(method: M, params: RequestParams<M>) => Promise<RequestResult<M>>;

/** The files under review as the app server last told, and what can be asked of it about them. */
export class ReviewFiles {
  readonly #ask: Ask;
  readonly #files = new Map<string, ReviewedFile>();
  readonly #told = new Set<string>();
  readonly #listeners = new Set<(paths: readonly string[]) => void>();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** What is under review from before; what the server tells meanwhile is newer. */
  async load(): Promise<void> {
    const { data } = await this.#ask("change/list", {});
    const known = data.filter(({ path }) => !this.#told.has(pathKey(path)));
    for (const file of known) this.#files.set(pathKey(file.path), file);
    this.#tell(known.map(({ path }) => path));
  }

  take({ path, file }: NotificationParams<"change/updated">): void {
    this.#told.add(pathKey(path));
    if (file) this.#files.set(pathKey(path), file);
    else this.#files.delete(pathKey(path));
    this.#tell([path]);
  }

  /** In the order of their paths. */
  all(): ReviewedFile[] {
    return [...this.#files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  get(path: string): ReviewedFile | undefined {
    return this.#files.get(pathKey(path));
  }

  /** Told of the paths whose changes are others now, those included that have none any more. */
  onDidChange(listener: (paths: readonly string[]) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  read(path: string): Promise<RequestResult<"change/read">> {
    return this.#ask("change/read", { path });
  }

  keep(selection: Selection): Promise<RequestResult<"change/accept">> {
    return this.#ask("change/accept", selection);
  }

  /** Leaves hunks alone that were edited after the agent did; `undoEdited` takes them, too. */
  undo(selection: Selection): Promise<RequestResult<"change/reject">> {
    return this.#ask("change/reject", selection);
  }

  undoEdited(selection: Selection): Promise<RequestResult<"change/reject">> {
    return this.#ask("change/reject", { ...selection, includeEdited: true });
  }

  #tell(paths: readonly string[]): void {
    for (const listener of this.#listeners) listener(paths);
  }
}
