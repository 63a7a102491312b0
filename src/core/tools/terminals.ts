import type { Command, Host, ProcessExit } from "../../host/host.ts";
import type { Clock } from "../clock.ts";
import { BoundedText } from "./boundedText.ts";
import { BYTES_PER_TOKEN, MAX_OUTPUT_TOKENS } from "./bytes.ts";

/** What surfaces keep of a command's output. */
const SHOWN_BYTES = 256 * 1024;

/** A command that runs or ran, with the output that the model has not read yet. */
export class Terminal {
  /** What `write_stdin` names it by; counts from 1 in each thread. */
  readonly id: number;
  readonly title: string;
  /** All output, for the surfaces. */
  readonly shown = new BoundedText(SHOWN_BYTES);
  exit: ProcessExit | undefined;
  readonly exited: Promise<void>;
  readonly #process;
  readonly #clock: Clock;
  #unread = newUnread(MAX_OUTPUT_TOKENS);

  constructor(
    id: number,
    title: string,
    start: { process: Awaited<ReturnType<Host["processes"]["spawn"]>>; clock: Clock; onOutput(text: string): void },
  ) {
    this.id = id;
    this.title = title;
    this.#process = start.process;
    this.#clock = start.clock;
    start.process.onOutput((text) => {
      this.shown.append(text);
      this.#unread.append(text);
      start.onOutput(text);
    });
    this.exited = start.process.exited.then((exit) => {
      this.exit = exit;
    });
  }

  /** Resolves when the command has ended, or after `ms`, or when the signal is aborted; never rejects. */
  async waitForEnd(ms: number, signal: AbortSignal): Promise<void> {
    const waiting = new AbortController();
    const stop = () => waiting.abort();
    signal.addEventListener("abort", stop);
    await Promise.race([this.exited, this.#clock.sleep(ms, waiting.signal).catch(() => {})]);
    signal.removeEventListener("abort", stop);
    waiting.abort();
  }

  /** The output since the last call. */
  takeUnread(): BoundedText {
    const unread = this.#unread;
    this.#unread = newUnread(MAX_OUTPUT_TOKENS);
    return unread;
  }

  write(chars: string): Promise<void> {
    return this.#process.write(chars);
  }

  kill(): Promise<void> {
    return this.#process.kill();
  }
}

/** The commands of one thread. Those left in the background live until they end, are stopped, or the host ends. */
export class Terminals {
  readonly #host: Host;
  readonly #clock: Clock;
  readonly #running = new Map<number, Terminal>();
  #nextId = 1;

  constructor(host: Host, clock: Clock) {
    this.#host = host;
    this.#clock = clock;
  }

  /** Starts a command; its end removes it from the list. Rejects as `Processes.spawn` does. */
  async start(command: Command, onOutput: (text: string) => void): Promise<Terminal> {
    const process = await this.#host.processes.spawn(command, new AbortController().signal);
    const terminal = new Terminal(this.#nextId++, command.title, { process, clock: this.#clock, onOutput });
    this.#running.set(terminal.id, terminal);
    return terminal;
  }

  /** Also one that has ended, as long as its last output was not read. */
  find(id: number): Terminal | undefined {
    return this.#running.get(id);
  }

  forget(id: number): void {
    this.#running.delete(id);
  }

  /** Ends them all with their descendants. */
  async killAll(): Promise<void> {
    await Promise.all([...this.#running.values()].map((terminal) => terminal.kill()));
  }
}

function newUnread(maxTokens: number): BoundedText {
  return new BoundedText(maxTokens * BYTES_PER_TOKEN);
}
