import type { Platform } from "../host.ts";

export type OperatingSystem = Platform["os"];
/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>> & { readonly SHELL?: string | undefined };

/** The operating system under its own name; anything that is neither Windows nor macOS behaves like Linux here. */
export function operatingSystem(nodePlatform: string): OperatingSystem {
  if (nodePlatform === "win32") return "windows";
  return nodePlatform === "darwin" ? "macos" : "linux";
}

const POSIX_SHELLS = new Set(["bash", "zsh", "sh", "dash", "ksh"]);

/**
 * The shell for the model's commands. The user's own is taken only when it reads POSIX syntax, since that is what models write.
 * `exists` says whether an absolute path is there, or whether a bare name is on PATH.
 */
export function chooseShell(os: OperatingSystem, env: Environment, exists: (program: string) => boolean): string {
  if (os === "windows") return ["pwsh.exe", "powershell.exe"].find(exists) ?? variable(env, "COMSPEC") ?? "cmd.exe";
  const own = env.SHELL;
  if (own?.startsWith("/") && POSIX_SHELLS.has(own.slice(own.lastIndexOf("/") + 1)) && exists(own)) return own;
  const usual = os === "macos" ? ["/bin/zsh", "/bin/bash"] : ["/bin/bash", "/usr/bin/bash"];
  return usual.find(exists) ?? "/bin/sh";
}

/** The same string for two spellings of one path, where the file system sees no difference. For comparing only, never for opening. */
export function pathKey(os: OperatingSystem, path: string): string {
  if (os === "linux") return path;
  const folded = path.normalize("NFC").toLowerCase();
  return os === "windows" ? folded.replaceAll("/", "\\") : folded;
}

/** The path with its drive letter in upper case: editors and shells disagree about it. */
export function normalizeDrive(os: OperatingSystem, path: string): string {
  if (os !== "windows" || !/^[a-z]:/.test(path)) return path;
  return path.charAt(0).toUpperCase() + path.slice(1);
}

/** Ends a process with all its descendants on Windows, where processes have no groups. */
export function taskkillArgv(pid: number): [string, ...string[]] {
  return ["taskkill.exe", "/PID", String(pid), "/T", "/F"];
}

/** A variable of an environment whose names may differ in case, as on Windows. */
function variable(env: Environment, name: string): string | undefined {
  const key = Object.keys(env).find((candidate) => candidate.toUpperCase() === name);
  return key === undefined ? undefined : env[key];
}
