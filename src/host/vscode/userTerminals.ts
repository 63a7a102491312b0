import * as vscode from "vscode";
import { AgentError, throwIfAborted } from "../../protocol/errors.ts";
import type { Command, ProcessExit, RunningProcess } from "../host.ts";
import { LateListener } from "./lateListener.ts";
import { typedLine } from "./shellQuote.ts";
import { markStripper } from "./terminalMarks.ts";

/** The user's shell does not tell when a command ends, so commands cannot run in its terminal. */
export class NoShellIntegration extends Error {}

export interface UserTerminalsOptions {
  /** How long a new terminal's shell may take to start. */
  readonly startMs: number;
  /** How long an interrupted command may take to end before its terminal is closed. */
  readonly interruptMs: number;
}

/** Runs commands in terminals of the user's own shell. A terminal is used again for the same folder once it is idle. */
export class UserTerminals implements vscode.Disposable {
  readonly #options: UserTerminalsOptions;
  /** Terminals made here; true while a command runs in one. */
  readonly #busy = new Map<vscode.Terminal, boolean>();
  readonly #byItem = new Map<string, vscode.Terminal>();
  readonly #closing = vscode.window.onDidCloseTerminal((closed) => {
    this.#busy.delete(closed);
    for (const [itemId, terminal] of this.#byItem) if (terminal === closed) this.#byItem.delete(itemId);
  });

  constructor(options: UserTerminalsOptions) {
    this.#options = options;
  }

  /** Rejects with NoShellIntegration when the shell has none, or one whose quoting is unknown. */
  async run(command: Command, signal: AbortSignal): Promise<RunningProcess> {
    const terminal = this.#idleTerminal(command.cwd) ?? this.#createTerminal(command.cwd);
    this.#busy.set(terminal, true);
    terminal.show(true);
    const integration = await started(terminal, this.#options.startMs, signal);
    const line = integration && typedLine(command.argv, terminal.state.shell);
    if (!integration || line === undefined || signal.aborted) {
      terminal.dispose();
      throwIfAborted(signal);
      throw new NoShellIntegration(
        "Your terminal's shell has no shell integration, so commands run in a process of Patchwright's own. The setting \"patchwright.commands.engine\" chooses.",
      );
    }
    this.#byItem.set(command.itemId, terminal);
    const execution = integration.executeCommand(line);
    const exited = ended(terminal, execution);
    void exited.then(() => this.#busy.has(terminal) && this.#busy.set(terminal, false));
    return this.#process({ terminal, execution, exited, tty: command.tty }, signal);
  }

  /** Shows the terminal of an item, without taking the focus; false when it is not known here. */
  show(itemId: string): boolean {
    const terminal = this.#byItem.get(itemId);
    terminal?.show(true);
    return terminal !== undefined;
  }

  dispose(): void {
    this.#closing.dispose();
    for (const terminal of this.#busy.keys()) terminal.dispose();
  }

  #idleTerminal(cwd: string): vscode.Terminal | undefined {
    const idle = [...this.#busy].find(
      ([terminal, busy]) =>
        !busy && terminal.shellIntegration?.cwd?.fsPath === cwd && terminal.exitStatus === undefined,
    );
    return idle?.[0];
  }

  #createTerminal(cwd: string): vscode.Terminal {
    return vscode.window.createTerminal({
      name: "Patchwright",
      cwd,
      iconPath: new vscode.ThemeIcon("sparkle"),
      isTransient: true,
    });
  }

  async #process({ terminal, execution, exited, tty }: Running, signal: AbortSignal): Promise<RunningProcess> {
    const { interruptMs } = this.#options;
    const listeners = new LateListener<string>();
    const finished = Promise.all([exited, readAll(execution, (text) => listeners.deliver(text))]);
    const done = finished.then(([exit]) => exit);
    let over = false;
    void done.then(() => {
      over = true;
    });
    const kill = async () => {
      terminal.sendText("\x03", false);
      const closing = setTimeout(() => terminal.dispose(), interruptMs);
      await done;
      clearTimeout(closing);
    };
    const abort = () => void kill();
    signal.addEventListener("abort", abort, { once: true });
    void done.then(() => signal.removeEventListener("abort", abort));
    return {
      pid: (await terminal.processId) ?? 0,
      exited: done,
      onOutput: (listener) => listeners.listen(listener),
      kill,
      async write(chars) {
        if (!tty)
          throw new AgentError("unsupported", "This command was started without a terminal, so it takes no input.");
        if (over) throw new AgentError("notFound", "This command has ended.");
        terminal.sendText(chars, false);
      },
    };
  }
}

interface Running {
  readonly terminal: vscode.Terminal;
  readonly execution: vscode.TerminalShellExecution;
  readonly exited: Promise<ProcessExit>;
  readonly tty: boolean;
}

/** The terminal's shell integration once its shell has started; undefined when there is none in time, or on abort. */
function started(
  terminal: vscode.Terminal,
  startMs: number,
  signal: AbortSignal,
): Promise<vscode.TerminalShellIntegration | undefined> {
  if (terminal.shellIntegration) return Promise.resolve(terminal.shellIntegration);
  return new Promise((resolve) => {
    const listeners = [
      vscode.window.onDidChangeTerminalShellIntegration((event) => {
        if (event.terminal === terminal) finish(event.shellIntegration);
      }),
      vscode.window.onDidCloseTerminal((closed) => {
        if (closed === terminal) finish(undefined);
      }),
    ];
    const giveUp = () => finish(undefined);
    const deadline = setTimeout(giveUp, startMs);
    signal.addEventListener("abort", giveUp, { once: true });
    function finish(integration: vscode.TerminalShellIntegration | undefined) {
      clearTimeout(deadline);
      signal.removeEventListener("abort", giveUp);
      for (const listener of listeners) listener.dispose();
      resolve(integration);
    }
  });
}

/** How the command ended; a terminal that the user closes ends it too. */
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
