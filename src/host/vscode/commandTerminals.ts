import * as vscode from "vscode";
import { revealed, sanitizeLine } from "../../protocol/sanitizeForDisplay.ts";
import type { Command, ProcessExit, RunningProcess } from "../processes.ts";
import { LateListener } from "./lateListener.ts";
import { OutputRing } from "./outputRing.ts";
import { terminalFilter } from "./terminalFilter.ts";

const maxKeptCharacters = 512 * 1024;
const maxKeptCommands = 100;

/** A command and what it has put out so far. */
interface Mirror {
  readonly command: Command;
  readonly process: RunningProcess;
  readonly ring: OutputRing;
  readonly output: vscode.EventEmitter<string>;
  exit: ProcessExit | undefined;
  terminal: vscode.Terminal | undefined;
}

/** Keeps the output of commands so that a terminal can show it, during the command and after. */
export class CommandTerminals implements vscode.Disposable {
  /** By item, oldest first. */
  readonly #mirrors = new Map<string, Mirror>();
  readonly #closing = vscode.window.onDidCloseTerminal((closed) => {
    for (const mirror of this.#mirrors.values()) if (mirror.terminal === closed) mirror.terminal = undefined;
  });

  /** The same process, its output also kept here. Takes the process's one listener. */
  mirror(command: Command, process: RunningProcess): RunningProcess {
    const ring = new OutputRing(maxKeptCharacters);
    const output = new vscode.EventEmitter<string>();
    const mirror: Mirror = { command, process, ring, output, exit: undefined, terminal: undefined };
    this.#mirrors.delete(command.itemId);
    this.#mirrors.set(command.itemId, mirror);
    this.#forgetOldest();
    const listeners = new LateListener<string>();
    const filter = terminalFilter();
    const show = (text: string) => {
      ring.append(text);
      output.fire(text);
    };
    process.onOutput((text) => {
      show(filter.pass(text));
      listeners.deliver(text);
    });
    void process.exited.then((exit) => {
      show(filter.rest());
      mirror.exit = exit;
      output.fire(ending(exit));
    });
    return {
      pid: process.pid,
      exited: process.exited,
      write: (chars) => process.write(chars),
      kill: () => process.kill(),
      onOutput: (listener) => listeners.listen(listener),
    };
  }

  /** Shows the command of an item in a terminal, without taking the focus; false when it is not known here. */
  show(itemId: string): boolean {
    const mirror = this.#mirrors.get(itemId);
    if (!mirror) return false;
    mirror.terminal ??= vscode.window.createTerminal({
      name: sanitizeLine(mirror.command.title.split("\n")[0] ?? "", 60),
      iconPath: new vscode.ThemeIcon("sparkle"),
      pty: pseudoterminal(mirror),
      isTransient: true,
    });
    mirror.terminal.show(true);
    return true;
  }

  dispose(): void {
    this.#closing.dispose();
    for (const { terminal, output } of this.#mirrors.values()) {
      terminal?.dispose();
      output.dispose();
    }
    this.#mirrors.clear();
  }

  #forgetOldest(): void {
    for (const [itemId, { exit, terminal }] of this.#mirrors) {
      if (this.#mirrors.size <= maxKeptCommands) return;
      if (exit && !terminal) this.#mirrors.delete(itemId);
    }
  }
}

/** Shows a mirror: what there is, then what comes. Closing it leaves the command alone; typing reaches a command with a tty only. */
function pseudoterminal(mirror: Mirror): vscode.Pseudoterminal {
  const { command, process, ring, output } = mirror;
  const display = new vscode.EventEmitter<string>();
  const lines = command.tty ? (text: string) => text : (text: string) => text.replace(/\r?\n/g, "\r\n");
  let following: vscode.Disposable | undefined;
  return {
    onDidWrite: display.event,
    open() {
      display.fire(`\x1b[2m$ ${shownTitle(command.title)}\x1b[0m\r\n`);
      if (ring.isCut) display.fire(`${vscode.l10n.t("[Older output is not kept here.]")}\r\n`);
      display.fire(lines(ring.text()));
      if (mirror.exit) display.fire(lines(ending(mirror.exit)));
      else following = output.event((text) => display.fire(lines(text)));
    },
    handleInput(chars) {
      if (command.tty && !mirror.exit) void process.write(chars).catch(() => {});
    },
    close() {
      following?.dispose();
    },
  };
}

/** The model chose the words, so none of them may steer the terminal, or hide. */
function shownTitle(title: string): string {
  return revealed(title).replaceAll("\n", "\r\n");
}

function ending({ code, signal }: ProcessExit): string {
  const how = signal ? vscode.l10n.t("[ended by {signal}]", { signal }) : vscode.l10n.t("[exit code {code}]", { code });
  return `\n\x1b[2m${how}\x1b[0m\n`;
}
