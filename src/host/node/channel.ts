import { execFile } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

import { programEnvironment } from "./environment.ts";

/**
 * A real pipe between this process and a child. What node: makes by itself is a pair of sockets: it cannot carry standard output and standard
 * error in one order, a script that opens /dev/stderr fails on it, and so does `script` on macOS.
 */
export interface Channel {
  /** Our end; unused it must be destroyed. */
  readonly socket: Socket;
  /** The file descriptor for the child. To be closed with closeChildEnd once the child has its own copy. */
  readonly childEnd: number;
}

/** Which way the data goes, seen from here. */
export type Direction = "in" | "out";

/** A pipe that nobody uses yet. */
export interface Pipe {
  readonly ours: number;
  readonly theirs: number;
}

/**
 * So many pipes, which cost hardly more to make than one, in the first of the folders where that is possible. It should be one that commands in
 * the sandbox cannot see: for a moment, one that runs there could open them. Needs `mkfifo`, which every POSIX system has; none where there is none or it fails.
 * They are nowhere in the file system when this resolves.
 */
export async function makePipes(folders: readonly string[], direction: Direction, count: number): Promise<Pipe[]> {
  for (const folder of folders) {
    const pipes = await makePipesIn(folder, direction, count);
    if (pipes.length > 0) return pipes;
  }
  return [];
}

async function makePipesIn(parent: string, direction: Direction, count: number): Promise<Pipe[]> {
  const folder = await makeFolder(parent).catch(() => undefined);
  if (folder === undefined) return [];
  const pipes: Pipe[] = [];
  try {
    const paths = Array.from({ length: count }, (_, index) => join(folder, `pipe${index}`));
    await promisify(execFile)("mkfifo", ["-m", "600", ...paths], { env: programEnvironment(process.env) });
    for (const path of paths) pipes.push(openEnds(path, direction));
    return pipes;
  } catch {
    return pipes;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeFolder(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  return mkdtemp(join(parent, "patchwright-"));
}

export function channelOf({ ours, theirs }: Pipe, direction: Direction): Channel {
  const socket = new Socket({ fd: ours, readable: direction === "in", writable: direction === "out" });
  return { socket, childEnd: theirs };
}

export function closePipe({ ours, theirs }: Pipe): void {
  closeSync(ours);
  closeSync(theirs);
}

export function closeChildEnd(channel: Channel): void {
  closeSync(channel.childEnd);
}

/** Opening one end of a named pipe waits for the other, unless a third descriptor holds both open meanwhile. */
function openEnds(path: string, direction: Direction): Pipe {
  const { O_RDWR, O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;
  const both = openSync(path, O_RDWR | O_NONBLOCK);
  try {
    const [ours, theirs] = direction === "in" ? [O_RDONLY, O_WRONLY] : [O_WRONLY, O_RDONLY];
    return { ours: openSync(path, ours | O_NONBLOCK), theirs: openSync(path, theirs) };
  } finally {
    closeSync(both);
  }
}
