import type { Grammar } from "./options.ts";

/** Programs that only look when they are given nothing but this. Those with a language of their own, such as find, are elsewhere. */
export const programs: Readonly<Record<string, Grammar>> = {
  ls: {
    operands: "paths",
    flags: `-a -A -b -B -c -C -d -f -F -g -G -h -H -i -k -l -L -m -n -N -o -p -q -Q -r -R -s -S -t -u -U -v -x -X -Z -1 --all --almost-all --author
      --block-size: --classify? --color? --dereference --directory --file-type --format: --full-time --group-directories-first --hide%
      --human-readable --ignore% --indicator-style: --inode --kibibytes --literal --no-group --numeric-uid-gid --quoting-style: --recursive
      --reverse --si --size --sort: --time: --time-style: --zero`,
  },
  cat: {
    operands: "paths",
    flags: `-A -b -e -E -n -s -t -T -u -v --number --number-nonblank --show-all --show-ends --show-nonprinting --show-tabs --squeeze-blank`,
  },
  tac: { operands: "paths", flags: "-b -r" },
  rev: { operands: "paths", flags: "" },
  head: {
    operands: "paths",
    flags: "-# -n: -c: -q -v -z --lines: --bytes: --quiet --silent --verbose --zero-terminated",
  },
  tail: {
    operands: "paths",
    flags: "-# -n: -c: -q -v -z --lines: --bytes: --quiet --silent --verbose --zero-terminated",
  },
  wc: { operands: "paths", flags: "-c -m -l -L -w --bytes --chars --lines --max-line-length --words --total:" },
  nl: { operands: "paths", flags: "-b: -d% -f: -h: -i: -l: -n: -p -s% -v: -w:" },
  stat: {
    operands: "paths",
    flags: "-c% -f -L -n -r -s -t -x --dereference --file-system --format% --printf% --terse",
  },
  file: {
    operands: "paths",
    flags:
      "-b -h -i -I -k -L -N -v -0 --brief --dereference --keep-going --mime --mime-encoding --mime-type --no-dereference",
  },
  du: {
    operands: "paths",
    flags: `-a -b -c -d: -h -H -k -l -L -m -P -s -S -x -0 --all --apparent-size --block-size: --bytes --exclude% --human-readable --max-depth:
      --one-file-system --separate-dirs --si --summarize --total`,
  },
  df: {
    operands: "paths",
    flags: "-a -h -H -i -k -l -P -T --all --human-readable --inodes --local --portability --print-type --si --total",
  },
  pwd: { operands: "none", flags: "-L -P" },
  true: { operands: "words", flags: "" },
  false: { operands: "words", flags: "" },
  uname: { operands: "none", flags: "-a -i -m -n -o -p -r -s -v --all" },
  arch: { operands: "none", flags: "" },
  nproc: { operands: "none", flags: "--all" },
  whoami: { operands: "none", flags: "" },
  hostname: { operands: "none", flags: "-I -s" },
  uptime: { operands: "none", flags: "-p -s" },
  id: { operands: "words", flags: "-g -G -n -r -u -z" },
  groups: { operands: "words", flags: "" },
  which: { operands: "paths", flags: "-a" },
  type: { operands: "paths", flags: "-a -f -p -P -t" },
  basename: { operands: "words", flags: "-a -s% -z --multiple --suffix% --zero" },
  dirname: { operands: "words", flags: "-z --zero" },
  realpath: {
    operands: "paths",
    flags: `-e -L -m -P -q -s -z --canonicalize-existing --canonicalize-missing --no-symlinks --quiet --relative-base: --relative-to: --strip --zero`,
  },
  readlink: {
    operands: "paths",
    flags: "-e -f -m -n -q -s -v -z --canonicalize --canonicalize-existing --canonicalize-missing --no-newline --zero",
  },
  sort: {
    operands: "paths",
    flags: `-b -c -C -d -f -g -h -i -k: -m -M -n -R -r -s -t% -u -V -z --check? --dictionary-order --field-separator% --general-numeric-sort
      --human-numeric-sort --ignore-case --ignore-leading-blanks --ignore-nonprinting --key: --merge --month-sort --numeric-sort --parallel:
      --random-sort --reverse --sort: --stable --unique --version-sort --zero-terminated`,
  },
  uniq: {
    operands: "paths",
    maxOperands: 1,
    flagsFirst: true,
    flags: `-c -d -D -f: -i -s: -u -w: -z --all-repeated? --check-chars: --count --group? --ignore-case --repeated --skip-chars: --skip-fields:
      --unique --zero-terminated`,
  },
  cut: {
    operands: "paths",
    flags: `-b: -c: -d% -f: -n -s -z --bytes: --characters: --complement --delimiter% --fields: --only-delimited --output-delimiter%
      --zero-terminated`,
  },
  tr: { operands: "words", flags: "-c -C -d -s -t --complement --delete --squeeze-repeats --truncate-set1" },
  column: { operands: "paths", flags: "-s% -t" },
  comm: { operands: "paths", flags: "-1 -2 -3 -i --check-order --nocheck-order --output-delimiter% --total" },
  diff: {
    operands: "paths",
    flags: `-a -b -B -c -C: -d -e -E -i -I% -n -N -p -q -r -s -t -T -u -U: -w -W: -x% -y -Z --brief --color? --context? --ed --exclude% --from-file:
      --ignore-all-space --ignore-blank-lines --ignore-case --ignore-matching-lines% --ignore-space-change --ignore-tab-expansion
      --ignore-trailing-space --label% --minimal --new-file --no-dereference --normal --rcs --recursive --report-identical-files
      --show-c-function --side-by-side --speed-large-files --strip-trailing-cr --suppress-common-lines --text --to-file: --unified? --width:`,
  },
  cmp: {
    operands: "paths",
    flags: "-b -i: -l -n: -s --bytes: --ignore-initial: --print-bytes --quiet --silent --verbose",
  },
  md5sum: { operands: "paths", flags: "-b -t -z --binary --tag --text --zero" },
  sha1sum: { operands: "paths", flags: "-b -t -z --binary --tag --text --zero" },
  sha256sum: { operands: "paths", flags: "-b -t -z --binary --tag --text --zero" },
  sha512sum: { operands: "paths", flags: "-b -t -z --binary --tag --text --zero" },
  shasum: { operands: "paths", flags: "-a: -b -t" },
  cksum: { operands: "paths", flags: "" },
  od: { operands: "paths", flags: "-A: -a -b -c -d -j: -N: -o -t: -v -x" },
  hexdump: { operands: "paths", flags: "-b -c -C -d -n: -o -s: -v -x" },
  xxd: {
    operands: "paths",
    maxOperands: 1,
    letters: "apart",
    flagsFirst: true,
    flags: "-b -c: -e -g: -l: -p -ps -s: -u",
  },
  seq: { operands: "words", flags: "-s% -w" },
  tree: {
    operands: "paths",
    letters: "bundled",
    flags: `-a -A -C -d -D -f -F -g -h -i -I% -J -l -L: -n -N -p -P% -q -Q -r -s -S -t -u -U -v -x -X --dirsfirst --du --filelimit: --gitignore
      --inodes --noreport --prune --si`,
  },
  grep: grep(),
  egrep: grep(),
  fgrep: grep(),
  rg: {
    operands: "pattern",
    patternFlags: ["-e", "-f", "--regexp", "--file", "--files", "--type-list"],
    flags: `-# -. -0 -a -A: -B: -c -C: -d: -e% -f: -F -g% -H -i -I -j: -l -L -m: -M: -n -N -o -p -P -q -r% -s -S -t: -T: -u -U -v -w -x
      --after-context: --before-context: --binary --case-sensitive --color: --colors: --column --context: --count --count-matches --crlf --debug
      --file: --files --files-with-matches --files-without-match --fixed-strings --follow --glob% --glob-case-insensitive --heading --hidden
      --iglob% --ignore-case --ignore-file: --invert-match --json --line-number --line-regexp --max-columns: --max-count: --max-depth:
      --max-filesize: --multiline --multiline-dotall --no-config --no-filename --no-heading --no-ignore --no-ignore-parent --no-ignore-vcs
      --no-line-number --no-messages --null --one-file-system --only-matching --passthru --pcre2 --pretty --quiet --regexp% --replace%
      --smart-case --sort: --sortr: --stats --text --threads: --trim --type: --type-list --type-not: --unrestricted --vimgrep --with-filename
      --word-regexp`,
  },
  fd: fd(),
  fdfind: fd(),
};

