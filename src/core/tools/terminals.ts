import type { Host } from "../../host/host.ts";
import type { Command, ProcessExit, RunningProcess } from "../../host/processes.ts";
import type { CommandRights } from "../../protocol/approvals.ts";
import type { Clock } from "../clock.ts";
import { rightsIn } from "../policy/confinement.ts";
import { BoundedText } from "./boundedText.ts";
import { BYTES_PER_TOKEN, MAX_OUTPUT_TOKENS } from "./bytes.ts";
import { OutputLog } from "./outputLog.ts";

/** What surfaces keep of a command's output. */
const SHOWN_BYTES = 256 * 1024;

interface Start {
  readonly id: number;
  readonly command: Command;
  readonly process: RunningProcess;
  readonly clock: Clock;
  readonly log: OutputLog;
  readonly listener: TerminalListener;
}

export interface TerminalListener {
  onOutput(text: string): void;
  /** For the model, when the sandbox may have been in the command's way. */
  readonly advice?: string | undefined;
  /** Hosts that the command was not let through to. */
  refusals?(): readonly string[];
}

/** A command that runs or ran, with the output that the model has not read yet. */
export class Terminal {
  /** What `write_stdin` names it by; counts from 1 in each thread. */
  readonly id: number;
  readonly title: string;
  readonly cwd: string;
  readonly itemId: string;
  /** With which it was started. */
  readonly rights: CommandRights;
  readonly advice: string | undefined;
  readonly refusals: () => readonly string[];
  /** The output for the surfaces. */
  readonly shown = new BoundedText(SHOWN_BYTES);
  readonly log: OutputLog;
  exit: ProcessExit | undefined;
  readonly #exited: Promise<void>;
  readonly #process: RunningProcess;
  readonly #clock: Clock;
  #reported: Promise<void> | undefined;
  #unread = newUnread();

  constructor({ id, command, process, clock, log, listener }: Start) {
    this.id = id;
    this.title = command.title;
    this.cwd = command.cwd;
    this.itemId = command.itemId;
    this.rights = rightsIn(command.confinement);
    this.advice = listener.advice;
    this.refusals = () => listener.refusals?.() ?? [];
    this.log = log;
    this.#process = process;
    this.#clock = clock;
    process.onOutput((text) => {
      this.shown.append(text);
      this.#unread.append(text);
      log.append(text);
      listener.onOutput(text);
    });
    this.#exited = process.exited.then((exit) => {
      this.exit = exit;
    });
  }

  /** Resolves when the command has ended. Never rejects. */
  get ended(): Promise<void> {
    return this.#exited;
  }

  /** Resolves when the command has ended, or after `ms`, or when the signal is aborted; never rejects. */
  async waitForEnd(ms: number, signal: AbortSignal): Promise<void> {
    const waiting = new AbortController();
    const stop = () => waiting.abort();
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
    await Promise.race([this.#exited, this.#clock.sleep(ms, waiting.signal).catch(() => {})]);
    signal.removeEventListener("abort", stop);
    waiting.abort();
  }

  /** Reports the end of a command that goes on by itself; `killAll` waits for the report. */
  reportEnd(report: () => Promise<void>): void {
    this.#reported = this.#exited.then(report);
  }

  /** True while it goes on by itself. */
  get isBackground(): boolean {
    return this.#reported !== undefined && !this.exit;
  }

  /** The output since the last call. */
  takeUnread(): BoundedText {
    const unread = this.#unread;
    this.#unread = newUnread();
    return unread;
  }

  write(chars: string): Promise<void> {
    return this.#process.write(chars);
  }

  /** Ends it with all its descendants; resolves when it is over, reported and on disk. */
  async kill(): Promise<void> {
    await this.#process.kill();
    await this.#exited;
    await this.#reported;
    if (this.log.path) await this.log.keep();
  }
}

/** The commands of one thread. Those left in the background live until they end, are stopped, or the host ends. */
export class Terminals {
  readonly #host: Host;
  readonly #clock: Clock;
  readonly #fault: (fault: unknown) => void;
  readonly #terminals = new Map<number, Terminal>();
  #nextId = 1;
  /** What the user was told of once. */
  readonly #told = new Set<string>();

  /** `fault` is told what goes wrong in the background. */
  constructor(host: Host, clock: Clock, fault: (fault: unknown) => void) {
    this.#host = host;
    this.#clock = clock;
    this.#fault = fault;
  }

  /** Starts a command, which stays in the list until it is forgotten. Rejects as `Processes.spawn` does. */
  async start(command: Command, listener: TerminalListener): Promise<Terminal> {
    const process = await this.#host.processes.spawn(command, new AbortController().signal);
    const log = new OutputLog(this.#host.storage, command.itemId, this.#fault);
    const terminal = new Terminal({ id: this.#nextId++, command, process, clock: this.#clock, log, listener });
    this.#terminals.set(terminal.id, terminal);
    return terminal;
  }

  /** True the first time that this thread's user is to be told of it. */
  isFirst(subject: string): boolean {
    const isFirst = !this.#told.has(subject);
    this.#told.add(subject);
    return isFirst;
  }

  /** Also one that has ended, as long as its last output was not read. */
  find(id: number): Terminal | undefined {
    return this.#terminals.get(id);
  }

  /** True while the command of this item has not ended. */
  runs(itemId: string): boolean {
    return [...this.#terminals.values()].some((terminal) => terminal.itemId === itemId && !terminal.exit);
  }

  /** Those that were left running. */
  background(): Terminal[] {
    return [...this.#terminals.values()].filter(({ isBackground }) => isBackground);
  }

  get isEmpty(): boolean {
    return this.#terminals.size === 0;
  }

  forget(id: number): void {
    this.#terminals.delete(id);
  }

  /** Ends them all with their descendants; resolves when the end of each is reported. */
  async killAll(): Promise<void> {
    const killed = await Promise.allSettled([...this.#terminals.values()].map((terminal) => terminal.kill()));
    for (const result of killed) if (result.status === "rejected") this.#fault(result.reason);
  }
}

function newUnread(): BoundedText {
  return new BoundedText(MAX_OUTPUT_TOKENS * BYTES_PER_TOKEN);
}
