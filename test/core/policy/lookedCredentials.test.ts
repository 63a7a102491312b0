import assert from "node:assert/strict";
import { test } from "node:test";
import { lookedAt } from "../../../src/core/policy/commands/looking.ts";
import { isHarmlessLook } from "../../../src/core/policy/lookedCredentials.ts";
import { pathsOf } from "../../../src/core/policy/paths.ts";
import { createShellSyntax } from "../../../src/host/node/shell/shellSyntax.ts";
import { createMemoryHost } from "../../support/memoryHost.ts";

const syntax = createShellSyntax({ shell: "/bin/bash" });
const paths = pathsOf({ os: "linux" });
const root = "/home/ada/app";
const files = {
  "/home/ada/app/.git/HEAD": "a\n",
  "/home/ada/app/.gitignore": ".env\n",
  "/home/ada/app/.env": "KEY=1\n",
  "/home/ada/app/src/a.ts": "a\n",
  "/home/ada/app/certs/server.key": "KEY\n",
  "/home/ada/app/rules/.rgignore": "!.env\n",
  "/home/ada/app/rules/a.ts": "a\n",
};

/** Whether a thread that trusts nothing runs the line unasked. */
async function check(line: string, expected: "looks" | "asks") {
  const host = createMemoryHost({ files, roots: [root] });
  const looked = lookedAt(await syntax.commandsOf(line, "bash"), { paths, cwd: root, roots: [root] });
  const allowed = { workspaceRoots: [root], readableRoots: [] };
  const isHarmless = looked !== undefined && (await isHarmlessLook(looked, allowed, { files: host.files, paths }));
  assert.equal(isHarmless ? "looks" : "asks", expected);
}

/** One test for each line of a text. */
function checkLines(expected: "looks" | "asks", lines: string) {
  for (const line of lines.split("\n").map((one) => one.trim()))
    if (line !== "") test(`${expected}: ${line}`, () => check(line, expected));
}

checkLines(
  "asks",
  `
  cat .env
  cat src/../.env
  head -c 9 certs/server.key
  rg KEY .env
  rg KEY
  rg KEY .
  rg -l KEY
  rg KEY certs
  rg a src certs
  rg a rules
  rg -u a src
  rg -uu a src
  rg -nuuu a src
  rg --unrestricted a src
  rg --hidden a src
  rg -. a src
  rg --no-ignore a src
  rg --no-ignore-vcs a src
  rg --no-ignore-parent a src
  rg --ignore-file=src/a.ts a src
  rg -L a src
  rg --follow a src
  rg -g .env a src
  rg -g '.e*' a src
  rg -g '*' a src
  rg -g '!dist' -g '.en?' a src
  rg --glob='**/.env' a src
  rg --iglob .ENV a src
  rg -g '*.key' a src
  grep -r KEY .
  grep -r KEY
  grep -rn a src
  grep -R a src
  grep -nr -e a src
  grep --recursive a src
  grep --dereference-recursive a src
  egrep -r a src
  fgrep -r a src
  grep KEY .env
  diff -r src certs
  diff src certs
  diff --recursive src certs
  diff --from-file=src certs
  git grep --untracked KEY
  git grep --no-index KEY
  git diff --no-index src certs
  git diff src certs
  git diff -- src certs
  git diff src -- certs
  git -C src diff . ../certs
  git show HEAD:.env
  git show HEAD~2:config/.env
  git show :.env
  git show :0:.env
  git show 'stash@{0}:.env'
  git -C src show HEAD:.env
  git cat-file -p HEAD:.env
  git cat-file -p HEAD:certs/server.key
  git diff HEAD:.env HEAD:src/a.ts
  git diff .env
  git diff HEAD -- .env
  git log -p -- .env
  git log -p -- ':(top).env'
  git log -p -- ':/.env'
  git log -p -- ':(glob)**/.env'
  git blame .env
  git blame HEAD -- certs/server.key
  git grep KEY HEAD:.env
  git grep KEY -- .env
  git ls-tree HEAD:.ssh
  cd certs && cat server.key
  cd certs && rg KEY
  `,
);
checkLines(
  "looks",
  `
  rg a src
  rg -n 'a|b' src
  rg a src/a.ts certs/a.crt
  rg -g '*.ts' a src
  rg -g '!dist' -e .env src
  rg -g 'src/**/*.tsx' a src
  rg -t ts a src
  rg --files
  rg --files --hidden
  grep a src/a.ts
  grep -n a src/a.ts package.json
  grep -rn a src/a.ts
  diff src/a.ts README.md
  diff -rq src certs
  fd -u env
  ls -la
  git grep a
  git grep -n a src
  git diff
  git diff HEAD~1 -- src
  git diff main src/a.ts
  git diff main feature
  git diff HEAD:src/a.ts HEAD:src/b.ts
  git show HEAD
  git show HEAD:src/a.ts
  git show HEAD:.env.example
  git cat-file -p HEAD:package.json
  git log -p -3
  git log -p -- src
  git log -- ':!dist'
  git blame -L 1,5 src/a.ts
  cat .env.example
  cat src/a.ts | grep a
  `,
);

/** Whether a search of the folder runs unasked. The key is named by the ignore rule, which ripgrep obeys in a repository alone. */
function checkRepository(more: Readonly<Record<string, string>>, expected: boolean) {
  const ignored = { [`${root}/.gitignore`]: "*.key\n", [`${root}/src/a.key`]: "KEY\n", [`${root}/src/a.ts`]: "a\n" };
  const host = createMemoryHost({ files: { ...ignored, ...more }, roots: [root] });
  const looked = { paths: [root], whole: [], searched: [root] };
  const allowed = { workspaceRoots: [root], readableRoots: [] };
  return isHarmlessLook(looked, allowed, { files: host.files, paths }).then((is) => assert.equal(is, expected));
}
test("what .gitignore hides is found where there is no repository", () => checkRepository({}, false));
test("and not in one", () => checkRepository({ [`${root}/.git/HEAD`]: "a" }, true));
test("nor in a folder of one", () => checkRepository({ "/home/ada/.git/HEAD": "a" }, true));

test("a folder whose files are too many to look at them all", async () => {
  const { files } = createMemoryHost({ roots: [root] });
  const many = {
    ...files,
    list: async () => ({ paths: [], more: true }),
    stat: async () => ({ kind: "folder", size: 0 }),
  };
  const looked = { paths: [root], whole: [], searched: [root] };
  const allowed = { workspaceRoots: [root], readableRoots: [] };
  assert.equal(await isHarmlessLook(looked, allowed, { files: many as typeof files, paths }), false);
});
