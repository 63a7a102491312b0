import { execFile } from "node:child_process";
import { devNull } from "node:os";
import { throwIfAborted } from "../../protocol/errors.ts";
import type { Git } from "../git.ts";
import { commandEnvironment, programFolders } from "./environment.ts";
import type { Environment, OperatingSystem } from "./platform.ts";

/** More output than this counts as "too many to know", in bytes. */
const MAX_OUTPUT = 4 * 1024 * 1024;

const STATUS =
  "--no-optional-locks status --porcelain=v1 -z --no-renames --ignore-submodules=all --untracked-files=normal".split(
    " ",
  );

export interface GitOptions {
  readonly os: OperatingSystem;
  readonly env: Environment;
  readonly home: string;
}

/** git as a short-lived child process, with everything switched off by which a repository could make it run a program. */
export function createGit(options: GitOptions): Git {
  const run = runner(options);
  return {
    async changedFiles(folder, signal) {
      const names = await run(folder, { args: ["config", "-z", "--name-only", "--get-regexp", "^filter\\."], signal });
      // Nothing found is a failure too, with its own exit code.
      const filters = new Set(pieces(names ?? "").map((name) => name.slice(0, name.lastIndexOf("."))));
      const listed = await run(folder, { args: STATUS, signal, config: harmless(filters) });
      return listed === undefined ? undefined : pieces(listed).length;
    },
  };
}

/** The configuration that wins over the repository's own. */
function harmless(filters: ReadonlySet<string>): [string, string][] {
  const off: [string, string][] = [
    ["core.fsmonitor", "false"],
    ["core.hooksPath", devNull],
  ];
  for (const filter of filters) {
    off.push(
      [`${filter}.clean`, ""],
      [`${filter}.smudge`, ""],
      [`${filter}.process`, ""],
      [`${filter}.required`, "false"],
    );
  }
  return off;
}

interface GitRun {
  readonly args: readonly string[];
  readonly config?: readonly (readonly [string, string])[] | undefined;
  readonly signal: AbortSignal;
}

/** What git printed; undefined when it failed. Rejects with `aborted` only. */
function runner({ os, env: own, home }: GitOptions): (folder: string, run: GitRun) => Promise<string | undefined> {
  return async (folder, { args, config = [], signal }) => {
    const extra = { GIT_OPTIONAL_LOCKS: "0", GIT_NO_LAZY_FETCH: "1", ...configVariables(config) };
    const env = commandEnvironment({ own, os, terminal: "none", extra });
    if (os !== "windows") env.PATH = programFolders(env.PATH ?? "", folder).join(":");
    // Not started inside the folder, where Windows would look for git.exe first.
    const options = {
      cwd: home,
      env,
      signal,
      maxBuffer: MAX_OUTPUT,
      killSignal: "SIGKILL",
      windowsHide: true,
    } as const;
    const output = await new Promise<string | undefined>((resolve) => {
      const child = execFile("git", ["-C", folder, ...args], options, (error, stdout) =>
        resolve(error ? undefined : stdout),
      );
      child.stdin?.end();
    }).catch(() => undefined);
    throwIfAborted(signal);
    return output;
  };
}

/** As variables, since a name with a "=" in it would not survive an argument. */
function configVariables(config: readonly (readonly [string, string])[]): Environment {
  const pairs = config.flatMap(([name, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, name],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: `${config.length}`, ...Object.fromEntries(pairs) };
}

function pieces(output: string): string[] {
  return output.split("\0").filter((piece) => piece !== "");
}
