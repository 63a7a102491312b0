import { execFile } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

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

/** Needs `mkfifo`, which every POSIX system has; undefined where there is none or it fails. */
export async function openChannel(temporary: string, direction: Direction): Promise<Channel | undefined> {
  const folder = await mkdtemp(join(temporary, "patchwright-")).catch(() => undefined);
  if (folder === undefined) return undefined;
  try {
    const path = join(folder, "pipe");
    await promisify(execFile)("mkfifo", ["-m", "600", path]);
    return openEnds(path, direction);
  } catch {
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function closeChildEnd(channel: Channel): void {
  closeSync(channel.childEnd);
}

/** Opening one end of a named pipe waits for the other, unless a third descriptor holds both open meanwhile. */
function openEnds(path: string, direction: Direction): Channel {
  const { O_RDWR, O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;
  const both = openSync(path, O_RDWR | O_NONBLOCK);
  try {
    const [ours, theirs] = direction === "in" ? [O_RDONLY, O_WRONLY] : [O_WRONLY, O_RDONLY];
    const fd = openSync(path, ours | O_NONBLOCK);
    const socket = new Socket({ fd, readable: direction === "in", writable: direction === "out" });
    return { socket, childEnd: openSync(path, theirs) };
  } finally {
    closeSync(both);
  }
}
