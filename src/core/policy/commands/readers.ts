import { depthOf } from "./depth.ts";
import { readFind } from "./find.ts";
import { readGit } from "./git.ts";
import type { Look } from "./look.ts";
import { parseArguments } from "./options.ts";
import { programs } from "./programs.ts";

type Reader = (args: readonly string[]) => Look | undefined;

const nothing: Look = { paths: [] };

/** Programs that tell their version and do nothing else, whatever the folder says that they run in. */
const VERSIONED = new Set("bash clang cmake gcc java jq make node npm perl python python3 rg ruby".split(" "));
/** Of these, what says the same by a letter. */
const VERSIONED_BRIEFLY = new Set(["node -v", "npm -v", "python -V", "python3 -V"]);

/** Programs whose arguments are a language of their own. */
const special: Readonly<Record<string, Reader>> = {
  cd: readCd,
  command: ([flag, ...names]) =>
    flag === "-v" && names.length > 0 && names.every(isName) ? { paths: names } : undefined,
  date: readDate,
  echo: () => nothing,
  find: readFind,
  git: readGit,
  jq: readJq,
  npm: readNpm,
  printf: readPrintf,
  ps: ([flags, ...rest]) => (rest.length === 0 && /^(aux|-e|-f|-ef|-A)?$/.test(flags ?? "") ? nothing : undefined),
  sed: readSed,
  test: ([flag, path, ...rest]) =>
    /^-[defhLrswx]$/.test(flag ?? "") && path && rest.length === 0 ? { paths: [path] } : undefined,
};

/** What a command looks at; undefined unless looking is all that it does. A program that is named by a path is none that is known. */
export function lookOf([program = "", ...args]: readonly string[]): Look | undefined {
  if (VERSIONED.has(program) && args.length === 1 && args[0] === "--version") return nothing;
  if (VERSIONED_BRIEFLY.has(`${program} ${args.join(" ")}`)) return nothing;
  if (Object.hasOwn(special, program)) return special[program]?.(args);
  const grammar = Object.hasOwn(programs, program) ? programs[program] : undefined;
  const parsed = grammar && parseArguments(args, grammar);
  return parsed && { paths: parsed.paths, ...depthOf(program, parsed) };
}

function isName(word: string): boolean {
  return /^[\w.+-]+$/.test(word) && !word.startsWith("-");
}

/** A word that begins with a sign is a place in the list of earlier folders to some shells. */
function readCd(args: readonly string[]): Look | undefined {
  const [folder, ...rest] = args[0] === "--" ? args.slice(1) : args;
  return folder && rest.length === 0 && !/^[-+]/.test(folder) ? { paths: [folder], movesTo: folder } : undefined;
}

/** Without a "+", an operand sets the clock. */
function readDate(args: readonly string[]): Look | undefined {
  const flags = "-d% -I? -R -u --date% --iso-8601? --rfc-3339: --rfc-email --utc";
  const parsed = parseArguments(args, { operands: "words", flags });
  return parsed?.operands.every((word) => word.startsWith("+")) ? nothing : undefined;
}

/** Formats for numbers are left out, which some shells calculate, running what is in them; "%n" writes to a variable. */
function readPrintf(args: readonly string[]): Look | undefined {
  const [format = "-"] = args;
  return /^(?!-)(?:[^%]|%%|%-?[\d.]*s|%b)*$/s.test(format) ? nothing : undefined;
}

/** Words by which its programs read files or tell variables of the environment; they have no other way to reach anything. */
const JQ_REACHES = /import|include|input_filename|modulemeta|\bENV\b|(?<![.\w])env\b/;

function readJq(args: readonly string[]): Look | undefined {
  const flags = `-a -c -C -e -j -M -n -r -s -S --ascii-output --compact-output --exit-status --indent: --join-output --monochrome-output
    --null-input --raw-output --slurp --sort-keys --tab`;
  const parsed = parseArguments(args, { operands: "pattern", flags });
  const program = parsed?.operands[0];
  return parsed && program !== undefined && !JQ_REACHES.test(program) ? { paths: parsed.paths } : undefined;
}

function readNpm(args: readonly string[]): Look | undefined {
  if (args[0] !== "ls" && args[0] !== "list") return undefined;
  const parsed = parseArguments(args.slice(1), {
    operands: "words",
    flags: "-a --all --depth: --json --long --parseable",
  });
  return parsed && nothing;
}

/**
 * Nothing but printing lines by their numbers, or by patterns without a slash or a line end in them, which every sed ends at the same place. Any other
 * script may write files and run programs.
 */
function readSed([flag, script = "", ...files]: readonly string[]): Look | undefined {
  const line = String.raw`(?:\d+|\$|/(?:[^/\\\n[\]]|\\[^/\n[\]])+/)`;
  const print = `${line}(?:,\\+?${line})?p`;
  if (flag !== "-n" || !new RegExp(`^${print}(?:;${print})*$`).test(script)) return undefined;
  return files.some((file) => file.startsWith("-")) ? undefined : { paths: files };
}
