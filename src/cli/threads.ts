import { homedir } from "node:os";
import process from "node:process";
import { Secrets } from "../core/policy/secrets.ts";
import { ThreadIndex } from "../core/store/threadIndex.ts";
import { createNodeStorage } from "../host/node/storage.ts";
import type { Storage } from "../host/storage.ts";
import { sanitizeLine } from "../protocol/sanitizeForDisplay.ts";
import { jsonLine } from "./jsonLine.ts";
import { parseOptions } from "./options.ts";
import { print } from "./outcome.ts";
import { homeOf } from "./settings.ts";

export const threadsUsage = `Usage: patchwright threads [--all] [--json]

The threads that are kept for this folder, the newest first.

  --all        of every folder
  --json       one JSON object a line, for programs`;

/** Lists threads on standard output; resolves with the exit code. */
export async function runThreads(args: readonly string[], version: string): Promise<number> {
  const flag = { type: "boolean", default: false } as const;
  const { all, json, help } = parseOptions(args, { all: flag, json: flag, help: { ...flag, short: "h" } });
  if (help) return print(threadsUsage);
  const storage = createNodeStorage(homeOf(process.env, homedir()));
  const threads = await listThreads(storage, { version, cwd: all ? undefined : process.cwd() });
  if (json) return print(threads.map(jsonLine).join(""));
  return print(describeThreads(threads) || "No threads are kept for this folder.");
}

export interface ListedThread {
  readonly id: string;
  readonly name: string;
  readonly cwd: string;
  /** Unix seconds. */
  readonly updatedAt: number;
}

/** The threads that are not archived, the newest first; of one folder, or of all. */
export async function listThreads(
  storage: Storage,
  wanted: { version: string; cwd: string | undefined },
): Promise<ListedThread[]> {
  const entries = await new ThreadIndex(storage, { version: wanted.version, secrets: new Secrets() }).list();
  return entries
    .filter(({ archived, thread }) => !archived && (wanted.cwd === undefined || thread.cwd === wanted.cwd))
    .map(({ id, thread }) => ({
      id,
      name: thread.name || thread.preview,
      cwd: thread.cwd,
      updatedAt: thread.updatedAt,
    }))
    .sort((one, other) => other.updatedAt - one.updatedAt);
}

/** One line a thread: its id, when it was last used (UTC), and its name. */
export function describeThreads(threads: readonly ListedThread[]): string {
  return threads
    .map(
      ({ id, name, updatedAt }) =>
        `${id}  ${new Date(updatedAt * 1000).toISOString().slice(0, 16).replace("T", " ")}  ${sanitizeLine(name)}`,
    )
    .join("\n");
}
