import type { FileHint } from "../../host/files.ts";
import type { SnapshotFile } from "../../host/snapshots.ts";
import type { ChangeAuthor } from "../../protocol/review.ts";
import { sameBytes } from "../sameBytes.ts";
import type { ChangeFiles } from "./changeFiles.ts";
import { Coalesced } from "./coalesced.ts";
import { afterAgent, type FileBytes, newEntry } from "./fileEntry.ts";
import type { TurnFiles } from "./keptSnapshots.ts";
import type { ReviewDeps } from "./reviewDeps.ts";
import { Suspects } from "./suspects.ts";
import { TurnEdits } from "./turnEdits.ts";

/** How often a file that the user works in is read, to know it as it was saved, and how often late hints are followed up. */
const PAUSE_MS = 250;
/** So many files of a workspace are told from ignored ones; in larger ones new files show at the end of the turn. */
const MAX_LISTED = 100_000;

export interface TurnId {
  readonly threadId: string;
  readonly turnId: string;
}

interface RunningTurn extends TurnId {
  /** The snapshot of its beginning, once it is there. */
  before: string | undefined;
  ranCommand: boolean;
}

/** What commands of the agent did to files: found by hints, by looking when a command ends, and by comparing snapshots when its turn is over. */
export class CommandEdits {
  readonly turnEdits = new TurnEdits();
  readonly #files: ChangeFiles;
  readonly #deps: ReviewDeps;
  readonly #turns = new Map<string, RunningTurn>();
  readonly #suspects: Suspects;
  /** Files that changed on disk while a command ran, with the command. */
  readonly #candidates = new Map<string, ChangeAuthor>();
  /** What the user left in files since the oldest of the running turns began; undefined where that is no file. */
  readonly #saved = new Map<string, FileBytes>();
  readonly #reading: Coalesced;
  /** Looks at what hints tell of after the command, by turn: in an editor most come then. */
  readonly #late: Coalesced;
  readonly #signal = new AbortController().signal;
  #work: Promise<void> = Promise.resolve();

  constructor(files: ChangeFiles, deps: ReviewDeps) {
    this.#files = files;
    this.#deps = deps;
    this.#suspects = new Suspects({ clock: deps.clock, isRunning: (turnId) => this.#turns.has(turnId) });
    const often = { pauseMs: PAUSE_MS, clock: deps.clock };
    // Not while the agent edits the file: through an editor that looks like the user's doing.
    this.#reading = new Coalesced((path) => files.locks.run([path], () => this.#readSaved(path)), often);
    this.#late = new Coalesced((turnId) => this.#afterAll(() => this.#noteLate(turnId)), often);
    files.onHint = (hint) => this.#hinted(hint);
    files.blame = (path, content) => this.#suspects.blame(path, content);
  }

  /** A turn begins: what the user does to files from now on is told from what its commands do. */
  begin({ threadId, turnId }: TurnId): void {
    void this.#files.ready();
    this.#turns.set(turnId, { threadId, turnId, before: undefined, ranCommand: false });
    this.turnEdits.begin(turnId);
  }

  /** The snapshot of a running turn's beginning is there. */
  snapshot(turnId: string, before: string): void {
    const turn = this.#turns.get(turnId);
    if (turn) turn.before = before;
  }

  /** A command runs until `ended`. */
  run(author: ChangeAuthor, ended: Promise<unknown>): void {
    const turn = this.#turns.get(author.turnId);
    if (turn) turn.ranCommand = true;
    this.#suspects.begin(author);
    const note = () => this.#afterAll(() => this.#commandEnded(author));
    ended.then(note, note);
  }

  /** Resolves when what ended commands did is noted. Never rejects. */
  settled(): Promise<void> {
    return this.#work;
  }

