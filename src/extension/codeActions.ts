import * as vscode from "vscode";
import { fileDiagnostic } from "../host/vscode/diagnostics.ts";
import type { ProblemsArgument, ProblemTask } from "./problemMessage.ts";

export const fixKind = vscode.CodeActionKind.QuickFix.append("patchwright.fix");
export const explainKind = vscode.CodeActionKind.QuickFix.append("patchwright.explain");

/** With more problems than this in a selection, only the first get actions of their own. */
const maxSingle = 4;
const maxTitle = 50;

const words: Record<ProblemTask, { kind: vscode.CodeActionKind; verb: string }> = {
  fix: { kind: fixKind, verb: "Fix" },
  explain: { kind: explainKind, verb: "Explain" },
};

/** Offers to fix or explain problems, where there are any. `enabled` is read each time. */
export function registerCodeActions(enabled: () => boolean): vscode.Disposable {
  const provider: vscode.CodeActionProvider = {
    provideCodeActions: (document, _range, { diagnostics }) => (enabled() ? actionsFor(document, diagnostics) : []),
  };
  return vscode.languages.registerCodeActionsProvider({ scheme: "file" }, provider, {
    providedCodeActionKinds: [fixKind, explainKind],
  });
}

/** For one problem an action of each kind; for several an action of each kind for all of them, then for each of the first few. */
function actionsFor(document: vscode.TextDocument, diagnostics: readonly vscode.Diagnostic[]): vscode.CodeAction[] {
  if (diagnostics.length === 0) return [];
  const both = (group: readonly vscode.Diagnostic[], suffix = "") =>
    (["fix", "explain"] as const).map((task) => createAction(task, { document, diagnostics: group, suffix }));
  if (diagnostics.length === 1) return both(diagnostics);
  const single = diagnostics.slice(0, maxSingle).flatMap((one) => both([one], `: ${shortened(one.message)}`));
  return [...both(diagnostics), ...single];
}

interface Aim {
  readonly document: vscode.TextDocument;
  readonly diagnostics: readonly vscode.Diagnostic[];
  /** Tells one of several problems from the others. */
  readonly suffix: string;
}

function createAction(task: ProblemTask, { document, diagnostics, suffix }: Aim): vscode.CodeAction {
  const { kind, verb } = words[task];
  const what = diagnostics.length > 1 ? ` ${diagnostics.length} problems` : "";
  const title = `${verb}${what} with Patchwright${suffix}`;
  const action = new vscode.CodeAction(title, kind);
  action.diagnostics = [...diagnostics];
  action.command = { command: `patchwright.${task}`, title, arguments: [problemsIn(document, diagnostics)] };
  return action;
}

function shortened(message: string): string {
  const line = message.split("\n")[0] ?? "";
  return line.length > maxTitle ? `${line.slice(0, maxTitle - 1)}…` : line;
}

/** The command's argument for these problems of a document. */
export function problemsIn(document: vscode.TextDocument, diagnostics: readonly vscode.Diagnostic[]): ProblemsArgument {
  const path = document.uri.fsPath;
  const problems = diagnostics.map((diagnostic) => {
    const { path: _path, ...problem } = fileDiagnostic(path, diagnostic);
    return problem;
  });
  return { path, problems };
}
