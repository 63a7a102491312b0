import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

/** User settings for the sample and the tests: quiet, and without a question to the outside. */
const quietSettings: Readonly<Record<string, unknown>> = {
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.ignoreRecommendations": true,
  "workbench.enableExperiments": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "git.openRepositoryInParentFolders": "never",
  "git.autofetch": false,
  "typescript.disableAutomaticTypeAcquisition": true,
};

/**
 * Writes a user's settings file: the quiet ones, over them what the file has already, over that the given ones. A file that cannot be
 * read as JSON, because a person wrote comments into it, is left as it is.
 */
export async function writeSettings(file: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
  const kept = parse(await readFile(file, "utf8").catch(() => "{}"));
  if (kept === undefined) return;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify({ ...quietSettings, ...kept, ...settings }, undefined, 2)}\n`);
}

function parse(text: string): object | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
