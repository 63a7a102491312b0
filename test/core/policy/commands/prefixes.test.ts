import assert from "node:assert/strict";
import { test } from "node:test";
import { type RuleReach, whyBanned } from "../../../../src/core/policy/commands/bannedPrefix.ts";
import { proposedPrefix } from "../../../../src/core/policy/commands/proposedPrefix.ts";
import { staysClosed } from "../../../../src/core/policy/commands/staysClosed.ts";
import { pathsOf } from "../../../../src/core/policy/paths.ts";
import { createShellSyntax } from "../../../../src/host/node/shell/shellSyntax.ts";

const syntax = createShellSyntax({ shell: "/bin/bash" });
const place = { paths: pathsOf({ os: "linux" }), cwd: "/home/ada", roots: ["/home/ada"] };

/** What "allow always" would cover; "" when it is not offered. */
async function check(
  line: string,
  expected: string,
  { wanted, reach = "inside" }: { wanted?: string | undefined; reach?: RuleReach } = {},
) {
  const prefix = proposedPrefix(await syntax.commandsOf(line, "bash"), place, { wanted: wanted?.split(" "), reach });
  assert.equal(prefix?.join(" ") ?? "", expected);
}

const proposed: [line: string, prefix: string, wanted?: string][] = [
  ["npm test", "npm test"],
  ["npm test -- --grep a", "npm test"],
  ["npm run build -- x", "npm run build"],
  ["npm ci", "npm ci"],
  ["git push origin main", "git push origin"],
  ["git push", "git push"],
  ["git commit -m 'a b'", "git commit"],
  ["cargo test foo", "cargo test"],
  ["cargo build --release", "cargo build"],
  ["go test ./...", "go test"],
  ["make check", "make check"],
  ["python3 -m pytest -q", "python3 -m pytest"],
  ["python3 tools/a.py b", "python3 tools/a.py"],
  ["node scripts/a.mjs", "node scripts/a.mjs"],
  ["npx vitest run", "npx vitest"],
  ["uv run pytest", "uv run pytest"],
  ["bundle exec rspec", "bundle exec rspec"],
  ["docker ps", "docker ps"],
  ["gh pr create", "gh pr create"],
  ["./gradlew build", "./gradlew build"],
  ["pytest tests/a.py", "pytest"],
  ["tsc --noEmit", "tsc"],
  ["eslint .", "eslint"],
  ["mytool sync a", "mytool sync"],
  ["./run.sh -x", "./run.sh"],
  ["cd src && npm test | tail -5", "npm test"],
  ["npm test && npm test", "npm test"],
  ["bash -lc 'npm test'", "npm test"],
  ["npm test && npm run build", ""],
  ["npm test | sh", ""],
  ["npm test > a", ""],
  ["npm test $A", ""],
  ["ls", ""],
  ["cat /etc/passwd", ""],
  ["rm -rf a", ""],
  ["curl example.org", ""],
  ["mv a b", ""],
  ["bash a.sh", ""],
  ["sudo npm test", ""],
  ["env A=1 npm test", ""],
  ["xargs rm", ""],
  ["find . -delete", ""],
  ["python3 -c 1", "", "python3 -c"],
  ["python3", ""],
  ["node -e 1", "", "node -e"],
  ["git -c a=b push", "", "git -c"],
  ["git", ""],
  ["npm", ""],
  ["make", ""],
  ["make -j4", ""],
  ["ssh example.org ls", "", "ssh example.org"],
  ["docker run a", "", "docker run"],
  ["npm test -- a", "npm test -- a", "npm test -- a"],
  ["npm test -- a", "npm test", "npm --silent"],
  ["npm test", "npm test", "npm"],
  ["npm test", "npm test", "npm test x"],
  ["npm test", "npm test", "bash"],
  ["pytest -q tests", "pytest -q", "pytest -q"],
  ["rm -rf build", "", "rm -rf build"],
  ["mkdir a", "mkdir a"],
  ["curl example.org", "", "curl"],
];
for (const [line, prefix, wanted] of proposed)
  test(`${line}${wanted ? ` (wants ${wanted})` : ""}: ${prefix || "nothing"}`, () => check(line, prefix, { wanted }));

