import { constants, homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { pathsOf } from "../core/policy/paths.ts";
import { OUTPUT_FOLDER } from "../core/tools/outputLog.ts";
import { commandEnvironment } from "../host/node/environment.ts";
import { openGate } from "../host/node/network/openGate.ts";
import { operatingSystem } from "../host/node/platform.ts";
import { type Lookup, requireFolder, requireProgram } from "../host/node/program.ts";
import { createCaches } from "../host/node/sandbox/caches.ts";
import { runInForeground } from "../host/node/sandbox/runInForeground.ts";
import { createSandbox } from "../host/node/sandbox/sandbox.ts";
import { AgentError } from "../protocol/errors.ts";
import { say } from "./log.ts";
import { fail } from "./outcome.ts";
import { storeOf } from "./rules.ts";
import { parseSandboxArgs, type SandboxArgs, sandboxUsage } from "./sandboxArgs.ts";
import { sandboxConfinement } from "./sandboxConfinement.ts";
import { type LocalSettings, readSettings } from "./settings.ts";

/** Exit codes of shells: for a program that is not there, and for one that cannot be run. */
const NOT_FOUND = 127;
const NOT_RUN = 126;

/** Runs one command in the sandbox; resolves with its exit code. */
export async function runSandbox(args: readonly string[]): Promise<number> {
  const parsed = parseSandboxArgs(args);
  if (parsed.argv === undefined) {
    process.stdout.write(`${sandboxUsage}\n`);
    return 0;
  }
  const settings = await readSettings({ environment: process.env, userHome: homedir(), overrides: [], attended: true });
  for (const warning of settings.warnings) say(warning);
  return runConfined(parsed, parsed.argv, settings);
}

async function runConfined(
  args: SandboxArgs,
  argv: NonNullable<SandboxArgs["argv"]>,
  settings: LocalSettings,
): Promise<number> {
  const os = operatingSystem(process.platform);
  const { env } = process;
  const home = homedir();
  const temporary = tmpdir();
  const places = { home, storageRoot: settings.home, temporary };
  const caches = createCaches({ os, ...places });
  const options = { os, architecture: process.arch, env, ...places, openGate, onWarning: say };
  const sandbox = caches.given(createSandbox(options));
  const state = await sandbox.ready;
  if (state.kind === "none") return fail(state.reason);
  const cwd = resolve(args.cd ?? ".");
  const confinement = sandboxConfinement(args, settings.agent, {
    cwd,
    addedFolders: args.addDirs.map((folder) => resolve(folder)),
    home,
    folders: {
      temporary,
      sharedTemporary: os === "windows" ? undefined : "/tmp",
      outputs: join(settings.home, OUTPUT_FOLDER),
    },
    paths: pathsOf({ os }),
    rules: () => storeOf(settings.home).held(),
    say,
  });
  const passed = settings.commandEnvironment;
  const variables = commandEnvironment({ own: env, os, terminal: "none", passed, extra: { TERM: env.TERM } });
  try {
    await requireFolder(cwd);
    const refused = whyNotRun(argv[0], { path: variables.PATH, cwd });
    if (refused) return fail(refused.message, refused.code === "notFound" ? NOT_FOUND : NOT_RUN);
    const command = { argv, cwd, env: variables, confinement };
    const { code, signal, quarantined = [] } = await runInForeground(sandbox, command);
    for (const folder of sandbox.unguardedIn(confinement.writableRoots))
      say(`${folder} has more folders than are looked at: what programs obey deep in it was not guarded.`);
    for (const { path, movedTo } of quarantined)
      say(`Moved away, since programs would obey it: ${path} is now ${movedTo}.`);
    return code ?? 128 + (constants.signals[signal as NodeJS.Signals] ?? 0);
  } catch (error) {
    if (error instanceof AgentError) return fail(error.message);
    throw error;
  } finally {
    await caches.dispose();
  }
}

/** Why there is nothing to run by this name, or path; undefined when there is. */
function whyNotRun(program: string, lookup: Lookup): AgentError | undefined {
  try {
    requireProgram(program, lookup);
    return undefined;
  } catch (error) {
    if (error instanceof AgentError) return error;
    throw error;
  }
}
