/** Programs that run whatever follows as a command or as code, however many words of it a rule would name. */
const RUNNERS = words(`
  sudo doas su env xargs parallel nohup nice ionice time timeout stdbuf setsid chroot watch script strace gdb busybox
  find fd fdfind awk gawk mawk nawk sed tar rsync ssh vim vi nvim emacs less more man tmux screen at batch crontab expect
  eval exec command builtin source . alias unalias set unset shopt export declare typeset local readonly trap hash enable
  cd pushd popd dirs chdir coproc repeat noglob nocorrect systemd-run nsenter unshare bwrap flatpak`);
const SHELLS = words("bash sh dash ash ksh zsh fish csh tcsh pwsh powershell cmd nu");
/** Programs that run the file, or the code after one of these flags, that comes next. */
const INTERPRETERS: Readonly<Record<string, RegExp>> = {
  python: /^-[cm]$/,
  pypy: /^-[cm]$/,
  node: /^(-[ep]|--eval|--print|--test)$/,
  ruby: /^-e$/,
  perl: /^-[eE]$/,
  php: /^-r$/,
  lua: /^-e$/,
  julia: /^(-e|--eval)$/,
  Rscript: /^-e$/,
  osascript: /^-e$/,
};
/** Programs that do what their next word says, and those of these words that may still mean anything. */
const SUBCOMMANDS: Readonly<Record<string, ReadonlySet<string>>> = {
  git: words("config bisect submodule filter-branch"),
  npm: words("exec x explore"),
  pnpm: words("exec dlx"),
  yarn: words("exec dlx node"),
  bun: words("x exec run"),
  deno: words("run eval repl"),
  npx: words(""),
  bunx: words(""),
  uv: words("run tool"),
  uvx: words(""),
  pipx: words("run"),
  poetry: words("run shell"),
  bundle: words("exec"),
  cargo: words(""),
  go: words("run tool"),
  make: words(""),
  just: words(""),
  docker: words("run exec compose"),
  podman: words("run exec compose"),
  kubectl: words("exec run debug"),
  gh: words("api alias extension"),
  systemctl: words(""),
};
/** With a third word these mean something. */
const WITH_A_THIRD = words("run tool exec compose submodule");

const MAX_WORDS = 20;
const MAX_WORD_LENGTH = 1000;

/** Why no rule may allow all commands that begin so, in a sentence for the user; undefined when one may. */
export function whyBanned(prefix: readonly string[]): string | undefined {
  const problem = whyMalformed(prefix);
  if (problem !== undefined) return problem;
  const [program = "", next = "", ...rest] = prefix;
  const name = program.slice(program.lastIndexOf("/") + 1);
  const shown = prefix.join(" ");
  if (RUNNERS.has(name) || SHELLS.has(name))
    return `"${shown}" cannot be allowed always: what follows "${name}" may be any command.`;
  if (isTooWide(name, next, rest))
    return `"${shown}" cannot be allowed always, since it may begin any command. Name more of its words.`;
  return undefined;
}

/** Why a prefix is none, for rules of either kind. */
export function whyMalformed(prefix: readonly string[]): string | undefined {
  if (prefix.length === 0 || prefix[0] === "") return "A rule for commands needs at least the name of a program.";
  if (prefix.length > MAX_WORDS) return `A rule may name at most ${MAX_WORDS} words of a command.`;
  if (prefix.some((word) => word.length > MAX_WORD_LENGTH || /\p{C}/u.test(word)))
    return `The words of a rule may have at most ${MAX_WORD_LENGTH} characters, none of them invisible.`;
  return undefined;
}

function isTooWide(name: string, next: string, rest: readonly string[]): boolean {
  const codeFlag = INTERPRETERS[Object.keys(INTERPRETERS).find((one) => isVersionOf(name, one)) ?? ""];
  if (codeFlag) return codeFlag.test(next) ? !rest[0] || rest[0].startsWith("-") : next === "" || next.startsWith("-");
  const wide = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
  if (!wide) return false;
  if (next === "" || next.startsWith("-")) return true;
  if (!wide.has(next)) return false;
  return !WITH_A_THIRD.has(next) || isContainer(name) || !rest[0] || rest[0].startsWith("-");
}

/** What runs in a container, or on a cluster, is any command, too. */
function isContainer(name: string): boolean {
  return name === "docker" || name === "podman" || name === "kubectl";
}

/** Such as python3.12 of python. */
function isVersionOf(name: string, program: string): boolean {
  return name.startsWith(program) && /^[\d.]*$/.test(name.slice(program.length));
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ""));
}
