import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { AgentError } from "../../protocol/errors.ts";
import type { Command } from "../processes.ts";
import { type Channel, channelOf, closeChildEnd, makePipes } from "./channel.ts";
import type { ChannelStock } from "./channelStock.ts";
import { commandVariables } from "./commandVariables.ts";
import { programFolders } from "./environment.ts";
import { type LastingMark, markedArgv } from "./mark.ts";
import type { Environment, OperatingSystem } from "./platform.ts";
import { isProgram, startError } from "./program.ts";
import type { Confined, ConfiningSandbox } from "./sandbox/confine.ts";
import { startChild, startConfined } from "./sandbox/startConfined.ts";
import { terminalLaunch } from "./terminal.ts";

export interface LaunchOptions {
  readonly os: OperatingSystem;
  /** Where pipes are made: the first of these folders in which one can be. */
  readonly pipeFolders: readonly string[];
  readonly env: Environment;
  /** Names of further variables that commands get. Read for each. */
  readonly passed: () => readonly string[];
  readonly outputs: ChannelStock;
  readonly sandbox: ConfiningSandbox;
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
  /** What confines it; undefined for a command with all the user's rights. */
  readonly confined: Confined | undefined;
}

/** Starts a command in its own process group. Rejects as Processes.spawn does. */
export async function launch(command: Command, options: LaunchOptions): Promise<Launched> {
  const prepared = prepare(command, options);
  const confined = await confine(command, prepared, options);
  const { argv, env } = marked(prepared, command, options);
  const channels = await openChannels(command, options).catch(async (error: unknown) => {
    await confined?.ended();
    throw error;
  });
  const { output, keyboard } = channels;
  const sink = output?.childEnd ?? "pipe";
  const streams = [keyboard?.childEnd ?? "ignore", sink, sink] as const;
  // On Windows a process of its own group would open a window; there are no process groups anyway.
  const how = { cwd: command.cwd, detached: options.os !== "windows", windowsHide: true };
  try {
    const child = await (confined === undefined
      ? startChild(argv, { ...how, env, stdio: [...streams] })
      : startConfined(confined, { ...how, stdio: streams }));
    return launched(child, channels, confined);
  } catch (error) {
    output?.socket.destroy();
    keyboard?.socket.destroy();
    await confined?.ended();
    throw startError(error, (confined ?? command).argv[0]);
  } finally {
    if (output !== undefined) closeChildEnd(output);
    if (keyboard !== undefined) closeChildEnd(keyboard);
  }
}

function launched(child: ChildProcess, { output, keyboard }: Channels, confined: Confined | undefined): Launched {
  return {
    pid: child.pid as number,
    child,
    output: [output?.socket, child.stdout, child.stderr].filter((stream) => stream != null),
    keyboard: keyboard?.socket,
    confined,
  };
}

async function confine(
  { confinement, cwd }: Command,
  { argv, env }: Prepared,
  { sandbox, mark }: LaunchOptions,
): Promise<Confined | undefined> {
  return confinement && sandbox.confine({ argv, env, cwd, marker: mark.variable, confinement });
}

interface Prepared {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
}

function prepare(command: Command, { os, mark, ...source }: LaunchOptions): Prepared {
  const at = mark.variable.indexOf("=");
  const marked = { [mark.variable.slice(0, at)]: mark.variable.slice(at + 1) };
  const env = { ...commandVariables(command, { os, ...source }), ...marked };
  if (!command.tty) return { argv: command.argv, env };
  // Inside a terminal the failure would only be a line of output.
  const lookup = { path: env.PATH, cwd: command.cwd };
  if (!isProgram(command.argv[0], lookup)) {
    throw new AgentError("notFound", `There is no program ${command.argv[0]}. Check its name, or install it.`);
  }
  const launch = terminalLaunch(os, command.argv, env);
  const folders = programFolders(env.PATH ?? "", command.cwd);
  const script = folders.map((folder) => join(folder, "script")).find((path) => isProgram(path, lookup));
  if (script === undefined) {
    throw new AgentError(
      "unsupported",
      "There is no `script` program to make a terminal with. Run the command without one.",
    );
  }
  return { env: launch.env, argv: [script, ...launch.argv.slice(1)] };
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

async function openChannels(command: Command, { os, pipeFolders, outputs }: LaunchOptions): Promise<Channels> {
  if (os === "windows") return { output: undefined, keyboard: undefined };
  const output = await outputs.take();
  if (!command.tty) return { output, keyboard: undefined };
  const [keyboard] = await makePipes(pipeFolders, "out", 1);
  if (keyboard !== undefined) return { output, keyboard: channelOf(keyboard, "out") };
  output?.socket.destroy();
  if (output !== undefined) closeChildEnd(output);
  throw new AgentError(
    "unsupported",
    `No terminal can be made: there are no named pipes in ${pipeFolders.join(" or ")}.`,
  );
}
