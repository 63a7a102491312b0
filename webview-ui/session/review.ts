import type { RequestParams, RequestResult } from "../../src/protocol/methods.ts";
import type { Checkpoint, SkippedChange } from "../../src/protocol/review.ts";
import { changeOfThread, type ThreadView } from "../../src/protocol/threadView.ts";
import type { Client } from "../../src/rpc/client.ts";
import { t } from "../strings.ts";
import { messageOf } from "../words/errors.ts";
import type { Change } from "./frame.ts";
import type { Notices } from "./notices.ts";

/** Which of the open thread's changes are meant: all of them, those of a file, or some hunks. */
export interface Selection {
  path?: string | undefined;
  hunkIds?: string[] | undefined;
}

/** Changes that were not undone, since the user had changed them further: whether these shall go, too. */
export interface EditedQuestion {
  threadId: string;
  selection: Selection;
  /** How many places. */
  count: number;
}

export interface ReviewOptions {
  client: Client;
  notices: Notices;
  view(): ThreadView | undefined;
  onChange(change: Change): void;
}

/** Keeping and undoing what the open thread changed, and going back to before one of its messages. */
export class Review {
  readonly #options: ReviewOptions;
  #question: EditedQuestion | undefined;
  #lastRestore: { checkpoint: Checkpoint; view: ThreadView; lastTurnId: string | undefined } | undefined;
  /** The files that were told of while the list was on its way: what was told is newer. */
  #told = new Set<string>();

  constructor(options: ReviewOptions) {
    this.#options = options;
  }

  /** What the user has to decide about the open thread before its last undoing is done. */
  get question(): EditedQuestion | undefined {
    return this.#question?.threadId === this.#options.view()?.thread.id ? this.#question : undefined;
  }

  /** The last restoring of the open thread, as long as it can be undone: nothing came after it, and it undid none itself. */
  get lastRestore(): Checkpoint | undefined {
    const { checkpoint, view, lastTurnId } = this.#lastRestore ?? {};
    const isNow = view !== undefined && view === this.#options.view() && view.turns.at(-1)?.id === lastTurnId;
    return isNow ? checkpoint : undefined;
  }

  /** Looks for a restoring in a thread that was opened just now, or in which something was restored. */
  async readLastRestore(view: ThreadView): Promise<void> {
    const lastTurnId = view.turns.at(-1)?.id;
    const listed = await this.#options.client
      .request("checkpoint/list", { threadId: view.thread.id })
      .catch(() => null);
    if (view !== this.#options.view()) return;
    const [newest] = listed?.data ?? [];
    const undoes = listed?.data.some(({ id, kind }) => kind === "restore" && id === newest?.restoredId);
    const checkpoint = newest?.kind === "restore" && !undoes ? newest : undefined;
    this.#lastRestore = checkpoint && { checkpoint, view, lastTurnId };
    this.#options.onChange({ kind: "panel" });
  }

  /** Reads the changes of a thread that was opened just now. */
  async read(view: ThreadView): Promise<void> {
    const { client, notices, onChange } = this.#options;
    const threadId = view.thread.id;
    this.#told = new Set();
    try {
      const { data } = await client.request("change/list", { threadId });
      const listed = data.filter(({ path }) => !this.#told.has(path));
      view.changes = [...listed.flatMap((file) => changeOfThread(file, threadId) ?? []), ...view.changes];
      onChange({ kind: "changes" });
    } catch (error) {
      notices.add({ text: t("changesUnread", { text: messageOf(error) }), threadId });
    }
  }

  /** A file under review is another one now. */
  told(path: string): void {
    this.#told.add(path);
  }

  /** Resolves with how many changes were left, because they are gone or could not be kept. */
  async keep(selection: Selection): Promise<number> {
    this.#ask(undefined);
    const { skipped } = await this.#options.client.request("change/accept", this.#params(selection));
    return this.#tell(skipped).length;
  }

  /** Resolves with how many changes were left. What the user had changed further is asked about first, unless `edited` includes it. */
  async undo(selection: Selection, edited: "ask" | "include" = "ask"): Promise<number> {
    this.#ask(undefined);
    const params = this.#params(selection);
    const includeEdited = edited === "include" ? { includeEdited: true } : {};
    const { skipped } = await this.#options.client.request("change/reject", { ...params, ...includeEdited });
    const asked = skipped.filter(({ reason }) => reason === "edited");
    if (asked.length > 0) {
      const hunkIds = asked.flatMap(({ hunkId }) => hunkId ?? []);
      const narrowed = hunkIds.length === asked.length ? { ...selection, hunkIds } : selection;
      this.#ask({ threadId: params.threadId, selection: narrowed, count: asked.length });
    }
    return this.#tell(skipped).length;
  }

  /** Answers the question: what was changed further is undone, or left as it is. */
  async answer(answer: "undo" | "leave"): Promise<void> {
    const { question } = this;
    this.#ask(undefined);
    if (question && answer === "undo") await this.undo(question.selection, "include");
  }

  listCheckpoints(): Promise<RequestResult<"checkpoint/list">> {
    return this.#options.client.request("checkpoint/list", { threadId: this.#threadId });
  }

  restore(params: Omit<RequestParams<"checkpoint/restore">, "threadId">): Promise<RequestResult<"checkpoint/restore">> {
    return this.#options.client.request("checkpoint/restore", { threadId: this.#threadId, ...params });
  }

  get #threadId(): string {
    const threadId = this.#options.view()?.thread.id;
    if (threadId === undefined) throw new Error(t("noThreadOpen"));
    return threadId;
  }

  #params(selection: Selection): { threadId: string } & Selection {
    return { threadId: this.#threadId, ...selection };
  }

  #ask(question: EditedQuestion | undefined): void {
    if (this.#question === question) return;
    this.#question = question;
    this.#options.onChange({ kind: "changes" });
  }

  #tell(skipped: readonly SkippedChange[]): readonly SkippedChange[] {
    const { notices } = this.#options;
    const threadId = this.#threadId;
    for (const { reason, message } of skipped) if (reason !== "edited") notices.add({ text: message, threadId });
    return skipped;
  }
}
