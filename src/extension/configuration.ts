import * as vscode from "vscode";
import { parseSettings, type Settings } from "./settings.ts";

/** The settings as they are now. Those that matter for safety have the scope "application" in the manifest, so no workspace can set them. */
export function readSettings(): Settings {
  const configuration = vscode.workspace.getConfiguration("patchwright");
  return parseSettings((name) => configuration.get(name));
}
