import { createHash } from "node:crypto";
import { readFile, realpath, stat } from "node:fs/promises";
import { AgentError } from "../../protocol/errors.ts";
import type { Command, CommandImage, NamedByCommand, ProgramImage } from "../processes.ts";
import { commandVariables, type VariableSource } from "./commandVariables.ts";
import { findProgram } from "./searchPath.ts";

/** Files above this size are told apart by it, and by when which file was last changed there: no program can set that. */
const MAX_BYTES = 1024 * 1024;

/** What the command would run with now. Rejects as Processes.imageOf does. */
export async function commandImage(
  command: Command,
  { paths, programs }: NamedByCommand,
  source: VariableSource,
): Promise<CommandImage> {
  const realCwd = await realpath(command.cwd).catch((cause: unknown) => {
    throw new AgentError("notFound", `There is no folder ${command.cwd} to run the command in.`, { cause });
  });
  const variables = commandVariables(command, source);
  const files = await Promise.all(paths.map(async (path) => [path, await contentOf(path)] as const));
  const found = await Promise.all(programs.map(async (name) => [name, await programOf(name, variables.PATH, realCwd)]));
  return {
    realCwd,
    environment: hash(JSON.stringify(Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1)))),
    files: Object.fromEntries(files.flatMap(([path, content]) => (content === undefined ? [] : [[path, content]]))),
    programs: Object.fromEntries(found.filter(([, program]) => program !== undefined)),
  };
}

async function programOf(name: string, path: string | undefined, cwd: string): Promise<ProgramImage | undefined> {
  const found = findProgram(name, path, cwd);
  const content = found && (await contentOf(found.realPath));
  return content === undefined ? undefined : { ...(found as ProgramImage), content };
}

/** Undefined for what is no regular file. */
async function contentOf(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path, { bigint: true });
    if (!found.isFile()) return undefined;
    const { size, ino, ctimeNs } = found;
    const content = size > MAX_BYTES ? `${size} bytes of ${ino} at ${ctimeNs}` : hash(await readFile(path));
    return `${await realpath(path)} ${content}`;
  } catch {
    return undefined;
  }
}

function hash(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
