import * as vscode from "vscode";
import { type ProposalFiles, proposalScheme } from "./proposalFiles.ts";

/** After the last key stroke, in milliseconds. */
const saveAfterMs = 400;
/** How long a document that goes away may take to be saved, in milliseconds. */
const settleMs = 2000;

/**
 * What the user writes into proposals. It is saved (into memory) while it is written, so that closing the tab asks nothing; where saving would
 * change the text, such as by formatting it, the editor asks, and whatever the answer, the text is kept until the proposal is decided.
 */
export class ProposalEdits implements vscode.Disposable {
  readonly #files: ProposalFiles;
  readonly #onWritten: (uri: vscode.Uri, text: string) => void;
  /** Texts that are not saved, by address. */
  readonly #drafts = new Map<string, string>();
  /** What is done after a pause in the writing, by address. */
  readonly #waiting = new Map<string, { readonly timer: NodeJS.Timeout; tell(): void }>();
  readonly #parts = [
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.uri.scheme === proposalScheme) this.#note(document);
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === proposalScheme) this.#keep(uri);
    }),
  ];

  /** `onWritten` is told of what the user wrote, once there is a pause in it. */
  constructor(files: ProposalFiles, onWritten: (uri: vscode.Uri, text: string) => void) {
    this.#files = files;
    this.#onWritten = onWritten;
  }

  /** The text with line feeds, as it stands now; undefined when it is not kept. */
  textOf(uri: vscode.Uri): string | undefined {
    return withLineFeeds(this.#drafts.get(uri.toString()) ?? this.#files.text(uri));
  }

  /** True when the user may have written into it: its text is not to be replaced any more. */
  isOpenTo(uri: vscode.Uri): boolean {
    return this.#files.isWritable(uri);
  }

  async settle(uri: vscode.Uri): Promise<void> {
    this.#forgetWaiting(uri.toString());
    const document = openDocument(uri);
    if (document?.isDirty) await withinTime(document.save());
    this.#drafts.delete(uri.toString());
    this.#files.forget(uri);
  }

  /** What was written until now is told at once: there will be no pause in it any more. */
  dispose(): void {
    for (const part of this.#parts) part.dispose();
    for (const [key, { tell }] of this.#waiting) {
      this.#forgetWaiting(key);
      tell();
    }
  }

  /** A document that is not dirty has the text that is kept already, or is about to be closed without being saved. */
  #note(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    const text = document.getText();
    if (!document.isDirty) {
      if (withLineFeeds(text) === withLineFeeds(this.#files.text(document.uri))) this.#drafts.delete(key);
      return;
    }
    this.#drafts.set(key, text);
    this.#forgetWaiting(key);
    const tell = () => this.#onWritten(document.uri, withLineFeeds(document.getText()));
    const save = () => {
      this.#waiting.delete(key);
      tell();
      if (!document.isClosed && document.isDirty && staysTheSame(document)) void document.save();
    };
    this.#waiting.set(key, { timer: setTimeout(save, saveAfterMs), tell });
  }

  #forgetWaiting(key: string): void {
    clearTimeout(this.#waiting.get(key)?.timer);
    this.#waiting.delete(key);
  }

  #keep(uri: vscode.Uri): void {
    const draft = this.#drafts.get(uri.toString());
    if (draft === undefined || openDocument(uri)) return;
    this.#drafts.delete(uri.toString());
    this.#files.set(uri, draft, "write");
  }
}

function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((one) => !one.isClosed && one.uri.toString() === uri.toString());
}

/** False where the user has the editor change texts on saving. */
function staysTheSame(document: vscode.TextDocument): boolean {
  const editor = vscode.workspace.getConfiguration("editor", document);
  const files = vscode.workspace.getConfiguration("files", document);
  const actions = editor.get<object>("codeActionsOnSave") ?? {};
  const changes = ["trimTrailingWhitespace", "insertFinalNewline", "trimFinalNewlines"];
  return !editor.get("formatOnSave") && Object.keys(actions).length === 0 && !changes.some((name) => files.get(name));
}

function withinTime(work: Thenable<unknown>): Promise<unknown> {
  const time = Promise.withResolvers<void>();
  const timer = setTimeout(time.resolve, settleMs);
  return Promise.race([work, time.promise]).finally(() => clearTimeout(timer));
}

function withLineFeeds<T extends string | undefined>(text: T): T {
  return text?.replace(/\r\n?/g, "\n") as T;
}
