import * as vscode from "vscode";

export const proposalScheme = "patchwright-proposal";

interface Entry {
  readonly text: string;
  readonly access: "read" | "write";
  /** Rises with each change, so that the editor sees one. */
  readonly mtime: number;
}

/** What stands in a document that nobody keeps any more, such as after a reload of the window. */
const OVER = `${vscode.l10n.t("This proposal is over. Open the change again from the panel.")}\n`;

/**
 * The proposed side of comparisons, as files in memory that can be edited and saved. Saving keeps the text here and writes no file.
 */
export class ProposalFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #entries = new Map<string, Entry>();
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  /** After the event, which registering subscribes to. */
  readonly #registered = vscode.workspace.registerFileSystemProvider(proposalScheme, this, { isCaseSensitive: true });

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

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { text, access, mtime } = this.#entry(uri);
    const readOnly = access === "read" ? { permissions: vscode.FilePermission.Readonly } : {};
    return { type: vscode.FileType.File, ctime: 0, mtime, size: (await bytesOf(text, uri)).length, ...readOnly };
  }

  readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return bytesOf(this.#entry(uri).text, uri);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const { access, mtime } = this.#entry(uri);
    if (access === "read") throw vscode.FileSystemError.NoPermissions(uri);
    const text = await vscode.workspace.decode(content, { uri });
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

/** In the encoding that the user's settings give such a file; where that cannot hold the text, UTF-8 behind a mark, which goes before settings. */
async function bytesOf(text: string, uri: vscode.Uri): Promise<Uint8Array> {
  const bytes = await vscode.workspace.encode(text, { uri });
  const isFaithful = (await vscode.workspace.decode(bytes, { uri })) === text;
  return isFaithful ? bytes : new TextEncoder().encode(`\ufeff${text}`);
}
