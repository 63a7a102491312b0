import type { Outside, Traits } from "./traits.ts";

const script = { words: true, project: true } as const;

/** One row for programs that are alike; what a program has in several rows adds up. */
export const rows: readonly (readonly [names: string, traits: Traits])[] = [
  [
    named`sudo doas pkexec runuser setpriv env xargs nohup nice ionice time timeout stdbuf setsid chroot watch busybox exec command builtin
      taskset chrt flock prlimit unbuffer fakeroot xvfb-run dbus-run-session firejail proot valgrind hyperfine sshpass ssh-agent
      strace ltrace parallel eval coproc repeat noglob nocorrect systemd-run nsenter unshare bwrap su script ssh`,
    { runs: "command" },
  ],
  [
    named`gdb lldb find fd fdfind awk gawk mawk nawk sed tar rsync vim vi nvim emacs nano ed ex code less more man
      tmux screen at batch crontab expect source . alias unalias set unset shopt export declare typeset local readonly trap hash enable
      cd pushd popd dirs chdir flatpak
      sqlite3 psql mysql mariadb mongosh irb pry iex ghci jshell tclsh wish ipython guile groovy
      bash rbash sh dash ash ksh zsh fish csh tcsh pwsh powershell cmd nu xonsh elvish`,
    { runs: "anything" },
  ],
  ["find fd fdfind", { runsBehind: /^(-(exec|ok)(dir)?|-[xX]|--exec(-batch)?)$/ }],
  [
    named`rm rmdir dd mv cp ln chmod chown chgrp kill pkill killall shred truncate tee install mkfs mount umount shutdown reboot halt
      curl wget nc ncat socat scp sftp ftp telnet openssl gpg passwd useradd usermod iptables security defaults
      sponge patch split csplit zip unzip gzip gunzip 7z cpio ar ssh-keygen ssh-add open xdg-open launchctl`,
    { harms: true },
  ],
  ["python pypy", { project: true, code: /^-[cm]$/ }],
  ["node nodejs tsx ts-node", { project: true, code: /^(-[ep]|--eval|--print|--test)$/ }],
  ["dart swift", { project: true, code: /^(run|-e|repl)$/ }],
  ["ruby perl", { project: true, code: /^-[eE]$/ }],
  ["php", { project: true, code: /^-r$/ }],
  ["lua", { project: true, code: /^-e$/ }],
  ["julia", { project: true, code: /^(-e|--eval)$/ }],
  ["Rscript osascript", { code: /^-e$/ }],
  [
    named`vitest jest mocha ava tap karma playwright cypress webpack rollup esbuild tsup parcel rspack gulp grunt babel eslint stylelint prettier
      postcss astro nuxt svelte-kit storybook gatsby expo lint-staged semantic-release pytest ruff mypy pre-commit rspec rails phpunit prove
      sbt mill ant bazel buck2 rebar3 stack cabal dune opam zig xcodebuild flutter ninja cmake ctest meson invoke fastlane
      ansible-playbook vagrant`,
    { project: true },
  ],
  ["rake gradle gradlew mvn mvnw mix nx turbo lerna ng vite next hatch tox nox task", script],
  [
    "pip pipx poetry bundle composer dotnet terraform npx bunx uvx uv deno bun yarn pnpm npm cargo go make gmake just docker podman",
    script,
  ],
  ["git glab gh helm kubectl systemctl brew apt apt-get dnf conda rustup aws gcloud az", { words: true }],

  ["git", { wide: words("config bisect submodule filter-branch"), outside: git() }],
  [
    "npm",
    {
      files: ["package.json"],
      wide: words("exec x explore"),
      outside: outside(`
        run run-script NAME: ${npmOptions()}
        test t ci outdated ls list version: ${npmOptions()}
        view: # : ${npmOptions()}
        audit: fix ${npmOptions()}
        pack publish: / : . ${npmOptions()}`),
    },
  ],
  [
    "pnpm",
    {
      files: ["package.json"],
      wide: words("exec dlx"),
      outside: outside(`
        run NAME: ${pnpmOptions()}
        test: ${pnpmOptions()}
        publish: / : . ${npmOptions()} git-checks publish-branch report-summary embed-readme ${pnpmLists()}
        audit outdated why: ${npmOptions()} ignore-registry-errors table compatible format ${pnpmLists()}`),
    },
  ],
  [
    "yarn",
    { files: ["package.json"], wide: words("exec dlx node"), outside: scripts("--cwd --script-shell --use-yarnrc") },
  ],
  [
    "bun",
    {
      files: ["package.json"],
      wide: words("x exec run"),
      outside: scripts(
        "--cwd --config --preload --require --import -r -c --reporter-outfile! --coverage-dir! --env-file!",
      ),
    },
  ],
  [
    "deno",
    {
      files: ["deno.json", "deno.jsonc", "package.json"],
      wide: words("run eval repl"),
      outside: outside(`check lint fmt test: ${denoOptions()}`),
    },
  ],
  ["npx", { files: ["package.json"] }],
  ["npx bunx uvx", { wide: words(""), outside: outside("*: -p --package -c --call --from --with") }],
  ["nx turbo", { files: ["package.json"] }],
  [
    "uv",
    {
      files: ["pyproject.toml"],
      wide: words("run tool"),
      outside: outside(
        `run NAME: --with --directory --project --python -p
        lock tree: --directory --project --python -p ${indexOptions()}`,
      ),
    },
  ],
  [
    "pip",
    { wide: words(""), outside: outside("list show check freeze: --log --python -r --requirement -f --find-links") },
  ],
  ["pipx", { wide: words("run"), outside: outside("list:") }],
  [
    "poetry",
    {
      files: ["pyproject.toml"],
      wide: words("run shell"),
      outside: outside("run NAME:\n check show lock: -C -P --directory --project"),
    },
  ],
  [
    "bundle",
    { files: ["Gemfile"], wide: words("exec"), outside: outside("exec NAME:\n check list show outdated: --gemfile") },
  ],
  [
    "cargo",
    {
      files: ["Cargo.toml"],
      wide: words(""),
      outside: outside(
        "test build check clippy fmt doc bench run publish: --config --manifest-path --target-dir! --artifact-dir --out-dir --lockfile-path --registry --index -C -Z",
      ),
    },
  ],
  [
    "go",
    {
      files: ["go.mod"],
      wide: words("run tool"),
      outside: outside(
        `test build vet fmt list mod: -o! --o! -C! --C! -exec -toolexec -vettool -overlay -modfile ${goOptions()}`,
      ),
    },
  ],
  [
    "make gmake",
    { wide: words(""), outside: outside("*: -f -C -E -I --file --makefile --directory --eval --include-dir =") },
  ],
  [
    "just",
    {
      wide: words(""),
      outside: outside(
        "*: -f -d --justfile --working-directory --shell --shell-arg -c --command --chooser --set -E --dotenv-path! --dotenv-filename! -g --global-justfile! -e --edit! =",
      ),
    },
  ],
  ["make gmake", { files: ["GNUmakefile", "makefile", "Makefile"] }],
  ["just", { files: ["justfile", "Justfile"] }],
  ["task", { files: ["Taskfile.yml", "Taskfile.yaml"] }],
  ["rake", { files: ["Rakefile"] }],
  [
    "composer",
    {
      files: ["composer.json"],
      wide: words("exec"),
      outside: outside("test validate show outdated: -d --working-dir"),
    },
  ],
  [
    "dotnet",
    {
      wide: words("exec"),
      outside: outside(
        `test build restore: / . @ -o --output -p --property -l --logger -r --results-directory -s --source --settings -a --test-adapter-path -d --diag`,
      ),
    },
  ],
  [
    "gradle gradlew",
    {
      files: ["build.gradle", "build.gradle.kts"],
      outside: outside(
        "*: -I -b -c -p -D -g --system-prop --gradle-user-home --init-script --build-file --settings-file --project-dir --project-cache-dir --include-build",
      ),
    },
  ],
  [
    "mvn mvnw",
    {
      files: ["pom.xml"],
      outside: outside(
        "*: : -f -s -t -l -D --define --file --settings --global-settings -gs --toolchains --global-toolchains --log-file",
      ),
    },
  ],
  ["hatch", { files: ["pyproject.toml"] }],
  ["tox", { files: ["tox.ini", "pyproject.toml"] }],
  ["nox", { files: ["noxfile.py"] }],
  ["pytest", { files: ["pyproject.toml", "pytest.ini", "conftest.py"] }],
  [
    "docker podman",
    {
      contains: true,
      wide: words("run exec compose"),
      outside: outside("ps images logs pull push stop restart inspect stats top port rm rmi info version:"),
    },
  ],
  [
    "kubectl",
    {
      contains: true,
      wide: words("run exec debug"),
      outside: outside(
        "get describe logs top rollout scale apply delete: -s --server! --context! --cluster! --user! --kubeconfig! --cache-dir! --profile-output!",
      ),
    },
  ],
  [
    "helm",
    {
      wide: words("plugin"),
      outside: outside(
        "list status history get rollback uninstall: --kubeconfig! --kube-apiserver! --kube-context! --post-renderer!",
      ),
    },
  ],
  [
    "gh glab",
    {
      wide: words("api alias extension"),
      outside: outside(`
        pr mr issue NAME: :// -R --repo! -F --body-file! --recover! -T --template! -e --editor! -w --web!
        run ci NAME: :// -R --repo! -D --dir! -p --path! -w --web!
        workflow NAME: :// -R --repo! -F --field! -w --web!
        search status:`),
    },
  ],
  [
    "systemctl",
    {
      wide: words(""),
      outside: outside("status start stop restart reload is-active list-units: --root --image -H --host -M --machine"),
    },
  ],
  ["conda rustup terraform", { wide: words(""), outside: outside("list search show info:") }],
  ["apt apt-get", { wide: words(""), outside: outside("list search show: -o -c --option --config-file") }],
  ["dnf", { wide: words(""), outside: outside("list search info: -c --config --setopt --installroot") }],
  ["brew", { wide: words(""), outside: outside("list search info: /") }],
  // Of these any next word may copy, send or change anything.
  ["aws gcloud az", { outside: outside("") }],
];

