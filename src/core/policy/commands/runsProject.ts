import { traitsOf } from "./traitsOf.ts";

/**
 * True when the command runs code that lies in the workspace. A rule that let it out of the sandbox would let out whatever a command in the
 * sandbox, or an edit, puts there later.
 */
export function runsProject([program = ""]: readonly string[]): boolean {
  return program.includes("/") || traitsOf(program).project === true;
}
