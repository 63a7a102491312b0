import assert from "node:assert/strict";
import { test } from "node:test";
import { whyBanned } from "../../../../src/core/policy/commands/bannedPrefix.ts";
import { proposedPrefix } from "../../../../src/core/policy/commands/proposedPrefix.ts";
import { pathsOf } from "../../../../src/core/policy/paths.ts";
import { createShellSyntax } from "../../../../src/host/node/shell/shellSyntax.ts";

const syntax = createShellSyntax({ shell: "/bin/bash" });
const place = { paths: pathsOf({ os: "linux" }), cwd: "/work", roots: ["/work"] };

/** What "allow always" would cover; "" when it is not offered. */
async function check(line: string, expected: string, wanted?: string) {
  const prefix = proposedPrefix(await syntax.commandsOf(line, "bash"), place, wanted?.split(" "));
  assert.equal(prefix?.join(" ") ?? "", expected);
}

const proposed: [line: string, prefix: string, wanted?: string][] = [
  ["npm test", "npm test"],
  ["npm test -- --grep a", "npm test"],
  ["npm run build -- x", "npm run build"],
  ["npm ci", "npm ci"],
  ["git push origin main", "git push"],
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
  ["curl example.org", "", "curl"],
];
for (const [line, prefix, wanted] of proposed)
  test(`${line}${wanted ? ` (wants ${wanted})` : ""}: ${prefix || "nothing"}`, () => check(line, prefix, wanted));

/** No rule may allow all commands that begin so. */
function checkBanned(prefix: string, expected: "banned" | "fine") {
  const why = whyBanned(prefix.split(" "));
  assert.equal(why === undefined ? "fine" : "banned", expected);
  if (why !== undefined) assert.match(why, /^["A-Z].*\.$/);
}

const banned = `bash|sh|zsh|/bin/bash|bash -c|sh -c|bash -lc ls|python|python3|python3 -c|python3.12|python3 -m|python3 -u a.py|node|node -e|node -p
  node --require a|node --test|/usr/bin/node|ruby|ruby -e|perl -e|php -r|npx|npx -y|npx --yes vitest|bunx|uvx|npm|npm exec|npm x|npm --silent|pnpm dlx|yarn dlx
  deno|deno run|bun x|uv run|poetry run|bundle exec|git|git -c|git -c a=b|git -C /|git --exec-path=. log|git config|git submodule|env|env A=1 ls|sudo
  sudo ls|doas|su|xargs|xargs rm|parallel|nohup|time|timeout 5|nice|setsid|ssh|ssh example.org|docker|docker run|docker run a|docker exec|podman run
  kubectl|kubectl exec|make|make -f|just|eval|eval a|exec|command|builtin|source|.|. a|alias|export|set|trap|cd|cd /|pushd|find|find .|fd|awk|sed
  tar|vim|less|man|go run|gh api|systemctl|busybox|watch|strace`;
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

test("a prefix needs a program", () => assert.match(whyBanned([]) ?? "", /name of a program/));
test("an empty one is none", () => assert.match(whyBanned([""]) ?? "", /name of a program/));
test("hidden letters are refused", () => assert.match(whyBanned(["npm", "te\u202est"]) ?? "", /invisible/));
test("so are line ends", () => assert.match(whyBanned(["npm", "a\nb"]) ?? "", /invisible/));
test("and 21 words", () => assert.match(whyBanned(Array(21).fill("a")) ?? "", /at most 20/));