/** What may leave the sandbox of git, beside what only looks. Pushing to a folder runs the hooks that are there. */
function git(): ReadonlyMap<string, Outside> {
  // Messages and paths from a file, which could be any, and would be told to whoever sees the commit or the complaint.
  const read = "-F --file --pathspec-from-file";
  return outside(`
    push [NAME]: --receive-pack --exec --repo
    fetch pull ls-remote: --upload-pack --exec
    rebase: -x --exec
    commit: -t --template ${read}
    add merge cherry-pick revert checkout switch restore reset stash tag branch rm mv clean: ${read}`);
}

/**
 * Any of its settings can be an option, with any number of dashes and cut short: some run a program, others write files or work elsewhere. What it looks
 * at, packs or publishes may be a folder, or a repository of anybody's, whose scripts it runs.
 */
function npmOptions(): string {
  const names = `silent s quiet q verbose d dd ddd loglevel json long l parseable p porcelain color progress unicode timing update-notifier yes y
    if-present ignore-scripts foreground-scripts workspace w workspaces ws include-workspace-root iwr all a depth
    omit include production prod only dev audit audit-level fund offline prefer-offline prefer-online
    legacy-peer-deps strict-peer-deps force f package-lock package-lock-only
    dry-run tag access otp provenance message m preid git-tag-version sign-git-tag commit-hooks allow-same-version`;
  return `only ${[...words(names)].join(" ")}`;
}

