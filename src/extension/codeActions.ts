import * as vscode from "vscode";
import { fileDiagnostic } from "../host/vscode/diagnostics.ts";
import type { ProblemsArgument, ProblemTask } from "./problemMessage.ts";

export const fixKind = vscode.CodeActionKind.QuickFix.append("patchwright.fix");
export const explainKind = vscode.CodeActionKind.QuickFix.append("patchwright.explain");

/** With more problems than this in a selection, only the first get actions of their own. */
const maxSingle = 4;
const maxTitle = 50;

const kinds: Record<ProblemTask, vscode.CodeActionKind> = { fix: fixKind, explain: explainKind };

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
  const both = (group: readonly vscode.Diagnostic[], named?: string) =>
    (["fix", "explain"] as const).map((task) => createAction(task, { document, diagnostics: group, named }));
  if (diagnostics.length === 1) return both(diagnostics);
  const single = diagnostics.slice(0, maxSingle).flatMap((one) => both([one], shortened(one.message)));
  return [...both(diagnostics), ...single];
}

interface Aim {
  readonly document: vscode.TextDocument;
  readonly diagnostics: readonly vscode.Diagnostic[];
  /** Tells one of several problems from the others. */
  readonly named: string | undefined;
}

function createAction(task: ProblemTask, aim: Aim): vscode.CodeAction {
  const { document, diagnostics } = aim;
  const title = titleOf(task, aim);
  const action = new vscode.CodeAction(title, kinds[task]);
  action.diagnostics = [...diagnostics];
  action.command = { command: `patchwright.${task}`, title, arguments: [problemsIn(document, diagnostics)] };
  return action;
}

function titleOf(task: ProblemTask, { diagnostics: { length: count }, named }: Aim): string {
  const fixes = task === "fix";
  if (named !== undefined) {
    return fixes
      ? vscode.l10n.t("Fix with Patchwright: {problem}", { problem: named })
      : vscode.l10n.t("Explain with Patchwright: {problem}", { problem: named });
  }
  if (count === 1) return fixes ? vscode.l10n.t("Fix with Patchwright") : vscode.l10n.t("Explain with Patchwright");
  return fixes
    ? vscode.l10n.t("Fix {count} problems with Patchwright", { count })
    : vscode.l10n.t("Explain {count} problems with Patchwright", { count });
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
