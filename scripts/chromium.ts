import { accessSync, constants } from "node:fs";
import path from "node:path";

/** The names under which distributions and vendors install it: the one without windows of its own first, which starts pages fastest. */
const programs = [
  "chromium-headless-shell",
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
];

const macApplications = [
  "Google Chrome.app/Contents/MacOS/Google Chrome",
  "Chromium.app/Contents/MacOS/Chromium",
  "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
];

const windowsPrograms = ["Google\\Chrome\\Application\\chrome.exe", "Microsoft\\Edge\\Application\\msedge.exe"];

/** Where a Chromium may be, best first. `CHROMIUM` is taken at its word: with it nothing else is looked at. */
export function chromiumCandidates(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): readonly string[] {
  if (env.CHROMIUM) return [env.CHROMIUM];
  if (platform === "win32") {
    const roots = [env.ProgramFiles, env["ProgramFiles(x86)"], env.LOCALAPPDATA].filter((root) => root !== undefined);
    return windowsPrograms.flatMap((program) => roots.map((root) => path.win32.join(root, program)));
  }
  const onPath = (env.PATH ?? "").split(":").filter((folder) => folder !== "");
  const folders = [...new Set([...onPath, "/usr/bin", "/usr/local/bin", "/snap/bin"])];
  const plain = programs.flatMap((program) => folders.map((folder) => path.posix.join(folder, program)));
  if (platform !== "darwin") return plain;
  const roots = ["/Applications", path.posix.join(env.HOME ?? "/", "Applications")];
  return [...macApplications.flatMap((app) => roots.map((root) => path.posix.join(root, app))), ...plain];
}

/** The first candidate that can be run; undefined when there is none. */
export function findChromium(): string | undefined {
  return chromiumCandidates(process.platform, process.env).find(isProgram);
}

export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
