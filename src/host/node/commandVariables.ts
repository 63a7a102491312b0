import type { Command } from "../processes.ts";
import { commandEnvironment } from "./environment.ts";
import type { Environment, OperatingSystem } from "./platform.ts";
import { pathWithout } from "./searchPath.ts";

/** Where the variables of commands come from. */
export interface VariableSource {
  readonly os: OperatingSystem;
  /** The environment of this process. */
  readonly env: Environment;
  /** Names of further variables that commands get; none when absent. */
  readonly passed?: (() => readonly string[]) | undefined;
}

/** All variables of a command, as the disk is now. */
export function commandVariables(command: Command, { os, env: own, passed = () => [] }: VariableSource) {
  const terminal = command.tty ? "pty" : "none";
  const env = commandEnvironment({ own, os, terminal, passed: passed(), extra: { ...command.env } });
  const { programsNotIn = [] } = command;
  if (env.PATH !== undefined && programsNotIn.length > 0) env.PATH = pathWithout(env.PATH, programsNotIn);
  return env;
}
