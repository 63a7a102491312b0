import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { AgentError } from "../../protocol/errors.ts";
import type { Command } from "../host.ts";
import { type Channel, channelOf, closeChildEnd, makePipes } from "./channel.ts";
import type { ChannelStock } from "./channelStock.ts";
import { commandEnvironment } from "./environment.ts";
import { type LastingMark, markedArgv } from "./mark.ts";
import type { Environment, OperatingSystem } from "./platform.ts";
import { isProgram, startError } from "./program.ts";
import { terminalLaunch } from "./terminal.ts";

export interface LaunchOptions {
  readonly os: OperatingSystem;
  /** The folder for temporary files. */
  readonly temporary: string;
  readonly env: Environment;
  /** Names of further variables that commands get. Read for each. */
  readonly passed: () => readonly string[];
  readonly outputs: ChannelStock;
  /** What the command and all it starts are known by. */
  readonly mark: LastingMark;
}

/** A process that has started. */
export interface Launched {
  readonly pid: number;
  readonly child: ChildProcess;
  readonly output: readonly Readable[];
  /** What its terminal takes as typed; undefined without a terminal. */
  readonly keyboard: Socket | undefined;
}

/** Starts a command in its own process group. Rejects as Processes.spawn does. */
export async function launch(command: Command, options: LaunchOptions): Promise<Launched> {
  const { argv, env } = marked(prepare(command, options), command, options);
  const channels = await openChannels(command, options);
  const { output, keyboard } = channels;
  const sink = output?.childEnd ?? "pipe";
  try {
    const child = await start(argv, {
      cwd: command.cwd,
      env,
      // On Windows this would open a window; there are no process groups anyway.
      detached: options.os !== "windows",
      windowsHide: true,
      stdio: [keyboard?.childEnd ?? "ignore", sink, sink],
    });
    const streams = [output?.socket, child.stdout, child.stderr].filter((stream) => stream != null);
    return { pid: child.pid as number, child, output: streams, keyboard: keyboard?.socket };
  } catch (error) {
    output?.socket.destroy();
    keyboard?.socket.destroy();
    throw startError(error, command.argv[0]);
  } finally {
    if (output !== undefined) closeChildEnd(output);
    if (keyboard !== undefined) closeChildEnd(keyboard);
  }
}

interface Prepared {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
}

function prepare(command: Command, { os, env: own, passed, mark }: LaunchOptions): Prepared {
  const at = mark.variable.indexOf("=");
  const extra = { ...command.env, [mark.variable.slice(0, at)]: mark.variable.slice(at + 1) };
  const env = commandEnvironment({ own, os, terminal: command.tty ? "pty" : "none", passed: passed(), extra });
  if (!command.tty) return { argv: command.argv, env };
  // Inside a terminal the failure would only be a line of output.
  const lookup = { path: env.PATH, cwd: command.cwd };
  if (!isProgram(command.argv[0], lookup)) {
    throw new AgentError("notFound", `There is no program ${command.argv[0]}. Check its name, or install it.`);
  }
  if (os !== "windows" && !isProgram("script", lookup)) {
    throw new AgentError(
      "unsupported",
      "There is no `script` program to make a terminal with. Run the command without one.",
    );
  }
  return terminalLaunch(os, command.argv, env);
}

/** With the mark that lasts, where there is one. What is no program is left as it is, for the operating system to say what is wrong with it. */
function marked({ argv, env }: Prepared, { cwd }: Command, { os, mark }: LaunchOptions): Prepared {
  const canMark = os === "linux" && isProgram("/bin/sh", { path: undefined, cwd });
  return { argv: canMark && isProgram(argv[0], { path: env.PATH, cwd }) ? markedArgv(argv, mark) : argv, env };
}

interface Channels {
  readonly output: Channel | undefined;
  readonly keyboard: Channel | undefined;
}

async function openChannels(command: Command, { os, temporary, outputs }: LaunchOptions): Promise<Channels> {
  if (os === "windows") return { output: undefined, keyboard: undefined };
  const output = await outputs.take();
  if (!command.tty) return { output, keyboard: undefined };
  const [keyboard] = await makePipes(temporary, "out", 1);
  if (keyboard !== undefined) return { output, keyboard: channelOf(keyboard, "out") };
  output?.socket.destroy();
  if (output !== undefined) closeChildEnd(output);
  throw new AgentError("unsupported", `No terminal can be made: there are no named pipes in ${temporary}.`);
}

function start(argv: readonly [string, ...string[]], options: SpawnOptions): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const [program, ...args] = argv;
    const child = spawn(program, args, options);
    child.once("error", reject);
    child.once("spawn", () => {
      child.off("error", reject);
      // Later errors are about signals that came too late; the end of the process is told by "exit".
      child.on("error", () => undefined);
      resolve(child);
    });
  });
}
