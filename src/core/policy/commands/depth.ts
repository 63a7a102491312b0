import type { Look } from "./look.ts";
import type { Parsed } from "./options.ts";

type Depth = Pick<Look, "whole" | "searched">;

const GREP_GOES_DOWN = new Set(["-r", "-R", "--recursive", "--dereference-recursive"]);
/** With these ripgrep names files and reads none, or reads also what is hidden, ignored, or elsewhere behind a link. */
const RIPGREP_LISTS = new Set(["--files", "--type-list"]);
const RIPGREP_SHOWS_MORE = new Set(
  `-. -L -u --follow --hidden --ignore-file --no-ignore --no-ignore-parent --no-ignore-vcs --unrestricted`.split(" "),
);
const DIFF_ONLY_TELLS = new Set(["-q", "--brief"]);
/** What only leaves out, or names files of programs: any other pattern brings files back that are ignored. */
const HARMLESS_GLOB =
  /^(!.*|(.*\/)?\*\.(c|cc|cpp|cs|css|dart|go|h|hpp|html|java|js|jsx|kt|lua|md|mjs|cjs|php|py|rb|rs|scss|sql|swift|ts|tsx|vue))$/s;

const depths: Readonly<Record<string, (parsed: Parsed) => Depth>> = {
  grep: grepDepth,
  egrep: grepDepth,
  fgrep: grepDepth,
  rg: ripgrepDepth,
  diff: ({ flags, paths }) => (flags.some((flag) => DIFF_ONLY_TELLS.has(flag)) ? {} : { whole: paths }),
};

/** How far below the folders that it names a program reads what is in files. */
export function depthOf(program: string, parsed: Parsed): Depth {
  return Object.hasOwn(depths, program) ? (depths[program]?.(parsed) ?? {}) : {};
}

function grepDepth({ flags, paths }: Parsed): Depth {
  return flags.some((flag) => GREP_GOES_DOWN.has(flag)) ? { whole: orHere(paths) } : {};
}

function ripgrepDepth({ flags, paths, texts }: Parsed): Depth {
  if (flags.some((flag) => RIPGREP_LISTS.has(flag))) return {};
  const globs = texts.filter(({ flag }) => /^(-g|--i?glob)$/.test(flag));
  const showsMore =
    flags.some((flag) => RIPGREP_SHOWS_MORE.has(flag)) || !globs.every(({ value }) => HARMLESS_GLOB.test(value));
  return showsMore ? { whole: orHere(paths) } : { searched: orHere(paths) };
}

function orHere(paths: readonly string[]): readonly string[] {
  return paths.length === 0 ? ["."] : paths;
}
