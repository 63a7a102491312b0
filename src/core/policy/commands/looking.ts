import type { CommandLine } from "../../../host/shellSyntax.ts";
import type { Paths } from "../paths.ts";
import { lookOf } from "./readers.ts";

/** Where a command line runs, and what it may look at. */
export interface LookingPlace {
  readonly paths: Paths;
  readonly cwd: string;
  /** Absolute folders: those of the workspace, those that may be read beside it, and the one for temporary files. */
  readonly roots: readonly string[];
}

/**
 * Variables for a command that only looks: by them, configuration of the repository around it runs no monitor, hook, pager or check of signatures, and
 * git fetches nothing. Programs for differences cannot be switched off so: these run in the sandbox.
 */
export const lookingEnvironment: Readonly<Record<string, string>> = {
  GIT_OPTIONAL_LOCKS: "0",
  GIT_NO_LAZY_FETCH: "1",
  GIT_PAGER: "cat",
  GIT_ALLOW_PROTOCOL: "",
  ...gitConfiguration({
    "core.fsmonitor": "false",
    "core.hooksPath": "/dev/null",
    "core.pager": "cat",
    "log.showSignature": "false",
    "gpg.program": "false",
    "gpg.ssh.program": "false",
    "gpg.x509.program": "false",
  }),
};

function gitConfiguration(values: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = Object.entries(values).flatMap(([name, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, name],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: `${pairs.length / 2}`, ...Object.fromEntries(pairs) };
}

/** How many folders a line may change to. Each may fail, so what follows may happen in either of two. */
const MAX_MOVES = 4;

/** What a line looks at: absolute paths, so that one can see where links lead and what is below them. The words are those of `Look`. */
export interface Looked {
  readonly paths: readonly string[];
  readonly whole: readonly string[];
  readonly searched: readonly string[];
}

/**
 * Whether a command line does nothing but look at files below the roots: it is plain, and each of its commands is a known program with known
 * arguments, none of which names a path elsewhere. Links are not followed here, and what a repository's own configuration makes of a program such as
 * git is not known: so this lifts a question and never the sandbox. Run it with `lookingEnvironment`, without writable folders or network.
 */
export function isLooking(line: CommandLine | undefined, place: LookingPlace): boolean {
  return lookedAt(line, place) !== undefined;
}

/** What the line looks at; undefined when it does not only look. */
export function lookedAt(line: CommandLine | undefined, place: LookingPlace): Looked | undefined {
  if (!line?.plain || line.commands.length === 0) return undefined;
  const { paths, roots } = place;
  let folders = [place.cwd];
  const looked = { paths: new Set<string>(), whole: new Set<string>(), searched: new Set<string>() };
  for (const argv of line.commands) {
    const look = lookOf(argv);
    if (look === undefined) return undefined;
    const note = (into: Set<string>, some: readonly string[] = []) => {
      for (const path of some.filter((one) => one !== "-" && one !== "/dev/null"))
        for (const folder of folders) into.add(paths.resolve(folder, path));
    };
    note(looked.paths, [".", ...look.paths]);
    note(looked.whole, look.whole);
    note(looked.searched, look.searched);
    if (look.movesTo !== undefined)
      folders = [...folders, ...folders.map((one) => paths.resolve(one, look.movesTo ?? ""))];
    if (folders.length > 2 ** MAX_MOVES) return undefined;
  }
  const all = { paths: [...looked.paths], whole: [...looked.whole], searched: [...looked.searched] };
  return all.paths.every((path) => roots.some((root) => paths.isInside(root, path))) ? all : undefined;
}
