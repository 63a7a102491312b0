import * as vscode from "vscode";
import { pathKey } from "../../host/vscode/compare.ts";
import type { HunkPlace } from "./hunkPlaces.ts";
import type { ReviewFiles } from "./reviewFiles.ts";
import { baselineScheme, reviewedPath, unifiedScheme } from "./reviewUris.ts";
import { type UnifiedText, unifiedText } from "./unifiedText.ts";

/** How long to wait for the hunks of a text that was read. */
const consistencyMs = 1000;

/** The read-only documents about files under review, kept up to date while they are open: their baselines, and their unified texts. */
export class ReviewDocuments implements vscode.Disposable {
  readonly #files: ReviewFiles;
  readonly #unified = new Map<string, UnifiedText>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #parts: { dispose(): void }[];

  constructor(files: ReviewFiles) {
    this.#files = files;
    const provide = (scheme: string, read: (path: string, uri: vscode.Uri) => Promise<string>) =>
      vscode.workspace.registerTextDocumentContentProvider(scheme, {
        onDidChange: this.#changed.event,
        provideTextDocumentContent: (uri) => read(reviewedPath(uri) ?? "", uri),
      });
    this.#parts = [
      this.#changed,
      provide(baselineScheme, (path, { query }) => (query === "" ? this.#baseline(path) : textOf(path))),
      provide(unifiedScheme, (path, uri) => this.#unifiedTextOf(path, uri)),
      files.onDidChange((paths) => this.#refresh(new Set(paths.map((path) => pathKey(path))))),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#unified.delete(uri.toString())),
    ];
  }

  /** The rows of a unified document; undefined for others, and while the editor does not show these rows yet. */
  unified({ uri, lineCount }: vscode.TextDocument): UnifiedText | undefined {
    const unified = uri.scheme === unifiedScheme ? this.#unified.get(uri.toString()) : undefined;
    return unified && rowCount(unified) === lineCount ? unified : undefined;
  }

  placesIn(document: vscode.TextDocument): readonly HunkPlace[] {
    return this.unified(document)?.places ?? [];
  }

  dispose(): void {
    for (const part of this.#parts) part.dispose();
  }

  async #baseline(path: string): Promise<string> {
    if (!this.#files.get(path)) return textOf(path);
    return (await this.#files.read(path)).baseline ?? "";
  }

  async #unifiedTextOf(path: string, uri: vscode.Uri): Promise<string> {
    const unified = (await this.#readUnified(path)) ?? plain(await textOf(path));
    this.#unified.set(uri.toString(), unified);
    return unified.text;
  }

  /** Texts and hunks come apart from one another: when they are not of the same moment, the next hunks are waited for. */
  async #readUnified(path: string): Promise<UnifiedText | undefined> {
    for (let attempt = 0; attempt < 3; attempt++) {
      if (!this.#files.get(path)) return undefined;
      const { baseline, current } = await this.#files.read(path);
      const hunks = this.#files.get(path)?.hunks ?? [];
      const unified = unifiedText({ baseline: baseline ?? "", current: current ?? "" }, hunks);
      if (unified) return unified;
      await this.#nextChange();
    }
    return undefined;
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        listening.dispose();
        resolve();
      };
      const timer = setTimeout(done, consistencyMs);
      const listening = this.#files.onDidChange(done);
    });
  }

  #refresh(keys: ReadonlySet<string>): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      const own = uri.scheme === baselineScheme || uri.scheme === unifiedScheme;
      if (own && keys.has(pathKey(reviewedPath(uri) ?? ""))) this.#changed.fire(uri);
    }
  }
}

/** As the editor counts: an empty text has one. */
function rowCount({ spans }: UnifiedText): number {
  const last = spans.at(-1);
  return last ? last.first + last.count : 1;
}

function plain(text: string): UnifiedText {
  return unifiedText({ baseline: text, current: text }, []) ?? { text, spans: [], places: [] };
}

/** The file as it is now; empty when it is gone, or no text. */
async function textOf(path: string): Promise<string> {
  try {
    return (await vscode.workspace.openTextDocument(vscode.Uri.file(path))).getText();
  } catch {
    return "";
  }
}
