import * as vscode from "vscode";
import { problemsIn } from "./codeActions.ts";
import { notices } from "./notices.ts";
import type { Panel } from "./panel.ts";
import {
  linesFor,
  type ProblemsArgument,
  type ProblemTask,
  problemMessage,
  problemsArgument,
  type Surroundings,
} from "./problemMessage.ts";

export interface ProblemsOptions {
  readonly panel: Panel;
  /** Asks for the key where none is set; false when there is none afterwards. */
  ensureKey(): Promise<boolean>;
}

/**
 * Starts a thread about problems and shows it. `argument` comes from a code action, a key binding or a link, so it may be anything;
 * without one the problems at the cursor are meant, else all of the active file.
 */
export async function startProblemThread(
  task: ProblemTask,
  argument: unknown,
  { panel, ensureKey }: ProblemsOptions,
): Promise<void> {
  const given = problemsArgument.safeParse(argument);
  const aim = given.success ? given.data : problemsAtCursor();
  if (!aim) {
    notices.inform(vscode.l10n.t("The editor reports no problems here."));
    return;
  }
  if (task === "fix" && !vscode.workspace.isTrusted) return askForTrust();
  if (!(await ensureKey())) return;
  const input = problemMessage(task, { problems: aim.problems, code: await surroundings(aim) }, vscode.l10n);
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(aim.path));
  await panel.reveal();
  panel.notify("editor/startThread", { cwd: folder?.uri.fsPath ?? null, input });
}

async function askForTrust(): Promise<void> {
  const manage = vscode.l10n.t("Manage Workspace Trust");
  const message = vscode.l10n.t(
    "In Restricted Mode Patchwright changes no files. Trust this workspace to have problems fixed.",
  );
  if (await notices.offers(message, manage)) {
    await vscode.commands.executeCommand("workbench.trust.manage");
  }
}

/** Problems of the active file: those that the selection touches, else all. */
function problemsAtCursor(): ProblemsArgument | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.uri.scheme !== "file") return undefined;
  const all = vscode.languages.getDiagnostics(editor.document.uri);
  const here = all.filter(({ range }) => range.intersection(editor.selection) !== undefined);
  const meant = here.length > 0 ? here : all;
  return meant.length > 0 ? problemsIn(editor.document, meant) : undefined;
}

async function surroundings({ path, problems }: ProblemsArgument): Promise<Surroundings> {
  const uri = vscode.Uri.file(path);
  const document = await vscode.workspace.openTextDocument(uri);
  const { from, to } = linesFor(problems, document.lineCount);
  const lines: string[] = [];
  for (let line = from; line <= to; line++) lines.push(document.lineAt(line - 1).text);
  if (lines.length > 1 && lines.at(-1) === "") lines.pop();
  const shownPath = vscode.workspace.asRelativePath(uri).replaceAll("\\", "/");
  return { shownPath, language: document.languageId, firstLine: from, lines };
}

/** Keeps the context key that shows the commands for problems in the palette. */
export function watchProblems(): vscode.Disposable {
  const update = () => {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const found = uri?.scheme === "file" && vscode.languages.getDiagnostics(uri).length > 0;
    void vscode.commands.executeCommand("setContext", "patchwright.hasProblems", found);
  };
  update();
  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.languages.onDidChangeDiagnostics(update),
  );
}
