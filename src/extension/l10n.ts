import type * as vscode from "vscode";

/**
 * VS Code's `vscode.l10n`, handed to the modules that do without `vscode`. What the user sees is said by `l10n.t("…", { named: values })`: a whole
 * sentence a call, and where it counts, one for one and one for more. `l10n/bundle.l10n.json` lists all of them for translators.
 */
export type L10n = Pick<typeof vscode.l10n, "t">;
