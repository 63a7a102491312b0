import type { Look } from "./look.ts";
import { type Grammar, parseArguments } from "./options.ts";

const COMMITS = `-# -n: -i -E -F --abbrev? --abbrev-commit --after% --all --all-match --author% --before% --branches? --cherry-mark --cherry-pick --children
  --committer% --count --date% --date-order --decorate? --decorate-refs% --encoding: --exclude% --first-parent --follow --format% --full-history
  --graph --grep% --invert-grep --left-right --max-count: --max-parents: --merges --min-parents: --no-abbrev-commit --no-decorate --no-merges
  --no-walk --oneline --parents --perl-regexp --pretty? --regexp-ignore-case --remotes? --reverse --simplify-by-decoration --since% --skip:
  --source --tags? --topo-order --until%`;
const DIFF = `-a -b -M? -C? -D -G% -p -s -S% -u -U? -w -W -z --anchored% --binary --cached --check --color? --color-moved? --color-words? --compact-summary
  --diff-algorithm: --diff-filter: --dirstat? --exit-code --find-copies? --find-renames? --full-index --function-context --histogram
  --ignore-all-space --ignore-blank-lines --ignore-cr-at-eol --ignore-space-at-eol --ignore-space-change --inter-hunk-context: --merge-base
  --minimal --name-only --name-status --no-color --no-ext-diff --no-patch --no-prefix --no-renames --no-textconv --numstat --patch
  --patch-with-stat --patience --pickaxe-all --pickaxe-regex --quiet --raw --relative? --shortstat --staged --stat? --submodule? --summary
  --text --unified: --word-diff? --word-diff-regex%`;
const REFS = "--column? --contains? --format% --ignore-case --merged? --no-contains? --no-merged? --points-at: --sort:";

interface Subcommand extends Grammar {
  /** Without one of these flags, an operand makes the subcommand do something. */
  readonly listing?: readonly string[] | undefined;
  /** Which operands it may have, where not any. */
  readonly first?: readonly (string | undefined)[] | undefined;
}

const subcommands: Readonly<Record<string, Subcommand>> = {
  status: {
    operands: "paths",
    flags:
      "-b -s -u? -z --ahead-behind --branch --ignored? --long --porcelain? --renames --short --show-stash --untracked-files?",
  },
  log: { operands: "paths", flags: `${COMMITS} ${DIFF}` },
  show: { operands: "paths", flags: `${COMMITS} ${DIFF}` },
  diff: { operands: "paths", flags: DIFF },
  blame: {
    operands: "paths",
    flags:
      "-b -C? -e -f -l -L: -M? -n -p -s -t -w --abbrev: --color-lines --date: --line-porcelain --porcelain --show-email --show-name --show-number",
  },
  "rev-parse": {
    operands: "paths",
    flags: `-q --abbrev-ref? --absolute-git-dir --all --branches? --git-common-dir --git-dir --is-bare-repository --is-inside-git-dir
      --is-inside-work-tree --quiet --remotes? --short? --show-cdup --show-prefix --show-superproject-working-tree --show-toplevel --symbolic
      --symbolic-full-name --tags? --verify`,
  },
  "rev-list": { operands: "paths", flags: COMMITS },
  "ls-files": {
    operands: "paths",
    flags: `-c -d -i -k -m -o -s -t -u -v -x% -z --cached --deduplicate --deleted --directory --eol --error-unmatch --exclude% --exclude-standard
      --full-name --ignored --killed --modified --no-empty-directory --others --stage --unmerged`,
  },
  "ls-tree": {
    operands: "paths",
    flags: "-d -l -r -t -z --abbrev? --full-name --full-tree --long --name-only --name-status",
  },
  "cat-file": { operands: "paths", maxOperands: 2, flags: "-e -p -s -t" },
  "merge-base": { operands: "words", flags: "-a --all --is-ancestor --octopus" },
  "name-rev": { operands: "words", flags: "--all --always --name-only --tags" },
  describe: {
    operands: "words",
    flags:
      "--abbrev: --all --always --contains --dirty? --exact-match --exclude% --first-parent --long --match% --tags",
  },
  shortlog: {
    operands: "paths",
    flags: "-c -e -n -s --after% --all --before% --email --no-merges --numbered --since% --summary --until%",
  },
  "for-each-ref": { operands: "words", flags: `${REFS} --count:` },
  branch: {
    operands: "words",
    listing: ["--list"],
    flags: `-a -i -r -v --all --color? --list --no-color --remotes --show-current --verbose ${REFS}`,
  },
  tag: { operands: "words", listing: ["-l", "--list"], flags: `-l -n? --list ${REFS}` },
  remote: { operands: "words", first: [undefined, "get-url"], flags: "-v --verbose --all" },
  stash: { operands: "words", first: ["list"], maxOperands: 1, flags: "" },
  worktree: { operands: "words", first: ["list"], maxOperands: 1, flags: "--porcelain" },
  reflog: { operands: "words", first: [undefined, "show"], flags: "-# -n: --date: --oneline" },
  "check-ignore": { operands: "paths", flags: "-n -q -v -z --no-index --non-matching --quiet --verbose" },
  "count-objects": { operands: "none", flags: "-H -v --human-readable --verbose" },
  grep: {
    operands: "pattern",
    patternFlags: ["-e"],
    flags: `-# -a -A: -B: -c -C: -e% -E -F -G -h -H -i -I -l -L -n -o -p -P -q -v -w -W --after-context: --all-match --and --before-context: --break
      --cached --color? --column --context: --count --extended-regexp --files-with-matches --files-without-match --fixed-strings
      --full-name --function-context --heading --ignore-case --invert-match --line-number --max-depth: --name-only --no-color --not
      --null --only-matching --or --perl-regexp --quiet --recursive --show-function --text --threads: --word-regexp`,
  },
};