  /** What the running turn's commands did to a file before the agent edits it. The caller has the path's lock. */
  async beforeEdit(path: string, now: FileBytes, { turnId }: TurnId): Promise<void> {
    const turn = this.#turns.get(turnId);
    if (turn?.ranCommand && now && !this.#files.get(path)) await this.#note(path, { turn, now });
  }

  /** The agent has edited these files itself: in an editor that looks like the user's doing. */
  edited(paths: readonly string[]): void {
    for (const path of paths) {
      this.#suspects.untouch(path);
      this.#saved.delete(path);
    }
  }

  /** A turn's snapshots are there: notes what differs between them and nobody has explained. */
  compare(files: TurnFiles): void {
    void this.#afterAll(() => this.#noteTurn(files));
  }

  /** A turn is over, and its snapshots were compared if there are any. */
  end(turnId: string): void {
    void this.#afterAll(async () => {
      this.#turns.delete(turnId);
      this.turnEdits.end(turnId);
      if (!this.isIdle) return;
      this.#saved.clear();
      this.#candidates.clear();
      this.#suspects.forgetTouched();
      this.#files.forgetSettled();
    });
  }

  /** True while no turn runs. */
  get isIdle(): boolean {
    return this.#turns.size === 0;
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#reading.dispose(), this.#late.dispose()]);
    await this.#work;
  }

  #afterAll(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(work).catch(this.#deps.log);
    return this.#work;
  }

  #hinted(hint: FileHint): void {
    if (this.isIdle) return;
    const user = hint.kind === "moved" ? [hint.path, hint.movePath] : hint.by === "editor" ? [hint.path] : [];
    for (const path of user) {
      this.#suspects.touch(path);
      this.#reading.ask(path);
    }
    const author = user.length === 0 ? this.#suspects.command() : undefined;
    if (!author) return;
    this.#candidates.set(hint.path, author);
    if (!this.#suspects.has(author)) this.#late.ask(author.turnId);
  }

  async #readSaved(path: string): Promise<void> {
    if (this.isIdle) return;
    const { files } = this.#deps.host;
    try {
      const { bytes, unsaved } = await files.read(path, this.#signal);
      if (!unsaved) this.#noteSaved(path, bytes);
    } catch {
      const there = await files.stat(path, this.#signal).catch(() => undefined);
      if (!there) this.#noteSaved(path, undefined);
    }
  }

  #noteSaved(path: string, now: FileBytes): void {
    this.turnEdits.saved(path, now);
    if (!this.#files.get(path)) this.#saved.set(path, now);
  }

  async #commandEnded(author: ChangeAuthor): Promise<void> {
    const { locks } = this.#files;
    const looks = this.#files.paths().map((path) => locks.run([path], () => this.#files.look(path)));
    await Promise.allSettled(looks);
    this.#suspects.end(author);
    const turn = this.#turns.get(author.turnId);
    if (turn) await this.#noteCandidates(turn);
    await this.#files.kept();
  }

  async #noteLate(turnId: string): Promise<void> {
    const turn = this.#turns.get(turnId);
    if (!turn) return;
    await this.#noteCandidates(turn);
    await this.#files.kept();
  }

  async #noteCandidates(turn: RunningTurn): Promise<void> {
    // What another program's agent did meanwhile is under review, and no command's doing.
    await this.#files.caughtUp();
    const ours = [...this.#candidates].filter(([path, { turnId }]) => turnId === turn.turnId && !this.#files.get(path));
    if (ours.length === 0 || !turn.before) return;
    const listed = await this.#listed();
    for (const [path] of ours) {
      const isTracked = listed?.has(path) || (await this.#snapshotOf(turn.before, path)) !== undefined;
      if (!isTracked) continue;
      await this.#files.locks.run([path], async () => {
        const now = await this.#readNow(path);
        if (now !== "unreadable" && !this.#files.get(path)) await this.#note(path, { turn, now });
      });
    }
  }

  /** The files that no rule hides; undefined when there are too many. */
  async #listed(): Promise<ReadonlySet<string> | undefined> {
    const { files, editor } = this.#deps.host;
    const all = new Set<string>();
    for (const root of editor.workspaceRoots()) {
      const { paths, more } = await files.list(root, { limit: MAX_LISTED }, this.#signal);
      if (more) return undefined;
      for (const path of paths) all.add(path);
    }
    return all;
  }

  async #noteTurn({ turnId, before, after }: TurnFiles): Promise<void> {
    const turn = this.#turns.get(turnId);
    if (!turn?.ranCommand || before === after) return;
    turn.before = before;
    await this.#files.caughtUp();
    for (const { path } of await this.#deps.host.snapshots.compare(before, after)) {
      if (this.#files.get(path)) continue;
      const now = await this.#snapshotOf(after, path);
      if (now === "unknown") continue;
      await this.#files.locks.run([path], async () => {
        if (this.#files.get(path)) return;
        await this.#note(path, { turn, now: now?.bytes });
        await this.#files.look(path).catch(() => {});
      });
    }
    await this.#files.kept();
  }

  /** Puts a file under review that is not as the turn found it, and not as the user left it since. */
  async #note(path: string, { turn, now }: { turn: RunningTurn; now: FileBytes }): Promise<void> {
    const { threadId, turnId, before } = turn;
    const author = this.#candidates.get(path) ?? { threadId, turnId, itemId: null };
    this.#candidates.delete(path);
    if (!before) return;
    const found = this.#saved.has(path) ? undefined : await this.#snapshotOf(before, path);
    if (found === "unknown") return;
    const base = this.#saved.has(path) ? this.#saved.get(path) : found?.bytes;
    const isSame = base && now ? sameBytes(base, now) : base === now;
    if (isSame) return;
    const known = { ...newEntry(path, base), executable: found?.executable ?? false };
    this.#files.put(afterAgent(known, { author, after: now }));
  }

  /** A file in a snapshot; undefined when it is not there. */
  #snapshotOf(id: string, path: string): Promise<SnapshotFile | "unknown" | undefined> {
    return this.#deps.host.snapshots.read(id, path).catch(() => "unknown" as const);
  }

  async #readNow(path: string): Promise<FileBytes | "unreadable"> {
    const { files } = this.#deps.host;
    try {
      return (await files.read(path, this.#signal)).bytes;
    } catch {
      return (await files.stat(path, this.#signal).catch(() => null)) === undefined ? undefined : "unreadable";
    }
  }
}
