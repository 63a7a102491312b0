import { AgentError, throwIfAborted } from "../../protocol/errors.ts";
import type { Processes } from "../processes.ts";
import { atMost, type Delay, realDelay } from "./atMost.ts";
import { createChannelStock } from "./channelStock.ts";
import { commandImage } from "./commandImage.ts";
import { createEndTree } from "./endTree.ts";
import { launch } from "./launch.ts";
import { commandMark, hostMark } from "./mark.ts";
import { NodeProcess } from "./nodeProcess.ts";
import type { Environment, OperatingSystem } from "./platform.ts";
import { requireFolder } from "./program.ts";
import type { ConfiningSandbox } from "./sandbox/confine.ts";
import { noSandbox } from "./sandbox/noSandbox.ts";
import { createWatcher } from "./watcher.ts";

/** How long dispose waits for what is to be done after the end of commands, in milliseconds. */
const LAST_LOOK_MS = 300;

export interface NodeProcessesOptions {
  readonly os: OperatingSystem;
  /** The folder for temporary files. */
  readonly temporary: string;
  /** One that commands in the sandbox cannot see; the folder for temporary files when absent. */
  readonly hidden?: string | undefined;
  /** The variables of this process, from which commands get those on the list. */
  readonly env: Environment;
  /** Names of further variables that the user wants commands to have. Read for each command; none when absent. */
  readonly passed?: (() => readonly string[]) | undefined;
  /** What confines commands; none when absent. */
  readonly sandbox?: ConfiningSandbox | undefined;
  readonly onWarning?: ((message: string) => void) | undefined;
  /** Waits; a test may put its own in place. */
  readonly delay?: Delay | undefined;
}

export interface NodeProcesses extends Processes {
  /** Ends everything that was started here, also what commands left in the background, and starts nothing more. Resolves within 2 s. */
  dispose(): Promise<void>;
}

/**
 * Commands as children of this process. Standard output and standard error share one pipe, so that their order is kept (on Windows there are two,
 * and the order between them is lost). A process that a command leaves in the background does not hold the command up, and lives until dispose
 * at the latest.
 */
export function createNodeProcesses(options: NodeProcessesOptions): NodeProcesses {
  const { os, delay = realDelay, passed = () => [], sandbox = noSandbox("This host has no sandbox.") } = options;
  const own = hostMark(options.env);
  const watcher = createWatcher({ os, mark: own, onWarning: options.onWarning });
  const pipeFolders = options.hidden === undefined ? [options.temporary] : [options.hidden, options.temporary];
  const outputs = createChannelStock(pipeFolders);
  const running = new Set<NodeProcess>();
  const endTree = createEndTree({ os, delay });
  let started = 0;
  let disposed = false;
  let disposing: Promise<void> | undefined;

  function requireOpen(signal: AbortSignal): void {
    throwIfAborted(signal);
    if (disposed) throw new AgentError("aborted", "This host is shutting down, so no command starts any more.");
  }

  async function endAll(): Promise<void> {
    disposed = true;
    if (started === 0) return;
    const overseers = () => [...running].flatMap((one) => one.overseers);
    const leftBehind = endTree(() => ({ pid: undefined, leader: "ended", mark: own, overseers: overseers() }));
    const ending = [...running];
    await Promise.all([leftBehind, ...ending.map((one) => one.kill())]);
    // What confined commands left is moved away when they have ended.
    await atMost(LAST_LOOK_MS, Promise.all(ending.map((one) => one.exited)), delay);
    watcher.dispose();
    outputs.dispose();
  }

  return {
    async spawn(command, signal) {
      requireOpen(signal);
      await requireFolder(command.cwd);
      started += 1;
      const mark = commandMark(own, started);
      watcher.start();
      const { pid, ...launched } = await launch(command, { ...options, passed, sandbox, pipeFolders, outputs, mark });
      watcher.add(pid);
      // From here on the number may become a stranger's.
      launched.child.once("exit", () => watcher.remove(pid));
      const one = new NodeProcess({ pid, ...launched }, { endTree, mark, delay });
      running.add(one);
      void one.exited.then(() => running.delete(one));
      killOnAbort(one, signal);
      if (signal.aborted || disposed) await one.kill();
      requireOpen(signal);
      return one;
    },
    imageOf: (command, named) => commandImage(command, named, options),
    dispose() {
      disposing ??= endAll();
      return disposing;
    },
  };
}

function killOnAbort(one: NodeProcess, signal: AbortSignal): void {
  const stop = () => void one.kill();
  signal.addEventListener("abort", stop, { once: true });
  void one.exited.then(() => signal.removeEventListener("abort", stop));
}
