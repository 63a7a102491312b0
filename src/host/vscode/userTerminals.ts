import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import { throwIfAborted } from "../../protocol/errors.ts";
import { requireFolder } from "../node/program.ts";
import type { Command, RunningProcess } from "../processes.ts";
import { typedLine } from "./shellQuote.ts";
import { typeCommand } from "./typedCommand.ts";

const markerName = "PATCHWRIGHT_TERMINAL";

/** The user's shell does not tell when a command ends, so commands cannot run in its terminal. */
export class NoShellIntegration extends Error {}

/** A terminal that was made here. */
interface Own {
  readonly terminal: vscode.Terminal;
  readonly marker: string;
  busy: boolean;
}

/** Runs commands in terminals of the user's own shell. A terminal is used again for the same folder once it is idle. */
export class UserTerminals implements vscode.Disposable {
  readonly #startMs: number;
  readonly #own = new Set<Own>();
  readonly #byItem = new Map<string, Own>();
  readonly #closing = vscode.window.onDidCloseTerminal((closed) => {
    for (const own of this.#own) if (own.terminal === closed) this.#own.delete(own);
    for (const [itemId, { terminal }] of this.#byItem) if (terminal === closed) this.#byItem.delete(itemId);
  });

  /** `startMs` is how long the shell of a new terminal may take to start. */
  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  /** Rejects with NoShellIntegration when the shell has none, or one whose quoting is unknown; else like `Processes.spawn`. */
  async run(command: Command, signal: AbortSignal): Promise<RunningProcess> {
    throwIfAborted(signal);
    await requireFolder(command.cwd);
    const own = this.#idle(command.cwd) ?? this.#create(command.cwd);
    const { terminal, marker } = own;
    own.busy = true;
    terminal.show(true);
    const integration = await started(terminal, this.#startMs, signal);
    const pid = await terminal.processId;
    const line = integration && typedLine(command.argv, terminal.state.shell);
    if (!integration || line === undefined || signal.aborted) {
      terminal.dispose();
      throwIfAborted(signal);
      throw new NoShellIntegration(
        vscode.l10n.t(
          'The shell of your terminal has no shell integration that Patchwright can use, so commands run in a process of its own. To stop this message, turn shell integration on, or set "patchwright.commands.engine" to "process".',
        ),
      );
    }
    this.#byItem.set(command.itemId, own);
    const running = typeCommand(line, { terminal, pid, marker, tty: command.tty }, { integration, signal });
    void running.exited.then(() => {
      own.busy = false;
    });
    return running;
  }

  /** Shows the terminal of an item, without taking the focus; false when it is not known here. */
  show(itemId: string): boolean {
    const own = this.#byItem.get(itemId);
    own?.terminal.show(true);
    return own !== undefined;
  }

  dispose(): void {
    this.#closing.dispose();
    for (const { terminal } of this.#own) terminal.dispose();
  }

  #idle(cwd: string): Own | undefined {
    const fits = ({ busy, terminal }: Own) => !busy && terminal.shellIntegration?.cwd?.fsPath === cwd;
    return [...this.#own].find(fits);
  }

  #create(cwd: string): Own {
    const id = randomUUID();
    const terminal = vscode.window.createTerminal({
      name: "Patchwright",
      cwd,
      env: { [markerName]: id },
      iconPath: new vscode.ThemeIcon("sparkle"),
      isTransient: true,
    });
    const own: Own = { terminal, marker: `${markerName}=${id}`, busy: false };
    this.#own.add(own);
    return own;
  }
}

/**
 * The terminal's shell integration once its shell has started and the editor knows which shell it is, which it may learn only after that;
 * undefined when that does not come in time, or on abort.
 */
function started(
  terminal: vscode.Terminal,
  startMs: number,
  signal: AbortSignal,
): Promise<vscode.TerminalShellIntegration | undefined> {
  const known = () => (terminal.state.shell === undefined ? undefined : terminal.shellIntegration);
  const integration = known();
  if (integration) return Promise.resolve(integration);
  return new Promise((resolve) => {
    const look = () => known() && finish(known());
    const listeners = [
      vscode.window.onDidChangeTerminalShellIntegration((event) => event.terminal === terminal && look()),
      vscode.window.onDidChangeTerminalState((changed) => changed === terminal && look()),
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
