import { spawnSync } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { findChromium, isProgram } from "./chromium.ts";
import { main, ScriptError } from "./scriptError.ts";

/** What is known of the machine where something is missing. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly isRoot: boolean;
  /** Whether a program is on the PATH. */
  has(program: string): boolean;
}

/** How each package manager is asked to install, the first that is there. */
const managers = [
  { program: "apt-get", command: "apt-get update && apt-get install --yes --no-install-recommends" },
  { program: "dnf", command: "dnf install --assumeyes" },
  { program: "pacman", command: "pacman -Sy --noconfirm" },
];

/** Programs that tests of the sandbox and of crashes need, and the packages they come in. */
const tools = new Map([
  ["bwrap", "bubblewrap"],
  ["strace", "strace"],
  ["python3", "python3"],
]);

/** Makes sure that a browser and these programs are there. As root on Debian it installs them; otherwise it says how and fails. */
export async function requireSystemPackages(): Promise<void> {
  const missing = missingPackages();
  if (missing.length === 0) return;
  const machine: Machine = { platform: process.platform, isRoot: process.getuid?.() === 0, has: isOnPath };
  const command = installCommand(missing, machine);
  if (command === undefined || !machine.isRoot || !machine.has("apt-get"))
    throw new ScriptError(howTo(missing, command));
  console.log(`Installing with apt-get: ${missing.join(", ")}`);
  // Debian has it without its windows, too, in which pages open several times as fast; Ubuntu does not.
  const light = missing.map((name) => (name === "chromium" ? "chromium-headless-shell" : name));
  const tries = [installCommand(light, machine) ?? command, command].map(runAsRoot);
  const left = missingPackages();
  if (left.length > 0) throw new ScriptError(`${tries.join("")}\n${howTo(left, command)}`);
}

/** What the command printed when it failed; nothing when all that it is for is there by now. */
function runAsRoot(command: string): string {
  if (missingPackages().length === 0) return "";
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { status, stdout, stderr } = spawnSync("sh", ["-c", command], { env, encoding: "utf8", maxBuffer: 1e8 });
  return status === 0 ? "" : `"${command}" failed:\n${stdout}${stderr}`;
}

/** The command that installs packages on a machine, for a person to run; undefined where no known package manager is. */
export function installCommand(packages: readonly string[], { platform, isRoot, has }: Machine): string | undefined {
  const names = packages.join(" ");
  if (platform === "darwin") return "brew install --cask chromium";
  if (platform === "win32") return "winget install Google.Chrome";
  const manager = managers.find(({ program }) => has(program));
  if (manager === undefined) return undefined;
  const elevated = isRoot ? manager.command : manager.command.replaceAll(/(^|&& )/g, "$1sudo ");
  return `${elevated} ${names}`;
}

function howTo(packages: readonly string[], command: string | undefined): string {
  const what =
    command === undefined ? "Install them, then try again." : `Run this, then try again:\n\n    ${command}\n`;
  const browser = packages.includes("chromium")
    ? "\nA Chromium or Chrome elsewhere is taken from the variable CHROMIUM."
    : "";
  return `Missing on this machine: ${packages.join(", ")}. ${what}${browser}`;
}

function missingPackages(): readonly string[] {
  const browser = findChromium() === undefined ? ["chromium"] : [];
  if (process.platform !== "linux") return browser;
  return [...browser, ...[...tools].flatMap(([program, name]) => (isOnPath(program) ? [] : [name]))];
}

export function isOnPath(program: string): boolean {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  return folders.some((folder) => isProgram(path.join(folder, program)));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main(requireSystemPackages);
