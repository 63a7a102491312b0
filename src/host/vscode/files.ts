import type { FileSystem } from "../host.ts";
import { createApply } from "./applyEdits.ts";
import { bytesOf, type RealPath, unsavedDocument } from "./documents.ts";
import { createSearch } from "./searchUnsaved.ts";

export interface VscodeFilesOptions {
  /** The same files without an editor. */
  readonly disk: FileSystem;
  readonly realPath: RealPath;
}

/** Files as the editor shows them, over those on disk. */
export function createVscodeFiles({ disk, realPath }: VscodeFilesOptions): FileSystem {
  return {
    async read(path, signal) {
      const unsaved = await unsavedDocument(path, realPath);
      if (unsaved) return { bytes: await bytesOf(unsaved), unsaved: true };
      return disk.read(path, signal);
    },
    stat: disk.stat,
    list: disk.list,
    search: createSearch(disk),
    apply: createApply({ disk, realPath }),
  };
}
