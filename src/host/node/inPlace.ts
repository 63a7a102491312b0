import { constants } from "node:fs";
import { open, readdir, readlink, realpath } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { AgentError, throwIfAborted } from "../../protocol/errors.ts";
import type { SearchMatch } from "../files.ts";
import { linesOf } from "./lines.ts";
import { readRegularFile } from "./read.ts";
import { realPath } from "./realPath.ts";
import { matchText, type Searcher } from "./search.ts";

/**
 * A searcher that holds to `landing`. A walk follows the paths of folders, and a command that runs meanwhile may put a link in the place of one: so
 * what was found is looked at again, in folders and files that are held open and lie where they should.
 */
export function inPlace(searcher: Searcher): Searcher {
  return {
    async list(root, options, signal) {
      const { landing } = options;
      if (landing === undefined) return searcher.list(root, options, signal);
      await requireLanding(root, landing, signal);
      const found = await searcher.list(root, options, signal);
      const inside = await grouped(
        found.paths,
        (path) => dirname(realOf(path, { root, landing })),
        async (folder, some) => {
          throwIfAborted(signal);
          const names = await namesIn(folder).catch(() => new Set());
          return some.filter((path) => names.has(basename(path)));
        },
      );
      return { ...found, paths: found.paths.filter((path) => inside.has(path)) };
    },
    async search(root, query, signal) {
      const { landing } = query;
      if (landing === undefined) return searcher.search(root, query, signal);
      await requireLanding(root, landing, signal);
      const found = await searcher.search(root, query, signal);
      const inside = await grouped(
        found.matches,
        ({ path }) => realOf(path, { root, landing }),
        async (file, some) => {
          const lines = await linesIn(file, signal);
          return some.filter((match) => isThere(match, lines));
        },
      );
      return { ...found, matches: found.matches.filter((match) => inside.has(match)) };
    },
  };
}

async function requireLanding(root: string, landing: string, signal: AbortSignal): Promise<void> {
  if ((await realPath(root, signal)) === landing) return;
  throw new AgentError(
    "permissionDenied",
    `${root} leads elsewhere than a moment ago, so nothing was read. Try again.`,
  );
}

interface Moved {
  readonly root: string;
  readonly landing: string;
}

function realOf(path: string, { root, landing }: Moved): string {
  return join(landing, relative(resolve(root), path));
}

/** Those that remain of each group. */
async function grouped<T>(
  all: readonly T[],
  key: (one: T) => string,
  remaining: (key: string, some: readonly T[]) => Promise<readonly T[]>,
): Promise<ReadonlySet<T>> {
  const groups = [...Map.groupBy(all, key)];
  const left = new Set<T>();
  const work = async () => {
    for (let next = groups.pop(); next; next = groups.pop()) for (const one of await remaining(...next)) left.add(one);
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return left;
}

/** The names in a folder that lies at its path, without a link on the way. Elsewhere than on Linux a folder cannot be held. */
async function namesIn(folder: string): Promise<ReadonlySet<string>> {
  if (process.platform !== "linux") return new Set((await realpath(folder)) === folder ? await readdir(folder) : []);
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    const held = `/proc/self/fd/${handle.fd}`;
    return new Set((await readlink(held)) === folder ? await readdir(held) : []);
  } finally {
    await handle.close();
  }
}

/** None of a file that does not lie at its path, or cannot be read any more. */
async function linesIn(file: string, signal: AbortSignal): Promise<readonly string[]> {
  const read = await readRegularFile(file, signal).catch((error: unknown) => {
    throwIfAborted(signal);
    if (error instanceof AgentError) return undefined;
    throw error;
  });
  return read?.realPath === file ? linesOf(read.bytes) : [];
}

function isThere({ line, text }: SearchMatch, lines: readonly string[]): boolean {
  const now = lines[line - 1];
  return now !== undefined && withoutMark(matchText(now)) === withoutMark(text);
}

function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, "");
}
