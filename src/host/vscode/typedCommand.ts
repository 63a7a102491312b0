import * as vscode from "vscode";
import { AgentError } from "../../protocol/errors.ts";
import { createEndTree } from "../node/endTree.ts";
import { operatingSystem } from "../node/platform.ts";
import type { ProcessExit, RunningProcess } from "../processes.ts";
import { LateListener } from "./lateListener.ts";
import { markStripper } from "./terminalMarks.ts";

/** How long a command gets to end by itself once it is interrupted, in milliseconds. */
const interruptMs = 300;
/** How long the last output may take to come, once the command has ended. */
const lastOutputMs = 1000;

export interface TypedCommand {
  readonly terminal: vscode.Terminal;
  /** Of the terminal's shell; undefined when it has none. */
  readonly pid: number | undefined;
  /** The environment variable, with its value, that everything in the terminal inherits. */
  readonly marker: string;
  readonly tty: boolean;
}

/**
 * Types a line and takes what it runs for a process. Aborting the signal ends it; a command that does not end at once takes
 * its terminal with it.
 */
export function typeCommand(line: string, command: TypedCommand, shell: Shell): RunningProcess {
  const { terminal, pid, marker, tty } = command;
  const execution = shell.integration.executeCommand(line);
  const output = new LateListener<string>();
  const read = readAll(execution, (text) => output.deliver(text));
  let over = false;
  let killing: Promise<void> | undefined;
  const exited = ended(terminal, execution).then(async (exit) => {
    await Promise.race([read, after(lastOutputMs)]);
    await killing;
    over = true;
    shell.signal.removeEventListener("abort", abort);
    return exit;
  });
  const kill = async () => {
    terminal.sendText("\x03", false);
    if (await Promise.race([exited.then(() => true), after(interruptMs)])) return;
    const endTree = createEndTree({ os: operatingSystem(process.platform), delay: after });
    killing ??= endTree(() => ({ pid, leader: "running", mark: { variable: marker, locks: undefined } }));
    await killing;
    terminal.dispose();
    await exited;
  };
  const abort = () => void kill();
  shell.signal.addEventListener("abort", abort, { once: true });
  return {
    pid: pid ?? 0,
    exited,
    onOutput: (listener) => output.listen(listener),
    kill: async () => (over ? undefined : kill()),
    async write(chars) {
      if (!tty) throw new AgentError("unsupported", "This command was started without a terminal: it takes no input.");
      if (over) throw new AgentError("notFound", "This command has ended.");
      terminal.sendText(chars, false);
    },
  };
}

/** Where a line is typed, and what ends it. */
export interface Shell {
  readonly integration: vscode.TerminalShellIntegration;
  readonly signal: AbortSignal;
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** How the command ended; a terminal that is closed ends it too. */
function ended(terminal: vscode.Terminal, execution: vscode.TerminalShellExecution): Promise<ProcessExit> {
  return new Promise((resolve) => {
    const listeners = [
      vscode.window.onDidEndTerminalShellExecution((event) => {
        if (event.execution === execution) finish({ code: event.exitCode ?? null, signal: null });
      }),
      vscode.window.onDidCloseTerminal((closed) => {
        if (closed === terminal) finish({ code: null, signal: "SIGHUP" });
      }),
    ];
    function finish(exit: ProcessExit) {
      for (const listener of listeners) listener.dispose();
      resolve(exit);
    }
  });
}

async function readAll(execution: vscode.TerminalShellExecution, deliver: (text: string) => void): Promise<void> {
  const strip = markStripper();
  for await (const chunk of execution.read()) {
    const text = strip(chunk);
    if (text !== "") deliver(text);
  }
}
