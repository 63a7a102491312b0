import type { FileSystem } from "../../files.ts";
import type { OwnWrites } from "./guard.ts";

/** The same files, whose edits are not taken for those of commands that run meanwhile. */
export function knownEdits(files: FileSystem, ownWrites: OwnWrites): FileSystem {
  return {
    ...files,
    async apply(edits, signal, landings) {
      const paths = edits.map((edit) => (edit.kind === "update" ? (edit.movePath ?? edit.path) : edit.path));
      ownWrites.before(paths);
      const result = await files.apply(edits, signal, landings);
      ownWrites.after(paths);
      return result;
    },
  };
}
