import type { Command, ProcessExit, Processes, RunningProcess } from "../../src/host/processes.ts";
import type { Quarantined } from "../../src/host/sandbox.ts";
import { AgentError, throwIfAborted } from "../../src/protocol/errors.ts";
import type { MemoryFiles } from "./memoryFiles.ts";
import type { Failures } from "./memoryHost.ts";

/** One row of the process table. */
export interface MemoryCommand {
  /** The last word of argv, which for a shell is its whole command line; or a predicate. */
  readonly match: string | ((command: Command) => boolean);
  /** Plays the process; what it returns is the exit code, 0 when nothing. Killed, it may go on but nobody hears it. */
  run(process: MemoryProcess): number | undefined | Promise<number | undefined> | void | Promise<void>;
}

/** What a played process can do. */
export interface MemoryProcess {
  readonly command: Command;
  readonly files: MemoryFiles;
  /** The chunks reach the listener one by one. */
  print(...chunks: readonly string[]): void;
  /** Plays what the sandbox moved away when the process ended. */
  quarantine(moved: Quarantined): void;
  /** What is typed next; for a process with a tty. */
  input(): Promise<string>;
  /** Never resolves: the process stays until it is killed. */
  forever(): Promise<never>;
}

export interface MemoryProcesses extends Processes {
  /** All commands so far, in order. */
  readonly started: readonly Command[];
  /** Those that have not ended. */
  running(): readonly Command[];
}

/** A row for a process that prints and ends. */
export function prints(match: MemoryCommand["match"], output: string | readonly string[], exitCode = 0): MemoryCommand {
  return {
    match,
    run(process) {
      process.print(...(typeof output === "string" ? [output] : output));
      return exitCode;
    },
  };
}

/** A row for a process that prints and then stays until it is killed. */
export function stays(match: MemoryCommand["match"], ...output: readonly string[]): MemoryCommand {
  return {
    match,
    run(process) {
      process.print(...output);
      return process.forever();
    },
  };
}

interface Surroundings {
  readonly files: MemoryFiles;
  readonly failures: Failures;
}

export function createMemoryProcesses(
  table: readonly MemoryCommand[],
  { files, failures }: Surroundings,
): MemoryProcesses {
  const started: Command[] = [];
  const running = new Map<number, Command>();
  return {
    started,
    running: () => [...running.values()],
    async spawn(command, signal) {
      throwIfAborted(signal);
      failures("spawn");
      if ((await files.stat(command.cwd, signal))?.kind !== "folder") {
        throw new AgentError("notFound", `There is no folder ${command.cwd} to run the command in.`);
      }
      const row = table.find(({ match }) =>
        typeof match === "string" ? command.argv.at(-1) === match : match(command),
      );
      if (row === undefined) throw new AgentError("notFound", `There is no program ${command.argv[0]}.`);
      started.push(command);
      const pid = 1000 + started.length;
      running.set(pid, command);
      const one = play(row, { command, files, pid });
      const stop = () => void one.kill();
      signal.addEventListener("abort", stop, { once: true });
      void one.exited.then(() => {
        signal.removeEventListener("abort", stop);
        running.delete(pid);
      });
      return one;
    },
    async imageOf({ cwd }, { paths }) {
      const there = paths.flatMap((path) => {
        const bytes = files.bytes(path);
        return bytes ? [[path, `${path} ${new TextDecoder().decode(bytes)}`]] : [];
      });
      return { realCwd: cwd, environment: "", files: Object.fromEntries(there), programs: {} };
    },
  };
}

interface Played {
  readonly command: Command;
  readonly files: MemoryFiles;
  readonly pid: number;
}

function play(row: MemoryCommand, { command, files, pid }: Played): RunningProcess {
  const typed: string[] = [];
  const waiting: string[] = [];
  let readers: ((chars: string) => void)[] = [];
  let listener: ((text: string) => void) | undefined;
  let ended = false;
  const quarantined: Quarantined[] = [];
  let end: (exit: ProcessExit) => void = () => undefined;
  const exited = new Promise<ProcessExit>((resolve) => {
    end = (exit) => {
      ended = true;
      resolve(exit);
    };
  });

  async function perform(): Promise<void> {
    // The caller gets its process before the process does anything.
    await Promise.resolve();
    const code = await row.run({
      command,
      files,
      print(...chunks) {
        if (ended) return;
        for (const chunk of chunks)
          if (listener === undefined) waiting.push(chunk);
          else listener(chunk);
      },
      quarantine: (moved) => void quarantined.push(moved),
      input: () =>
        new Promise((resolve) => (typed.length > 0 ? resolve(typed.shift() as string) : readers.push(resolve))),
      forever: () => new Promise<never>(() => undefined),
    });
    end({ code: code ?? 0, signal: null, ...(quarantined.length > 0 ? { quarantined } : {}) });
  }

  perform().catch((error: unknown) => {
    end({ code: null, signal: "SIGABRT" });
    // A mistake in the test's own table must fail the test, not look like a failing command.
    queueMicrotask(() => {
      throw error;
    });
  });

  return {
    pid,
    exited,
    onOutput(next) {
      listener = next;
      for (const text of waiting.splice(0)) next(text);
    },
    async write(chars) {
      if (!command.tty) throw new AgentError("unsupported", "The command has no terminal to type into.");
      if (ended) throw new AgentError("notFound", "The command has ended, so nothing can be typed into it.");
      const reader = readers[0];
      readers = readers.slice(1);
      if (reader === undefined) typed.push(chars);
      else reader(chars);
    },
    async kill() {
      end({ code: null, signal: "SIGTERM" });
      await exited;
    },
  };
}
