import { constants, homedir, tmpdir } from "node:os";
import { resolve } from "node:path";
import process from "node:process";
import { isProtected, protectedNamePatterns } from "../core/policy/protectedPaths.ts";
import { commandEnvironment } from "../host/node/environment.ts";
import { operatingSystem } from "../host/node/platform.ts";
import { requireFolder } from "../host/node/program.ts";
import { createCaches } from "../host/node/sandbox/caches.ts";
import { runInForeground } from "../host/node/sandbox/runInForeground.ts";
import { createSandbox } from "../host/node/sandbox/sandbox.ts";
import type { Confinement } from "../host/sandbox.ts";
import { AgentError } from "../protocol/errors.ts";
import { say } from "./log.ts";
import { parseSandboxArgs, type SandboxArgs, sandboxUsage } from "./sandboxArgs.ts";
import { homeOf } from "./settings.ts";

/** Runs one command in the sandbox; resolves with its exit code. */
export async function runSandbox(args: readonly string[]): Promise<number> {
  const parsed = parseSandboxArgs(args);
  if (parsed.argv === undefined) {
    process.stdout.write(`${sandboxUsage}\n`);
    return 0;
  }
  const os = operatingSystem(process.platform);
  const { env } = process;
  const home = homedir();
  const places = { home, storageRoot: homeOf(env, home), temporary: tmpdir() };
  const caches = createCaches({ os, ...places });
  const sandbox = caches.given(createSandbox({ os, architecture: process.arch, env, ...places, onWarning: say }));
  const state = await sandbox.ready;
  if (state.kind === "none") return fail(state.reason);
  const cwd = resolve(parsed.cd ?? ".");
  const variables = commandEnvironment({ own: env, os, terminal: "none", extra: { TERM: env.TERM } });
  try {
    await requireFolder(cwd);
    const command = { argv: parsed.argv, cwd, env: variables, confinement: confinementFor(parsed, cwd) };
    const { code, signal, quarantined = [] } = await runInForeground(sandbox, command);
    for (const folder of sandbox.unguardedIn(command.confinement.writableRoots))
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

function confinementFor({ mode, addDirs, network }: SandboxArgs, cwd: string): Confinement {
  const folders = [cwd, ...addDirs.map((folder) => resolve(folder)), tmpdir(), "/tmp"];
  return {
    writableRoots: mode === "read-only" ? [] : [...new Set(folders)],
    readableRoots: [],
    isProtected,
    protectedNames: protectedNamePatterns,
    network,
  };
}

function fail(sentence: string): number {
  say(sentence);
  return 1;
}
