/** What an editor knows beyond files. A host without one answers with nothing. */
export interface Editor {
  /**
   * The folders the user works in; the first is the default cwd. Empty when no folder is open. A host without a window has the folder of
   * the thread that asks, `threadFolder`, and those that were named at its start.
   */
  workspaceRoots(threadFolder?: string): readonly string[];
  /** Problems the language services report now, for these files, or for all when `paths` is undefined. Undefined when there is no editor. */
  diagnostics(
    paths: readonly string[] | undefined,
    signal: AbortSignal,
  ): Promise<readonly FileDiagnostic[] | undefined>;
  /** What the user has open, for the environment context. */
  openEditors(): OpenEditors;
}

export interface FileDiagnostic {
  readonly path: string;
  readonly severity: "error" | "warning" | "information" | "hint";
  readonly message: string;
  /** Such as "ts" or "eslint". */
  readonly source?: string | undefined;
  /** Such as "2322". */
  readonly code?: string | undefined;
  /** Lines and columns count from 1; the end is exclusive in its column. */
  readonly range: {
    readonly startLine: number;
    readonly startColumn: number;
    readonly endLine: number;
    readonly endColumn: number;
  };
}

export interface OpenEditors {
  readonly activePath?: string | undefined;
  /** Counting from 1, of the active editor; absent when nothing is selected. */
  readonly selection?: { readonly startLine: number; readonly endLine: number } | undefined;
  readonly visiblePaths: readonly string[];
  readonly openPaths: readonly string[];
}
