import { constants } from "node:os";
import type { ProcessExit } from "../../processes.ts";

/** What bubblewrap adds to the number of the signal that ended the command, as shells do. */
const BY_SIGNAL = 128;

/** How the command ended, from how bubblewrap did. A command that exits with such a code by itself counts as ended by the signal, too. */
export function confinedExit(exit: ProcessExit): ProcessExit {
  if (exit.code === null) return exit;
  const number = exit.code - BY_SIGNAL;
  const signal = Object.entries(constants.signals).find(([, value]) => value === number);
  return signal === undefined ? exit : { code: null, signal: signal[0] };
}
