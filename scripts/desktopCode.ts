import { spawn, spawnSync } from "node:child_process";
import path from "node:path";
import { isProgram } from "./chromium.ts";
import { writeSettings } from "./settings.ts";
import { userEnvironment } from "./userEnvironment.ts";

/** The oldest VS Code that the extension's manifest allows, as major and minor. */
const oldest = [1, 101] as const;

export interface DesktopOptions {
  readonly code: string;
  /** Folder of the extension under development. */
  readonly extension: string;
  readonly workspace: string;
  /** Keeps the user's own settings, extensions and state out of it. */
  readonly dataFolder: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The `code` command of a desktop VS Code that can run the extension; undefined without one, without a display to show it on,
 * or when the command is that of a remote window, which cannot load an extension from a folder.
 */
export function findDesktopCode(env: NodeJS.ProcessEnv): string | undefined {
  if (process.platform === "linux" && !env.DISPLAY && !env.WAYLAND_DISPLAY) return undefined;
  const name = process.platform === "win32" ? "code.cmd" : "code";
  const folders = (env.PATH ?? "")
    .split(path.delimiter)
    .filter((folder) => folder !== "" && !folder.includes("remote-cli"));
  const code = folders.map((folder) => path.join(folder, name)).find(isProgram);
  return code !== undefined && isRecent(code) ? code : undefined;
}

/** Opens the workspace in a window of its own. Resolves with the exit code once the window is closed. */
export async function openDesktop(options: DesktopOptions): Promise<number> {
  await writeSettings(path.join(options.dataFolder, "User", "settings.json"), {});
  const isWindows = process.platform === "win32";
  // There the command is a batch file, which only a shell runs, and a shell takes words apart.
  const args = isWindows ? desktopArguments(options).map((word) => `"${word}"`) : desktopArguments(options);
  return new Promise((resolve, reject) => {
    const env = userEnvironment(options.env);
    const child = spawn(options.code, args, { env, stdio: "inherit", shell: isWindows });
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

export function desktopArguments({ extension, workspace, dataFolder }: DesktopOptions): readonly string[] {
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return [
    ...["--new-window", "--wait", "--disable-workspace-trust", ...asRoot],
    ...[`--user-data-dir=${dataFolder}`, `--extensions-dir=${path.join(dataFolder, "extensions")}`],
    ...[`--extensionDevelopmentPath=${extension}`, workspace],
  ];
}

function isRecent(code: string): boolean {
  const { stdout } = spawnSync(code, ["--version"], { encoding: "utf8", shell: process.platform === "win32" });
  const [major = 0, minor = 0] = (stdout ?? "").split("\n", 1)[0]?.split(".").map(Number) ?? [];
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}
