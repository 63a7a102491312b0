import * as vscode from "vscode";

export const proposalScheme = "patchwright-proposal";

interface Entry {
  readonly text: string;
  readonly access: "read" | "write";
  /** Rises with each change, so that the editor sees one. */
  readonly mtime: number;
}

/** What stands in a document that nobody keeps any more, such as after a reload of the window. */
const OVER = "This proposal is over. Open the change again from the panel.\n";

/**
 * The proposed side of comparisons, as files in memory that can be edited and saved. Saving keeps the text here and writes no file. Texts are
 * UTF-8 behind a byte order mark, which the editor heeds whatever its settings say of encodings.
 */
export class ProposalFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #entries = new Map<string, Entry>();
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #registered = vscode.workspace.registerFileSystemProvider(proposalScheme, this, { isCaseSensitive: true });
  readonly onDidChangeFile = this.#changed.event;

  /** Makes or changes a file. An open document takes the text over unless it has unsaved changes. */
  set(uri: vscode.Uri, text: string, access: Entry["access"]): void {
    const known = this.#entries.get(uri.toString());
    if (known?.text === text && known.access === access) return;
    this.#entries.set(uri.toString(), { text, access, mtime: (known?.mtime ?? 0) + 1000 });
    if (known) this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  /** The text as it was last saved or set; undefined when it is not kept. */
  text(uri: vscode.Uri): string | undefined {
    return this.#entries.get(uri.toString())?.text;
  }

  isWritable(uri: vscode.Uri): boolean {
    return this.#entries.get(uri.toString())?.access === "write";
  }

  forget(uri: vscode.Uri): void {
    this.#entries.delete(uri.toString());
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const { text, access, mtime } = this.#entry(uri);
    const readOnly = access === "read" ? { permissions: vscode.FilePermission.Readonly } : {};
    return { type: vscode.FileType.File, ctime: 0, mtime, size: bytesOf(text).length, ...readOnly };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return bytesOf(this.#entry(uri).text);
  }

  writeFile(uri: vscode.Uri, content: Uint8Array): void {
    const { access, mtime } = this.#entry(uri);
    if (access === "read") throw vscode.FileSystemError.NoPermissions(uri);
    const text = new TextDecoder("utf-8").decode(content);
    this.#entries.set(uri.toString(), { text, access, mtime: mtime + 1000 });
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.#registered.dispose();
    this.#changed.dispose();
  }

  #entry(uri: vscode.Uri): Entry {
    return this.#entries.get(uri.toString()) ?? { text: OVER, access: "read", mtime: 0 };
  }
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(`\ufeff${text}`);
}