function grep(): Grammar {
  return {
    operands: "pattern",
    patternFlags: ["-e", "-f", "--regexp", "--file"],
    flags: `-# -a -A: -b -B: -c -C: -e% -E -f: -F -G -h -H -i -I -l -L -m: -n -o -P -q -r -R -s -T -v -w -x -y --after-context: --basic-regexp
      --before-context: --binary-files: --byte-offset --color? --colour? --context: --count --dereference-recursive --exclude% --exclude-dir%
      --extended-regexp --file: --files-with-matches --files-without-match --fixed-strings --ignore-case --include% --initial-tab
      --invert-match --line-buffered --line-number --line-regexp --max-count: --no-filename --no-ignore-case --no-messages --null
      --only-matching --perl-regexp --quiet --recursive --regexp% --silent --text --with-filename --word-regexp`,
  };
}

function fd(): Grammar {
  return {
    operands: "pattern",
    flags: `-0 -1 -a -c: -d: -e: -E% -F -g -H -i -I -L -p -q -s -S: -t: -u --absolute-path --base-directory: --case-sensitive --changed-before:
      --changed-within: --color: --exact-depth: --exclude% --extension: --fixed-strings --follow --full-path --glob --hidden --ignore-case
      --max-depth: --max-results: --min-depth: --no-ignore --no-ignore-vcs --print0 --prune --regex --search-path: --size: --type:
      --unrestricted`,
  };
}