/** Of its own; what stands behind the name of a script is for the script. */
function pnpmOptions(): string {
  return "--dir --prefix -C --script-shell --config --pnpmfile --global-pnpmfile --node-options";
}

/** Which packages of the workspace. */
function pnpmLists(): string {
  return "recursive r filter F D P optional";
}

function denoOptions(): string {
  const rights =
    "-A -R -W -N -E -P --allow-all --allow-read --allow-write --allow-net --allow-env --allow-sys --allow-run --allow-ffi";
  return `${rights} --allow-import --permission-set -c --config --preload --require --import --import-map --coverage --junit-path! --lock!`;
}

/** What comes from another index is built, too. */
function indexOptions(): string {
  return "--index --index-url --extra-index-url --default-index --find-links -i -f --script --config-file";
}

/** By some the linker or the compiler is another program; the others write a file. */
function goOptions(): string {
  const written = words("coverprofile cpuprofile memprofile blockprofile mutexprofile trace outputdir");
  const writing = [...written].flatMap((name) => [`-${name}`, `-test.${name}`]).join(" ");
  return `-ldflags -gcflags -asmflags -gccgoflags ${writing} -debug-trace -debug-actiongraph -workfile`;
}

function scripts(opened: string): ReadonlyMap<string, Outside> {
  return outside(`run NAME: ${opened}\n publish: / . --registry ${opened}\n test audit outdated why: ${opened}`);
}

/**
 * Lines of words, with NAME where one more is needed, [NAME] where one more closes it, and behind ":" the options that open it, then behind "only"
 * those that it may have alone.
 */
function outside(text: string): ReadonlyMap<string, Outside> {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return new Map(
    lines.flatMap((line) => {
      const [nexts = "", options = ""] = line.split(/:(.*)/s);
      const [opened = "", only] = options.split(/\bonly\b(.*)/s);
      const name = nexts.includes("[NAME]") ? "closing" : nexts.includes("NAME") ? "needed" : undefined;
      const names = [...words(nexts.replace(/\[?NAME\]?/, ""))];
      const closed = only === undefined ? undefined : words(only);
      return names.map((next) => [next, { name, opened: [...words(opened)], only: closed }] as const);
    }),
  );
}

function named(text: TemplateStringsArray): string {
  return text.join("").trim();
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ""));
}
