import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { programFolders } from "../environment.ts";
import type { Environment } from "../platform.ts";
import { isProgram } from "../program.ts";
import { createBubblewrap } from "./bubblewrap.ts";
import { explainFailure } from "./explainFailure.ts";
import { createGuard } from "./guard.ts";
import { judgeLinux, LINUX_SCRIPT } from "./linuxProbe.ts";
import type { Places } from "./lookAround.ts";
import type { OpenGate } from "./networkGate.ts";
import { probe } from "./probe.ts";
import type { Probing } from "./probing.ts";
import { isArchitecture, seccompFilter } from "./seccomp.ts";

export interface LinuxOptions {
  /** Node's name of the processor. */
  readonly architecture: string;
  readonly env: Environment;
  readonly temporary: string;
  readonly places: Places;
  readonly openGate?: OpenGate | undefined;
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** Looks for bubblewrap and tries it. Never rejects. */
export async function probeLinux({
  architecture,
  env,
  temporary,
  places,
  openGate,
  onWarning,
}: LinuxOptions): Promise<Probing> {
  if (!isArchitecture(architecture)) {
    return {
      reason: `There is no filter of system calls for this processor (${architecture}), so commands cannot be confined here.`,
    };
  }
  const program = findBubblewrap(env);
  if (program === undefined) {
    return { reason: "bubblewrap is not installed. Install the package `bubblewrap`, then start Patchwright again." };
  }
  const knows = await knownOptions(program);
  const guard = createGuard({ folder: join(places.storageRoot, "sandbox"), onWarning });
  const confine = createBubblewrap({ program, knows, filter: seccompFilter(architecture), places, guard, openGate });
  const probed = await probe({ temporary, confine, script: LINUX_SCRIPT, judge: judgeLinux });
  if (probed.kind === "confined") return { kind: "bubblewrap", confine, guard };
  if (probed.kind === "untried") return { reason: probed.reason };
  return { reason: explainFailure({ output: probed.output, read }) };
}

/** Only where a person put it: other folders of PATH are filled with what a workspace names. */
function findBubblewrap(env: Environment): string | undefined {
  const folders = programFolders(env.PATH ?? "");
  return folders.map((folder) => join(folder, "bwrap")).find((path) => isProgram(path, { path: undefined, cwd: "/" }));
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
