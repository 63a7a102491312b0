import type { ChangeAuthor } from "../../protocol/review.ts";
import type { Clock } from "../clock.ts";

/**
 * How long after the end of a command what happens on disk may still be its doing, in milliseconds: hints come late, on a busy machine by
 * seconds. What nobody is told of by then shows at the end of the turn.
 */
const LATE_MS = 10_000;

/** Whose doing it is when a file changes: a command's, unless the user has touched the file. */
export class Suspects {
  readonly #clock: Clock;
  readonly #isRunning: (turnId: string) => boolean;
  /** Commands, in the order of their starts. */
  readonly #commands = new Set<ChangeAuthor>();
  #last: { author: ChangeAuthor; endedAtMs: number } | undefined;
  /** Files that the user has touched since they were last looked at. */
  readonly #touched = new Set<string>();

  /** A command that outlives its turn in the background is not suspected of what happens when the turn is not running any more. */
  constructor({ clock, isRunning }: { readonly clock: Clock; isRunning(turnId: string): boolean }) {
    this.#clock = clock;
    this.#isRunning = isRunning;
  }

  begin(command: ChangeAuthor): void {
    this.#commands.add(command);
  }

  end(command: ChangeAuthor): void {
    this.#commands.delete(command);
    this.#last = { author: command, endedAtMs: this.#clock.now() };
  }

  has(command: ChangeAuthor): boolean {
    return this.#commands.has(command);
  }

  touch(path: string): void {
    this.#touched.add(path);
  }

  /** The agent has edited the file itself: in an editor that looks like the user's doing. */
  untouch(path: string): void {
    this.#touched.delete(path);
  }

  /** The command that changes files on disk now. */
  command(): ChangeAuthor | undefined {
    const running = this.#newest();
    if (running) return running;
    const isRecent = this.#last && this.#clock.now() - this.#last.endedAtMs <= LATE_MS;
    return isRecent ? this.#last?.author : undefined;
  }

  /** Whose doing it is that this file is not as it was. */
  blame(path: string, { unsaved }: { readonly unsaved: boolean }): ChangeAuthor | undefined {
    const isUsers = this.#touched.delete(path) || unsaved;
    return isUsers ? undefined : this.#newest();
  }

  /** No turn runs any more. */
  forgetTouched(): void {
    this.#touched.clear();
  }

  #newest(): ChangeAuthor | undefined {
    return [...this.#commands].filter(({ turnId }) => this.#isRunning(turnId)).at(-1);
  }
}
