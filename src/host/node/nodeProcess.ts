import { setImmediate as oneTurn } from "node:timers/promises";
import { AgentError } from "../../protocol/errors.ts";
import type { ProcessExit, RunningProcess } from "../processes.ts";
import { atMost, type Delay } from "./atMost.ts";
import type { EndTree } from "./endTree.ts";
import type { Launched } from "./launch.ts";
import type { Mark } from "./mark.ts";
import { Output } from "./output.ts";
import { confinedExit } from "./sandbox/confinedExit.ts";

/** How long output may still come after the process has ended, while one that it left behind holds the pipe. */
const OUTPUT_GRACE_MS = 250;

export interface NodeProcessOptions {
  readonly endTree: EndTree;
  readonly delay: Delay;
  /** What all processes of this command are known by. */
  readonly mark: Mark;
}

/** One command while it runs, and its output until that was delivered. */
export class NodeProcess implements RunningProcess {
  readonly pid: number;
  readonly exited: Promise<ProcessExit>;
  readonly #launched: Launched;
  readonly #options: NodeProcessOptions;
  readonly #output: Output;
  #leader: "running" | "ended" = "running";
  #killing: Promise<void> | undefined;

  constructor(launched: Launched, options: NodeProcessOptions) {
    this.pid = launched.pid;
    this.#launched = launched;
    this.#options = options;
    this.#output = new Output(launched.output);
    launched.keyboard?.on("error", () => launched.keyboard?.destroy());
    this.exited = this.#exit();
  }

  onOutput(listener: (text: string) => void): void {
    this.#output.listen(listener);
  }

  async write(chars: string): Promise<void> {
    const { keyboard } = this.#launched;
    if (keyboard === undefined) {
      throw new AgentError("unsupported", "The command has no terminal to type into. Start it again with tty set.");
    }
    if (this.#leader === "ended") throw hasEnded();
    await new Promise<void>((resolve, reject) => {
      keyboard.write(chars, (error) => (error ? reject(hasEnded()) : resolve()));
    });
  }

  /** Its processes that end with the others, and need not be asked to. */
  get overseers(): readonly number[] {
    const { confined } = this.#launched;
    return confined === undefined ? [] : [this.pid, ...confined.overseers()];
  }

  kill(): Promise<void> {
    this.#killing ??= this.#end();
    return this.#killing;
  }

  async #end(): Promise<void> {
    const { endTree, mark } = this.#options;
    await endTree(() => ({ pid: this.pid, leader: this.#leader, mark, overseers: this.overseers }));
  }

  async #exit(): Promise<ProcessExit> {
    const { child, keyboard, confined } = this.#launched;
    const exit = await new Promise<ProcessExit>((resolve) => {
      child.once("exit", (code, signal) => resolve({ code, signal }));
    });
    this.#leader = "ended";
    keyboard?.destroy();
    this.#output.release();
    await atMost(OUTPUT_GRACE_MS, this.#output.closed, this.#options.delay);
    // If this process was busy all that time, it has not looked at the pipe yet. It does between two turns of its loop.
    await oneTurn();
    await oneTurn();
    this.#output.end();
    if (confined === undefined) return exit;
    const quarantined = await confined.ended();
    return { ...confinedExit(exit), ...(quarantined.length > 0 && { quarantined }) };
  }
}

function hasEnded(): AgentError {
  return new AgentError("notFound", "The command has ended, so nothing can be typed into it.");
}
