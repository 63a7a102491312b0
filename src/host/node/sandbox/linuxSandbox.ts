import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { programFolders } from "../environment.ts";
import type { Environment } from "../platform.ts";
import { isProgram } from "../program.ts";
import { createBubblewrap } from "./bubblewrap.ts";
import type { ConfiningSandbox } from "./confine.ts";
import { explainFailure } from "./explainFailure.ts";
import { createGuard, type Guard } from "./guard.ts";
import { stampOf } from "./leftBehind.ts";
import { judgeLinux, LINUX_SCRIPT } from "./linuxProbe.ts";
import { type Places, realOrUndefined } from "./lookAround.ts";
import type { OpenGate } from "./networkGate.ts";
import { probe, TOO_LATE } from "./probe.ts";
import { type Probing, probedSandbox } from "./probing.ts";
import { isArchitecture, seccompFilter } from "./seccomp.ts";

export interface LinuxOptions {
  /** Node's name of the processor. */
  readonly architecture: string;
  readonly env: Environment;
  readonly temporary: string;
  readonly places: Places;
  /** As `SandboxOptions.bubblewrapFolders`. */
  readonly bubblewrapFolders?: readonly string[] | undefined;
  readonly openGate?: OpenGate | undefined;
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** The sandbox of Linux. Whatever is tried, what is known of the commands that run stays. */
export function linuxSandbox(options: LinuxOptions): ConfiningSandbox {
  const folder = join(options.places.storageRoot, "sandbox");
  let guard: Guard | undefined;
  return probedSandbox(() => {
    guard ??= createGuard({ folder, onWarning: options.onWarning });
    return probeLinux(options, guard);
  });
}

const NOT_INSTALLED =
  "bubblewrap is not installed. Install it (on Debian and Ubuntu: apt install bubblewrap): commands are confined from the next message on.";

/** Looks for bubblewrap and tries it. Never rejects. */
async function probeLinux(options: LinuxOptions, guard: Guard): Promise<Probing> {
  const { architecture, env, temporary, places, openGate } = options;
  if (!isArchitecture(architecture)) {
    return {
      reason: `There is no filter of system calls for this processor (${architecture}), so commands cannot be confined here.`,
    };
  }
  const find = () => findBubblewrap(options.bubblewrapFolders ?? programFolders(env.PATH ?? ""));
  const program = find();
  if (program === undefined) return { reason: NOT_INSTALLED, isCurrent: () => find() === undefined };
  const stamp = programStamp(program);
  const isCurrent = () => programStamp(program) === stamp;
  const knows = await knownOptions(program);
  const confine = createBubblewrap({ program, knows, filter: seccompFilter(architecture), places, guard, openGate });
  const probed = await probe({ temporary, confine, script: LINUX_SCRIPT, judge: judgeLinux });
  if (probed.kind === "confined") return { kind: "bubblewrap", confine, guard, isCurrent };
  if (probed.kind === "untried") return { reason: probed.reason, isCurrent };
  if (probed.kind === "late") return { ...TOO_LATE, isCurrent };
  return { reason: explainFailure({ output: probed.output, read }), isCurrent };
}

/** Only where a person put it: other folders of PATH are filled with what a workspace names. */
function findBubblewrap(folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, "bwrap")).find((path) => isProgram(path, { path: undefined, cwd: "/" }));
}

/** Another one when another program is there, or the same was changed, or may not be run any more. */
function programStamp(program: string): string {
  const real = realOrUndefined(program);
  return real === undefined ? "" : `${real}:${stampOf(real)}`;
}

async function knownOptions(program: string): Promise<ReadonlySet<string>> {
  const { stdout } = await promisify(execFile)(program, ["--help"], { env: {} }).catch(() => ({ stdout: "" }));
  return new Set(stdout.match(/--[a-z][a-z-]+/g));
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
