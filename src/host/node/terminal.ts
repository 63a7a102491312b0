import { AgentError } from "../../protocol/errors.ts";
import type { OperatingSystem } from "./platform.ts";

/** How a command is started: what is run, and the variables that this way needs. */
export interface Launch {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
}

/** The size that programs see, in characters. */
const ROWS = 24;
const COLUMNS = 120;

/**
 * The command inside a terminal of its own, made by the `script` program that Linux and macOS come with. The command's words never become part
 * of shell text: util-linux, which takes only a shell line, gets one that names variables, and the words stand in those.
 */
export function terminalLaunch(
  os: OperatingSystem,
  argv: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
): Launch {
  if (os === "windows") {
    throw new AgentError("unsupported", "There are no terminals for commands on Windows. Run it without one.");
  }
  // The system's own, whatever the workspace has put on PATH.
  const setUp = `PATH=/usr/bin:/bin stty rows ${ROWS} cols ${COLUMNS}`;
  if (os === "macos") {
    return { argv: ["script", "-q", "/dev/null", "/bin/sh", "-c", `${setUp}; exec "$@"`, "sh", ...argv], env };
  }
  const names = argv.map((_, index) => `PATCHWRIGHT_WORD_${index}`);
  const line = [
    setUp,
    `set -- ${names.map((name) => `"$${name}"`).join(" ")}`,
    env.SHELL === undefined ? "unset SHELL" : 'SHELL="$PATCHWRIGHT_SHELL"',
    `unset PATCHWRIGHT_SHELL ${names.join(" ")}`,
    'exec "$@"',
  ].join("; ");
  const words = Object.fromEntries(argv.map((word, index) => [`PATCHWRIGHT_WORD_${index}`, word]));
  // `script` runs its line with $SHELL, which may be one that reads another language.
  const shell: Record<string, string> = env.SHELL === undefined ? {} : { PATCHWRIGHT_SHELL: env.SHELL };
  return {
    argv: ["script", "--quiet", "--return", "--flush", "--command", line, "/dev/null"],
    env: { ...env, ...shell, ...words, SHELL: "/bin/sh" },
  };
}
