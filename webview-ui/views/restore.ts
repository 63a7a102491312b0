import type { Checkpoint } from "../../src/protocol/review.ts";
import type { ReviewAction } from "../actions.ts";
import { type OpenMenu, openMenu } from "../menu.ts";
import { type Draft, joinDrafts } from "../session/draft.ts";
import { t } from "../strings.ts";
import { bytes } from "../words/bytes.ts";
import { messageOf } from "../words/errors.ts";
import { type RestoreWhat, restoredWords } from "../words/restoring.ts";
import type { Panel } from "./panel.ts";
import { type RestoreState, restoreView } from "./restoreView.ts";

type Asked = Extract<ReviewAction, { kind: "restore" }>;

/** Shows what going back to before a message would do, lets the user choose, and does it. */
export function openRestore(panel: Panel, asked: Asked): void {
  const popover = new RestorePopover(panel, asked);
  void popover.read();
}

class RestorePopover {
  readonly #panel: Panel;
  readonly #asked: Asked;
  readonly #menu: OpenMenu;
  #state: RestoreState = {
    phase: "reading",
    what: "both",
    files: [],
    overwrite: new Set(),
    disk: "",
    failed: "",
  };

  constructor(panel: Panel, asked: Asked) {
    this.#panel = panel;
    this.#asked = asked;
    this.#menu = openMenu(asked.anchor, this.#content());
  }

  async read(): Promise<void> {
    const { review } = this.#panel.session;
    try {
      const { data, diskBytes, maxDiskBytes } = await review.listCheckpoints();
      const checkpoint = data.find(({ kind, turnId }) => kind === "turn" && turnId === this.#asked.turnId);
      const disk = t("restoreDisk", { used: bytes(diskBytes), most: bytes(maxDiskBytes) });
      const preview = { checkpointId: checkpoint?.id ?? "", files: true, thread: false, dryRun: true };
      const files = checkpoint?.hasFiles ? (await review.restore(preview)).files : [];
      const what = checkpoint?.hasFiles ? "both" : "thread";
      this.#set({ phase: "ready", checkpoint, files, disk, what });
      if (what === "both")
        this.#panel.announce(t(files.length > 0 ? "restoreCount" : "restoreNothing", { count: files.length }));
    } catch (error) {
      this.#set({ phase: "ready", failed: t("restoreFailed", { text: messageOf(error) }) });
    }
  }

  #set(change: Partial<RestoreState>): void {
    this.#state = { ...this.#state, ...change };
    this.#menu.update(this.#content());
  }

  #content() {
    const head = restoreView(this.#state, {
      roots: this.#panel.session.editor?.workspaceRoots ?? [],
      choose: (what) => this.#set({ what }),
      overwrite: (path) => this.#set({ overwrite: toggled(this.#state.overwrite, path) }),
      cancel: () => this.#menu.close(),
      restore: () => void this.#restore(),
    });
    return { label: t("restoreTitle"), items: [], head };
  }

  async #restore(): Promise<void> {
    const { checkpoint, what, overwrite, phase } = this.#state;
    if (!checkpoint || phase !== "ready") return;
    if (this.#panel.turnRuns) return this.#set({ failed: t("restoreWhileRunning") });
    this.#set({ phase: "restoring", failed: "" });
    try {
      await restore(this.#panel, this.#asked.draft, { checkpoint, what, overwrite });
      this.#menu.close();
    } catch (error) {
      this.#set({ phase: "ready", failed: t("restoreFailed", { text: messageOf(error) }) });
    }
  }
}

interface Chosen {
  checkpoint: Checkpoint;
  what: RestoreWhat;
  overwrite: ReadonlySet<string>;
}

/** Goes back, and says so with a way to undo it. The message comes into the composer when the thread was taken back. */
async function restore(panel: Panel, message: Draft, { checkpoint, what, overwrite }: Chosen): Promise<void> {
  const { session } = panel;
  const threadId = checkpoint.threadId;
  const parts = { files: what !== "thread", thread: what !== "files" };
  const overwritten = parts.files && overwrite.size > 0 ? { overwrite: [...overwrite] } : {};
  const done = await session.review.restore({ checkpointId: checkpoint.id, ...parts, ...overwritten });
  const before = panel.writing.draft;
  const after = joinDrafts(message, before);
  if (parts.thread) {
    panel.writing.setDraft(after);
    await session.thread.open(threadId);
    panel.transcript?.follow();
  } else if (session.view) void session.review.readLastRestore(session.view);
  const text = restoredWords(what, done.files);
  const draft = parts.thread ? { before, after } : undefined;
  const restored = done.checkpointId === null ? undefined : { checkpointId: done.checkpointId, ...parts, draft };
  session.notices.add({ text, threadId, restored });
  panel.announce(text);
}

function toggled(paths: ReadonlySet<string>, path: string): ReadonlySet<string> {
  const next = new Set(paths);
  if (!next.delete(path)) next.add(path);
  return next;
}
