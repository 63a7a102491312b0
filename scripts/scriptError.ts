/** A fault that whoever ran the script can mend: its message is all they need to see, without a stack. */
export class ScriptError extends Error {
  override readonly name = "ScriptError";
}

/** Runs a script's body; a ScriptError is printed as its message, anything else with its stack, and both exit with 1. */
export async function main(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    console.error(error instanceof ScriptError ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
