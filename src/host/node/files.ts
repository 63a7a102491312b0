import type { FileSystem } from "../files.ts";
import { createApply } from "./apply.ts";
import { inPlace } from "./inPlace.ts";
import { ProgramMissing } from "./pieces.ts";
import { readRegularFile, statPath } from "./read.ts";
import { realPath } from "./realPath.ts";
import { createRipgrep } from "./ripgrep.ts";
import type { Searcher } from "./search.ts";
import { createWalker } from "./walk.ts";
import { createWatch } from "./watch.ts";

export interface NodeFilesOptions {
  /** The ripgrep program; without one, or when it cannot be started, a slower walk of our own takes its place. */
  readonly ripgrepPath?: string | undefined;
  /** Told once when the slower walk is used. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** The files on disk. This host has no unsaved buffers. */
export function createNodeFiles(options: NodeFilesOptions): FileSystem {
  const searcher = inPlace(createSearcher(options));
  return {
    async read(path, signal) {
      const { bytes, realPath } = await readRegularFile(path, signal);
      return { bytes, unsaved: false, realPath };
    },
    stat: statPath,
    realPath,
    list: searcher.list,
    search: searcher.search,
    apply: createApply(),
    watch: createWatch((message) => options.onWarning?.(message)),
  };
}

function createSearcher({ ripgrepPath, onWarning }: NodeFilesOptions): Searcher {
  const walker = createWalker();
  const ripgrep = ripgrepPath === undefined ? undefined : createRipgrep(ripgrepPath);
  let usable = ripgrep;
  let warned = false;

  async function fastest<T>(work: (searcher: Searcher) => Promise<T>): Promise<T> {
    if (usable !== undefined) {
      try {
        return await work(usable);
      } catch (error) {
        if (!(error instanceof ProgramMissing)) throw error;
        usable = undefined;
      }
    }
    warnOnce();
    return work(walker);
  }

  function warnOnce(): void {
    if (warned) return;
    warned = true;
    onWarning?.("ripgrep was not found, so searching is slower and takes JavaScript's regular expressions.");
  }

  return {
    list: (...args) => fastest((searcher) => searcher.list(...args)),
    search: (...args) => fastest((searcher) => searcher.search(...args)),
  };
}
