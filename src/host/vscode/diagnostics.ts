import * as vscode from "vscode";
import { throwIfAborted } from "../../protocol/errors.ts";
import type { FileDiagnostic } from "../editor.ts";
import { pathKey } from "./compare.ts";
import { openDocument } from "./documents.ts";

/** How long language services get, in milliseconds. */
export interface Patience {
  /** Without any report about files that were open: they have nothing to say. */
  readonly silentMs: number;
  /** The same for files that were just opened, for which a service may have to start. */
  readonly startMs: number;
  /** After a report: more may follow at once. */
  readonly quietMs: number;
  /** In all. */
  readonly deadlineMs: number;
}

const defaultPatience: Patience = { silentMs: 1500, startMs: 3000, quietMs: 400, deadlineMs: 8000 };

export interface Diagnostics extends vscode.Disposable {
  /**
   * Problems in files. Language services look at open documents only, so the files are opened (not shown); when one was just opened
   * or changed, their reports are awaited within `Patience`. Some services, TypeScript's among them, say nothing about files without a tab.
   */
  read(paths: readonly string[] | undefined, signal: AbortSignal): Promise<readonly FileDiagnostic[]>;
}

export function createDiagnostics(patience: Patience = defaultPatience): Diagnostics {
  /** Keys of the files that changed since their last report. */
  const stale = new Set<string>();
  const changes = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    if (document.uri.scheme === "file" && contentChanges.length > 0) stale.add(pathKey(document.uri.fsPath));
  });
  const reports = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
    for (const uri of uris) stale.delete(pathKey(uri.fsPath));
  });
  return {
    async read(paths, signal) {
      throwIfAborted(signal);
      const { waiting, started } = paths ? await openAll(paths, stale) : { waiting: new Set(stale), started: false };
      const silentMs = started ? patience.startMs : patience.silentMs;
      if (waiting.size > 0) await settled(waiting, { ...patience, silentMs }, signal);
      throwIfAborted(signal);
      for (const key of waiting) stale.delete(key);
      return collect(paths);
    },
    dispose() {
      changes.dispose();
      reports.dispose();
    },
  };
}

interface Opened {
  /** The keys of the files whose reports are still to come. */
  readonly waiting: Set<string>;
  /** True when a language service may only be starting. */
  readonly started: boolean;
}

async function openAll(paths: readonly string[], stale: ReadonlySet<string>): Promise<Opened> {
  const waiting = new Set(paths.map((path) => pathKey(path)).filter((key) => stale.has(key)));
  let started = false;
  for (const path of paths) {
    if (openDocument(path)) continue;
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path)).then(
      (opened) => opened,
      () => undefined,
    );
    if (!document || !hasService(document.languageId)) continue;
    waiting.add(pathKey(path));
    started = true;
  }
  return { waiting, started };
}

/** True when some extension starts with this language, and so may report problems. */
function hasService(languageId: string): boolean {
  return vscode.extensions.all.some(({ packageJSON }) =>
    packageJSON.activationEvents?.includes(`onLanguage:${languageId}`),
  );
}

/** Resolves when reports about the files have come and ceased, or when patience ends, or on abort. */
function settled(waiting: ReadonlySet<string>, patience: Patience, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const missing = new Set(waiting);
    const deadline = setTimeout(finish, patience.deadlineMs);
    let pause = setTimeout(finish, patience.silentMs);
    const reports = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      const about = uris.map(({ fsPath }) => pathKey(fsPath)).filter((key) => waiting.has(key));
      if (about.length === 0) return;
      for (const key of about) missing.delete(key);
      clearTimeout(pause);
      pause = setTimeout(finish, missing.size === 0 ? patience.quietMs : patience.silentMs);
    });
    signal.addEventListener("abort", finish, { once: true });
    function finish() {
      clearTimeout(deadline);
      clearTimeout(pause);
      reports.dispose();
      signal.removeEventListener("abort", finish);
      resolve();
    }
  });
}

function collect(paths: readonly string[] | undefined): FileDiagnostic[] {
  const wanted = paths && new Set(paths.map((path) => pathKey(path)));
  return vscode.languages
    .getDiagnostics()
    .filter(([uri]) => uri.scheme === "file" && (!wanted || wanted.has(pathKey(uri.fsPath))))
    .flatMap(([uri, found]) => found.map((diagnostic) => fileDiagnostic(uri.fsPath, diagnostic)));
}

const severities = ["error", "warning", "information", "hint"] as const;

/** The editor's diagnostic in the host's words. */
export function fileDiagnostic(path: string, diagnostic: vscode.Diagnostic): FileDiagnostic {
  const { range, severity, message, source, code } = diagnostic;
  const value = typeof code === "object" ? code.value : code;
  return {
    path,
    severity: severities[severity] ?? "error",
    message,
    ...(source ? { source } : {}),
    ...(value === undefined ? {} : { code: String(value) }),
    range: {
      startLine: range.start.line + 1,
      startColumn: range.start.character + 1,
      endLine: range.end.line + 1,
      endColumn: range.end.character + 1,
    },
  };
}
