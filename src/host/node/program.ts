import { accessSync, constants, existsSync, statSync } from "node:fs";
import { stat } from "node:fs/promises";
import { delimiter, isAbsolute, resolve } from "node:path";
import { AgentError } from "../../protocol/errors.ts";
import { ioError, systemCode } from "./errors.ts";
import { isAbsent } from "./read.ts";

/** Where a program is looked for. */
export interface Lookup {
  /** The value of PATH. */
  readonly path: string | undefined;
  readonly cwd: string;
}

/** Whether the name, or the path, leads to something that can be run. */
export function isProgram(name: string, lookup: Lookup): boolean {
  return programAt(name, lookup) !== undefined;
}

/** The absolute path of what can be run by this name, or path. */
export function programAt(name: string, lookup: Lookup): string | undefined {
  return placesOf(name, lookup).find(isExecutable);
}

/** Throws `notFound` when there is nothing by this name, or path, and `permissionDenied` when it cannot be run. */
export function requireProgram(name: string, lookup: Lookup): void {
  const places = placesOf(name, lookup);
  if (places.some(isExecutable)) return;
  const code = places.some((place) => existsSync(place)) ? "EACCES" : "ENOENT";
  throw startError(Object.assign(new Error(code), { code }), name);
}

function placesOf(name: string, { path, cwd }: Lookup): string[] {
  const folders = /[/\\]/.test(name) ? [cwd] : (path ?? "").split(delimiter);
  return name === "" ? [] : folders.map((folder) => resolve(cwd, folder, name));
}

/** Rejects with `notFound` or `permissionDenied` unless commands can run in the folder. */
export async function requireFolder(cwd: string): Promise<void> {
  if (!isAbsolute(cwd)) throw new AgentError("internal", `The path ${JSON.stringify(cwd)} must be absolute.`);
  try {
    if ((await stat(cwd)).isDirectory()) return;
  } catch (error) {
    if (systemCode(error) === "EACCES") {
      throw new AgentError("permissionDenied", `The folder ${cwd} may not be entered, so nothing can run there.`);
    }
    if (!isAbsent(error)) throw ioError(error, cwd);
  }
  throw new AgentError("notFound", `There is no folder ${cwd} to run the command in.`);
}

/** Why the operating system did not start the program. */
export function startError(error: unknown, program: string): AgentError {
  const options = { cause: error };
  switch (systemCode(error)) {
    case "ENOENT":
      return new AgentError("notFound", `There is no program ${program}. Check its name, or install it.`, options);
    case "EACCES":
    case "EPERM":
      return new AgentError(
        "permissionDenied",
        `The program ${program} may not be run: its file is not executable.`,
        options,
      );
    case "ENOEXEC":
      return new AgentError(
        "unsupported",
        `${program} is not a program for this system. Run it with its interpreter.`,
        options,
      );
    case "E2BIG":
      return new AgentError(
        "tooLarge",
        `The command line of ${program} is too long. Put the data into a file.`,
        options,
      );
    case "ERR_INVALID_ARG_VALUE":
      return new AgentError("invalid", "A command may not contain NUL characters.", options);
    case "EAGAIN":
    case "ENOMEM":
    case "EMFILE":
    case "ENFILE":
      return new AgentError(
        "internal",
        `The system has no room for another process, so ${program} did not start. End some programs and retry.`,
        options,
      );
    default:
      return new AgentError("internal", `${program} cannot be started: ${String(error)}.`, options);
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
