import type { FileSystem } from "../files.ts";
import { createApply } from "./applyEdits.ts";
import { bytesOf, unsavedDocument } from "./documents.ts";
import { createSearch } from "./searchUnsaved.ts";
import { createWatch } from "./watch.ts";

/** Files as the editor shows them, over `disk`: the same files without an editor. */
export function createVscodeFiles(disk: FileSystem): FileSystem {
  return {
    async read(path, signal) {
      const unsaved = await unsavedDocument(path);
      if (unsaved) return { bytes: await bytesOf(unsaved), unsaved: true };
      return disk.read(path, signal);
    },
    stat: disk.stat,
    realPath: disk.realPath,
    list: disk.list,
    search: createSearch(disk),
    apply: createApply(disk),
    watch: createWatch(disk),
  };
}