/** Formats that make git run the program that checks signatures. */
const SIGNATURE = /%G|%\(signature/;

/**
 * What git looks at, of its subcommands that only look. Flags before the subcommand are unknown but for those that say where, or switch a pager off.
 * The repository's own configuration names programs too: those are what `lookingEnvironment` and the sandbox are for.
 */
export function readGit(args: readonly string[]): Look | undefined {
  const folders: string[] = [];
  let at = 0;
  for (; args[at]?.startsWith("-"); at++) {
    if (args[at] === "--version" && args.length === 1) return { paths: [] };
    if (args[at] === "-C") folders.push(args[++at] || "..");
    else if (args[at] !== "--no-pager" && args[at] !== "--no-optional-locks") return undefined;
  }
  const look = readSubcommand(args[at] ?? "", args.slice(at + 1));
  if (!look) return undefined;
  // Where the paths count from is one of these folders, or the one where it runs: they must be inside from everywhere.
  const everywhere = (paths: readonly string[] = []) => [
    ...paths,
    ...folders.flatMap((folder) => paths.map((path) => within(folder, path))),
  ];
  return { paths: [...folders, ...everywhere(look.paths)], whole: everywhere(look.whole) };
}

function within(folder: string, path: string): string {
  return path.startsWith("/") ? path : `${folder}/${path}`;
}

function readSubcommand(name: string, args: readonly string[]): Look | undefined {
  const grammar = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  const parsed = grammar && parseArguments(args, grammar);
  if (!parsed) return undefined;
  const { flags, operands, texts, paths } = parsed;
  const { listing, first } = grammar;
  if (listing && operands.length > 0 && !listing.some((flag) => flags.includes(flag))) return undefined;
  if (first && !first.includes(operands[0])) return undefined;
  if (texts.some(({ value }) => SIGNATURE.test(value))) return undefined;
  // Outside a repository it compares any two folders. With "--" between them, the first is a revision as long as no folder has its name.
  const compared = name === "diff" && operands.length === 2 ? operands : [];
  return { paths: paths.flatMap(namedBy), whole: args.at(-2) === "--" ? compared.slice(0, 1) : compared };
}

/** A path, and those that it names behind a revision, a stage or what git calls magic: "HEAD:a", ":0:a", ":(top)a". */
function namedBy(path: string): string[] {
  const behind = [...path.matchAll(/[:)]/g)].map(({ index }) => path.slice(index + 1)).filter((part) => part !== "");
  return [path, ...behind];
}