const proposedOutside: [line: string, prefix: string, wanted?: string][] = [
  ["git push origin main", "git push origin"],
  ["git push origin main", "git push origin", "git remote"],
  ["git push", "git push"],
  ["git push --tags", "git push"],
  ["git push --force origin", "", "git push --force"],
  ["git push ../evil main", ""],
  ["git fetch", "git fetch"],
  ["git fetch --upload-pack=a origin", ""],
  ["git clone example.org", ""],
  ["git commit -m a", "git commit"],
  ["npm publish", "npm publish"],
  ["npm test --prefix ../a", "", "npm test --prefix"],
  ["npm install a", ""],
  ["pip install a", ""],
  ["curl example.org", "", "curl example.org"],
  ["mytool sync a", "mytool sync"],
];
for (const [line, prefix, wanted] of proposedOutside)
  test(`outside, ${line}${wanted ? ` (wants ${wanted})` : ""}: ${prefix || "nothing"}`, () =>
    check(line, prefix, { wanted, reach: "outside" }));

/** No rule may allow all commands that begin so. */
function checkBanned(prefix: string, expected: "banned" | "fine", reach: RuleReach = "inside") {
  const why = whyBanned(prefix.split(" "), reach);
  assert.equal(why === undefined ? "fine" : "banned", expected);
  if (why !== undefined) assert.match(why, /^["A-Z].*\.$/);
}

const banned = `bash|sh|zsh|/bin/bash|bash -c|sh -c|bash -lc ls|python|python3|python3 -c|python3.12|python3 -m|python3 -u a.py|node|node -e|node -p
  node --require a|node --test|/usr/bin/node|ruby|ruby -e|perl -e|php -r|npx|npx -y|npx --yes vitest|bunx|uvx|npm|npm exec|npm x|npm --silent|pnpm dlx|yarn dlx
  deno|deno run|bun x|uv run|poetry run|bundle exec|git|git -c|git -c a=b|git -C /|git --exec-path=. log|git config|git submodule|env|env A=1 ls|sudo
  sudo ls|doas|su|xargs|xargs rm|parallel|nohup|time|timeout 5|nice|setsid|ssh|ssh example.org|docker|docker run|docker run a|docker exec|podman run
  kubectl|kubectl exec|make|make -f|just|eval|eval a|exec|command|builtin|source|.|. a|alias|export|set|trap|cd|cd /|pushd|find|find .|fd|awk|sed
  tar|vim|less|man|go run|gh api|systemctl|busybox|watch|strace|nodejs|nodejs -e|tsx|tsx -e|ts-node|dart|swift|gmake|pkexec a|runuser a|taskset 1 a|flock a b
  setpriv a|unbuffer a|fakeroot a|xvfb-run a|sshpass -p a|rbash|xonsh|elvish|guile|groovy|ipython`;
for (const prefix of banned.split(/\||\n/).map((one) => one.trim()))
  test(`banned: ${prefix}`, () => checkBanned(prefix, "banned"));
for (const prefix of [
  "npm test",
  "npm run",
  "npm run build",
  "git push",
  "git commit",
  "python3 a.py",
  "python3 -m pytest",
  "python3 -c print(1)",
  "node a.js",
  "node --test a",
  "npx vitest",
  "uv run pytest",
  "docker ps",
  "make test",
  "cargo test",
  "cargo run",
  "go test",
  "pytest",
  "rm",
  "curl",
  "./run.sh",
  "nodemon",
  "pythonic",
])
  test(`not banned: ${prefix}`, () => checkBanned(prefix, "fine"));

const bannedOutside = `bash|npm|rm|curl|curl https://example.org|wget|dd|cp|mv|tee|ln|ln -s|chmod|install|rsync|unzip|ssh-keygen|git push -f|git push ../a
  git push /a|git clone|git clone https://example.org/a|git archive|git apply|git bundle|git format-patch|git worktree add|git init|git am|git remote add|git difftool
  npm install|npm i|npm add|npm run|npm link|npm create|pnpm add|pnpm install|yarn add|yarn|bun install|pip install|pip3 install|pipx install|poetry install
  cargo install|go install|go get|brew install|apt-get install|docker build|docker cp|docker create|kubectl cp|kubectl edit|helm plugin|gh repo clone
  gh release download|gh gist create|gh pr|systemctl edit|terraform apply|sed|find .|aws|aws s3|gcloud compute|sponge`;
for (const prefix of bannedOutside.split(/\||\n/).map((one) => one.trim()))
  test(`banned outside the sandbox: ${prefix}`, () => checkBanned(prefix, "banned", "outside"));
for (const prefix of `npm test|npm run build|npm publish|git push|git push origin|git remote|git fetch|git pull|git commit|git rebase|git log|git grep|git status|git diff HEAD
  gh pr create|gh run view|docker ps|docker push|kubectl get|make deploy|cargo test|npx vitest|uv run pytest|pytest|ls|rg|sort|mytool|mytool sync|./run.sh|python3 a.py`
  .split(/\||\n/)
  .map((one) => one.trim()))
  test(`not banned outside the sandbox: ${prefix}`, () => checkBanned(prefix, "fine", "outside"));
for (const prefix of ["rm", "curl", "git push", "git clone", "npm install", "npm run", "pip install", "gh pr"])
  test(`inside, not banned: ${prefix}`, () => checkBanned(prefix, "fine"));

/** Whether a command that begins as the rule says is covered by it outside the sandbox. */
function checkClosed(line: string, rule: string, expected: boolean) {
  test(`"${rule}" outside ${expected ? "covers" : "does not cover"}: ${line}`, () =>
    assert.equal(staysClosed(line.split(" "), rule.split(" ")), expected));
}
const opening: [rule: string, ...lines: string[]][] = [
  [
    "git push origin",
    "git push origin --receive-pack=a",
    "git push origin --receive-pack a",
    "git push origin --rece=a",
    "git push origin main --exec=a",
    "git push origin --repo=../a",
  ],
  ["git fetch", "git fetch --upload-pack=a origin", "git fetch origin --upload-pack a", "git fetch --up=a"],
  ["git pull", "git pull --upload-pack=a"],
  [
    "git commit",
    "git commit -F ~/.netrc",
    "git commit -aF a",
    "git commit --file=a",
    "git commit -t a",
    "git commit --templ a",
  ],
  ["git tag", "git tag a -F b", "git tag -a a --fil=b"],
  ["git merge", "git merge a -F b"],
  ["git add", "git add --pathspec-from-file=a"],
  ["git diff", "git diff /dev/null /a", "git diff ../a b", "git diff a/../../b c", "git diff ~/.netrc a"],
  ["git checkout", "git checkout --pathspec-from=a"],
  [
    "git rebase",
    "git rebase -x a main",
    "git rebase --exec=a",
    "git rebase --exe a",
    "git rebase -ix a",
    "git rebase -xa",
  ],
  ["git grep", "git grep -O a", "git grep -Oless a", "git grep --open-files-in-pager=a x"],
  ["git log", "git log --output=a", "git log -p --ext-diff", "git log --textconv"],
  ["sort", "sort -o a b", "sort --compress-program=a b"],
  ["rg", "rg --pre a b"],
  ["tree", "tree -o a"],
  [
    "npm run build",
    "npm run build --script-shell=a",
    "npm run build --prefix a",
    "npm run build --pref=a",
    "npm run build -C a",
  ],
  [
    "npm test",
    "npm test --node-options=--require=a",
    "npm test --script-shell a",
    "npm test -prefix a",
    "npm test ---prefix=a",
    "npm test -pref a",
    "npm test -script-shell=a",
    "npm test -node-options=--require=a",
    "npm test --logs-dir=a",
    "npm test --cache=a",
    "npm test -g",
    "npm test --no-prefix=a",
    "npm test -sC a",
    "npm test --silent --prefix a -- x",
  ],
  [
    "npm test",
    "npm test --silent=--prefix=a",
    "npm test --silent=--json=--prefix=a",
    "npm test -s=--script-shell=a",
    "npm test --json=--node-options=--require=a",
    "npm test --loglevel=-C a",
  ],
  ["npm audit", "npm audit --json=fix"],
  [
    "npm pack",
    "npm pack ..",
    "npm pack a@..",
    "npm pack .a",
    "npm pack --json=..",
    "npm pack gist:a",
    "npm pack git@a.org:b.git",
  ],
  ["npm publish", "npm publish ..", "npm publish --json=.a"],
  [
    "npm view",
    "npm view git+https://a/b.git",
    "npm view a/b#0123456789012345678901234567890123456789",
    "npm view --json=a/b#c",
    "npm view a -git=c",
    "npm view a --viewer=b",
  ],
  ["npm outdated", "npm outdated -git=a"],
  ["npm audit", "npm audit fix", "npm audit --registry=https://a"],
  ["pnpm test", "pnpm test -dir a", "pnpm test ---script-shell=a"],
  ["dotnet build", "dotnet build @a.rsp", "dotnet build .."],
  ["npx vitest", "npx vitest -c a", "npx vitest --package=a"],
  ["make deploy", "make deploy -f a", "make deploy SHELL=a", "make deploy --eval=a", "make deploy -C a"],
  ["go test", "go test -exec a", "go test --exec=a", "go test -toolexec=a", "go test -o a"],
  ["cargo test", "cargo test --config a"],
  ["kubectl get", "kubectl get pods --kubeconfig=a", "kubectl get pods --server=https://a", "kubectl get pods -s a"],
  ["kubectl delete", "kubectl delete pod a --context=b", "kubectl delete pod a --cluster b"],
  ["helm list", "helm list --kube-apiserver=https://a", "helm uninstall a --kube-context b"],
  ["gh pr create", "gh pr create -F a", "gh pr create --body-file=a", "gh pr create -tF a", "gh pr create -w"],
  ["gh pr merge", "gh pr merge 1 -R a/b", "gh pr merge 1 --repo=a/b", "gh pr merge https://github.com/a/b/pull/1"],
  [
    "gh workflow run",
    "gh workflow run a.yml -R a/b",
    "gh workflow run a.yml -F a=@b",
    "gh workflow run a.yml --field=a=@b",
  ],
  [
    "apt list",
    "apt list -o Dir::Bin::dpkg=a",
    "apt list -oDir::Bin::dpkg=a",
    "apt list --opt=a::b=c",
    "apt list -qc a",
  ],
  ["apt show", "apt show --config-file=a b"],
  ["dnf list", "dnf list --setopt=pluginpath=a", "dnf list -c a", "dnf list --installroot=a"],
  ["brew info", "brew info ./a.rb", "brew info a/b/c"],
  ["systemctl restart", "systemctl restart -M a b", "systemctl restart --machine=a b"],
  ["pnpm test", "pnpm test --config.script-shell=a", "pnpm test --pnpmfile a"],
  ["npm publish", "npm publish ../a", "npm publish --git=a", "npm publish -- ./a"],
  ["npm version", "npm version patch --git a", "npm version patch --editor=a"],
  ["bundle check", "bundle check --gemfile=a", "bundle check --gemf a"],
  ["uv lock", "uv lock --python a", "uv lock -pa", "uv lock --project=a"],
  ["pip list", "pip list --log a", "pip list --python=a"],
  ["poetry lock", "poetry lock -C a", "poetry lock --project=a"],
  ["deno test", "deno test -A", "deno test --allow-run", "deno test -c a"],
  ["gmake deploy", "gmake deploy -f a", "gmake deploy SHELL=a"],
  ["npm publish", "npm publish --registry=https://a", "npm publish --https-proxy=http://a"],
  [
    "pnpm publish",
    "pnpm publish --registry=https://a",
    "pnpm publish --npm-path=sh",
    "pnpm publish --json=--npm-path=sh",
    "pnpm publish ..",
  ],
  ["pnpm why", "pnpm why a -g --global-dir=a"],
  ["yarn publish", "yarn publish .."],
  [
    "pnpm run build",
    "pnpm run build --prefix a",
    "pnpm run build --node-options=--require=a",
    "pnpm run build --global-pnpmfile=a",
  ],
  [
    "bun test",
    "bun test --require a",
    "bun test --import=a",
    "bun test --reporter=junit --reporter-outfile=a",
    "bun test --coverage-dir a",
    "bun test --env-file=a",
  ],
  [
    "deno test",
    "deno test -W",
    "deno test -RW=/",
    "deno test --allow-net",
    "deno test --coverage=a",
    "deno test --import-map=a",
    "deno test --junit-path=a",
    "deno test --lock a",
  ],
  ["uv lock", "uv lock --index-url https://a", "uv lock -i https://a", "uv lock --find-links=a", "uv lock --script a"],
  ["pip freeze", "pip freeze -r /a", "pip freeze --requirement=/a"],
  ["cargo publish", "cargo publish --registry a", "cargo publish --index=https://a"],
  ["go build", "go build -ldflags=-extld=a", "go build --ldflags -extld=a", "go build -gcflags=-a"],
  ["cargo build", "cargo build --target-dir=a", "cargo build --target-dir a"],
  ["go build", "go build -o=a", "go build --o a", "go build -C a"],
  [
    "go test",
    "go test -coverprofile=a",
    "go test -trace a",
    "go test -memprofile=/a",
    "go test -args -test.cpuprofile=a",
    "go test -test.trace a",
  ],
  [
    "just deploy",
    "just deploy --command a",
    "just deploy -c a",
    "just deploy --dotenv-path=a",
    "just deploy -E a",
    "just deploy --dotenv-filename a",
    "just deploy --global-justfile",
    "just deploy --edit",
  ],
  [
    "dotnet test",
    "dotnet test -p:PreBuildEvent=a",
    "dotnet test /p:a=b",
    "dotnet build ../a",
    "dotnet test --settings=a",
    "dotnet test -l:a",
  ],
  ["gradle build", "gradle build -g a", "gradle build --gradle-user-home=a", "gradle build --project-cache-dir=a"],
  [
    "mvn test",
    "mvn test a:b:c",
    "mvn test --define=a=b",
    "mvn test -gs a",
    "mvn test --log-file=a",
    "mvn test --global-toolchains a",
  ],
  ["gh pr create", "gh pr create --recover=a"],
  ["glab ci artifact", "glab ci artifact main job -p /a", "glab ci artifact main job --path=/a"],
];
for (const [rule, ...lines] of opening) for (const line of lines) checkClosed(line, rule, false);
for (const line of ["git push evil", "git push ../evil main", "git push --tags evil", "git push -o a"])
  checkClosed(line, "git push", false);
for (const line of ["git push", "git push --tags", "git push -f"]) checkClosed(line, "git push", true);
// What stands behind an option that a rule ends with is its value, and may be anything.
for (const [rule, value] of [
  ["npm test --script-shell", "./a"],
  ["npm test --silent=--prefix", "../a"],
  ["make deploy -f", "a"],
  ["git fetch --upload-pack", "./a origin"],
  ["gradle -p", "../a build"],
] as const)
  checkClosed(`${rule} ${value}`, rule, false);
const closed: [rule: string, ...lines: string[]][] = [
  [
    "git push origin",
    "git push origin",
    "git push origin main",
    "git push origin -u HEAD:refs/heads/a",
    "git push origin --force-with-lease --tags",
  ],
  ["git fetch", "git fetch", "git fetch origin main", "git fetch --all --prune"],
  ["git rebase", "git rebase main", "git rebase --continue", "git rebase -i main"],
  ["git grep", "git grep -n a src"],
  ["git log", "git log --oneline -5"],
  ["git diff", "git diff", "git diff HEAD~2 -- src/a", "git diff main..a"],
  ["git branch", "git branch -D a"],
  ["git commit", "git commit -m a", "git commit -am a", "git commit --amend --no-edit", "git commit --fixup=a"],
  ["git checkout", "git checkout -b a", "git checkout -t a/b", "git checkout -f"],
  ["sort", "sort -u a"],
  ["npm run build", "npm run build", "npm run build --silent", "npm run build -- --watch"],
  [
    "npm test",
    "npm test -- --grep a",
    "npm test --silent",
    "npm test -s",
    "npm test -w a --if-present",
    "npm test --no-color -- --watch",
  ],
  ["npm ci", "npm ci --ignore-scripts --no-audit --no-fund --omit=dev"],
  ["npm version", "npm version patch -m a --no-git-tag-version"],
  ["npm audit", "npm audit --omit=dev --json"],
  ["make deploy", "make deploy -j4"],
  ["go test", "go test -v ./...", "go test -run A -count=1 -race ./a"],
  ["dotnet test", "dotnet test --no-build", "dotnet test --filter a"],
  ["mvn test", "mvn test -q"],
  ["cargo build", "cargo build --release --target x86_64-unknown-linux-musl"],
  ["deno test", "deno test --filter a", "deno test --no-lock"],
  ["bun test", "bun test --coverage", "bun test -t a"],
  ["just deploy", "just deploy a"],
  ["pip freeze", "pip freeze --all"],
  ["gh pr create", "gh pr create --title a --body b", "gh pr create --title a/b --body-x c"],
  ["kubectl get", "kubectl get pods -n a -o json"],
  ["apt list", "apt list --installed a", "apt list -a b"],
  ["brew info", "brew info --json a"],
  ["npm publish", "npm publish --tag next", "npm publish --tag=next --access=public ."],
  ["npm view", "npm view @a/b", "npm view a@^1.2.3 dist.tarball --json"],
  ["pnpm publish", "pnpm publish --no-git-checks --tag=next -r", "pnpm publish --filter a --dry-run"],
  ["pnpm outdated", "pnpm outdated -r --format=json", "pnpm why -D a --depth=1"],
  ["pnpm test", "pnpm test --coverage"],
  ["mytool sync", "mytool sync --exec a"],
  ["git commit -m", "git commit -m a"],
  ["npm test --", "npm test -- --grep a"],
  ["npm test --silent", "npm test --silent -- a"],
  ["git push origin --receive-pack=a", "git push origin --receive-pack=a main"],
];
for (const [rule, ...lines] of closed) for (const line of lines) checkClosed(line, rule, true);

test("a prefix needs a program", () => assert.match(whyBanned([], "inside") ?? "", /name of a program/));
test("an empty one is none", () => assert.match(whyBanned([""], "inside") ?? "", /name of a program/));
test("hidden letters are refused", () => assert.match(whyBanned(["npm", "te\u202est"], "inside") ?? "", /invisible/));
test("so are line ends", () => assert.match(whyBanned(["npm", "a\nb"], "inside") ?? "", /invisible/));
test("and 21 words", () => assert.match(whyBanned(Array(21).fill("a"), "inside") ?? "", /at most 20/));
