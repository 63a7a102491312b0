import { randomUUID } from "node:crypto";
import type { ProcessExit } from "../../processes.ts";
import type { ConfinedCommand, ConfiningSandbox } from "./confine.ts";
import { confinedExit } from "./confinedExit.ts";
import { startConfined } from "./startConfined.ts";

/** Runs a confined command with the standard streams of this process. Resolves when it has ended. Rejects as `confine` does. */
export async function runInForeground(
  sandbox: ConfiningSandbox,
  command: Omit<ConfinedCommand, "marker">,
): Promise<ProcessExit> {
  const confined = await sandbox.confine({ ...command, marker: `PATCHWRIGHT_COMMAND_ID=${randomUUID()}` });
  try {
    const child = await startConfined(confined, { stdio: ["inherit", "inherit", "inherit"], cwd: command.cwd });
    const exit = await new Promise<ProcessExit>((resolve) => {
      child.once("exit", (code, signal) => resolve({ code, signal }));
    });
    return { ...confinedExit(exit), quarantined: await confined.ended() };
  } catch (error) {
    await confined.ended();
    throw error;
  }
}
