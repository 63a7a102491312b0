import { createHash } from "node:crypto";
import { readFile, realpath, stat } from "node:fs/promises";
import { AgentError } from "../../protocol/errors.ts";
import type { Command, CommandImage } from "../host.ts";
import { commandEnvironment } from "./environment.ts";
import type { Environment, OperatingSystem } from "./platform.ts";

/** Files above this size are told apart by it alone. */
const MAX_BYTES = 1024 * 1024;

export interface ImageOptions {
  readonly os: OperatingSystem;
  readonly env: Environment;
  /** Names of further variables that commands get; none when absent. */
  readonly passed?: (() => readonly string[]) | undefined;
}

/** What the command would run with now. Rejects as Processes.imageOf does. */
export async function commandImage(
  command: Command,
  paths: readonly string[],
  { os, env: own, passed = () => [] }: ImageOptions,
): Promise<CommandImage> {
  const realCwd = await realpath(command.cwd).catch((cause: unknown) => {
    throw new AgentError("notFound", `There is no folder ${command.cwd} to run the command in.`, { cause });
  });
  const terminal = command.tty ? "pty" : "none";
  const variables = Object.entries(
    commandEnvironment({ own, os, terminal, passed: passed(), extra: { ...command.env } }),
  );
  const files = await Promise.all(paths.map(async (path) => [path, await contentOf(path)] as const));
  return {
    realCwd,
    environment: hash(JSON.stringify(variables.sort(([a], [b]) => (a < b ? -1 : 1)))),
    files: Object.fromEntries(files.flatMap(([path, content]) => (content === undefined ? [] : [[path, content]]))),
  };
}

/** Undefined for what is no regular file. */
async function contentOf(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return undefined;
    const content = found.size > MAX_BYTES ? `${found.size} bytes` : hash(await readFile(path));
    return `${await realpath(path)} ${content}`;
  } catch {
    return undefined;
  }
}

function hash(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
