/** One section of a patch. `line` is where it begins in the patch text, counting from 1; paths are as written there. */
export type Operation = AddFile | DeleteFile | UpdateFile;

export interface AddFile {
  readonly kind: "add";
  readonly path: string;
  readonly line: number;
  /** Without line ends. Empty for an empty file. */
  readonly lines: readonly string[];
}

export interface DeleteFile {
  readonly kind: "delete";
  readonly path: string;
  readonly line: number;
}

export interface UpdateFile {
  readonly kind: "update";
  readonly path: string;
  readonly line: number;
  /** Where the file goes; absent when it stays. */
  readonly movePath?: string;
  /** Empty only when there is a movePath. */
  readonly hunks: readonly Hunk[];
}

export interface Hunk {
  /** The text of its `@@ text` headers, from the outermost in; a bare `@@` leaves none. */
  readonly contexts: readonly string[];
  /** Never empty. */
  readonly lines: readonly HunkLine[];
  /**
   * How many wholly empty lines follow in the patch. They may be context or only spacing, so a match with them is tried first
   * and one without them next. Always 0 when the hunk quotes no line of the file: such lines would be a false anchor.
   */
  readonly blanksAfter: number;
  readonly endOfFile: boolean;
}

export interface HunkLine {
  readonly kind: "keep" | "add" | "remove";
  readonly text: string;
}
