import assert from "node:assert/strict";
import { test } from "node:test";
import { createShellSyntax } from "../../../src/host/node/shell/shellSyntax.ts";
import { worked } from "../../support/worked.ts";

const syntax = createShellSyntax({ shell: "/opt/tools/bin/bash" });

/** How a line is read: `plain` lines as their commands, others as what could be made out of them. Words are joined by "|", commands by " ; ". */
async function check(text: string, expected: string | undefined, shell = "bash") {
  const line = await syntax.commandsOf(text, shell);
  const words = line?.commands.map((argv) => argv.join("|")).join(" ; ");
  assert.equal(line && `${line.plain ? "plain" : "other"}: ${words}`.trimEnd(), expected);
}

const plain: [line: string, commands: string][] = [
  ["ls", "ls"],
  ["ls -la src", "ls|-la|src"],
  ["  ls  \t -l  ", "ls|-l"],
  ["ls 'a b' \"c d\"", "ls|a b|c d"],
  ["ls '' \"\"", "ls||"],
  ["git log --format='%h %s' -n 5", "git|log|--format=%h %s|-n|5"],
  ["echo a\\ b", "echo|a b"],
  ['echo "a\\"b\\\\c\\$d\\`e\\n"', 'echo|a"b\\c$d`e\\n'],
  ["echo '$HOME `id` $(id) *'", "echo|$HOME `id` $(id) *"],
  ["l'sx'\"y\"z a'b'c", "lsxyz|abc"],
  ["git show HEAD~1 HEAD^ HEAD:a.ts", "git|show|HEAD~1|HEAD^|HEAD:a.ts"],
  ["a && b || c; d | e", "a ; b ; c ; d ; e"],
  ["a\nb\n\n c", "a ; b ; c"],
  ["a;", "a"],
  ["a &&\nb", "a ; b"],
  ["a>/dev/null 2>&1", "a"],
  ["a 2>/dev/null | b", "a ; b"],
  ["a </dev/null", "a"],
  ["a 1>&2", "a"],
  ["bash -c 'a b && c'", "a|b ; c"],
  ['sh -lc "a; b"', "a ; b"],
  ["/bin/bash -c a", "a"],
  ["x && bash -lc 'cd y && z' | w", "x ; cd|y ; z ; w"],
  ["bash -c \"bash -c 'a'\"", "bash|-c|a"],
  ["bash -c a b", "bash|-c|a|b"],
  ["bash script.sh", "bash|script.sh"],
  ["/tmp/bash -c a", "/tmp/bash|-c|a"],
  ["git commit -m 'one\n\ntwo'", "git|commit|-m|one\n\ntwo"],
  ["echo 'ä ö'", "echo|ä ö"],
];
for (const [line, commands] of plain) test(`plain: ${line}`, () => check(line, `plain: ${commands}`));

const other: [line: string, commands: string][] = [
  ["", ""],
  ["# a", ""],
  ["ls # a", "ls"],
  ["ls $HOME", "ls"],
  ['ls "$HOME/x"', "ls"],
  ["ls \u0024{x}", "ls"],
  ["ls $(id)", "ls ; id"],
  ['ls "$(id)"', "ls ; id"],
  ["ls `id`", "ls ; id"],
  ["cat <(id)", "cat ; id"],
  ["ls $((1+1))", "ls"],
  ["ls ~", "ls"],
  ["ls ~/.ssh", "ls"],
  ["ls a:~/b", "ls"],
  ["ls --x=~/b", "ls"],
  ["ls *", "ls"],
  ["ls a?", "ls"],
  ["ls [a]", "ls"],
  ["ls {a,b}", "ls"],
  ["ls =id", "ls"],
  ["ls $'a'", "ls"],
  ['ls $"a"', "ls"],
  ["ls > a", "ls"],
  ["ls >> a", "ls"],
  ["ls >/dev/null a", "ls"],
  ["ls >/dev/null/../a", "ls"],
  ["ls >/dev/nullx", "ls"],
  ["ls 2>a", "ls"],
  ["ls &>/dev/null", "ls"],
  ["ls >&3", "ls"],
  ["ls < a", "ls"],
  ["ls <<E\na\nE", "ls"],
  ["ls <<<a", "ls"],
  ["ls &", "ls"],
  ["ls & id", "ls ; id"],
  ["ls |& cat", "ls ; cat"],
  ["(ls)", "ls"],
  ["{ ls; }", "ls"],
  ["! ls", "ls"],
  ["time ls", "time|ls"],
  ["coproc ls", "coproc|ls"],
  ["if ls; then id; fi", "ls ; id"],
  ["while ls; do id; done", "ls ; id"],
  ["for x in a; do id; done", "id"],
  ["case a in b) id;; esac", "id"],
  ["f() { id; }", "id"],
  ["function f { id; }", "id"],
  ["[ -f a ]", ""],
  ["[[ -f a ]]", ""],
  ["((a=1))", ""],
  ["a=1", ""],
  ["a=1 ls", "ls"],
  ["LD_PRELOAD=x ls -l", "ls|-l"],
  ["PATH=/tmp ls", "ls"],
  ["export PATH=/tmp", ""],
  ["readonly a=1", ""],
  ["unset PATH", ""],
  ["$x -l", ""],
  ['"$x" -l', ""],
  ["ls;; id", "ls ; id"],
  ["ls ||", "ls"],
  ["ls 'a", "ls"],
  ['ls "a', "ls"],
  ["ls )", "ls"],
  ['echo "a!b"', "echo"],
  ["echo a\u00a0b", "echo"],
  ["echo 'a\u202eb'", "echo"],
  ["echo 'a\u0007b'", "echo"],
  ["ls \r", "ls"],
  ["ls \\\n-l", "ls|-l"],
  ["ls \v-l", "ls|-l"],
  ["bash -c 'ls $x'", "bash|-c|ls $x ; ls"],
  ["bash -c 'rm x > y' && ls", "bash|-c|rm x > y ; rm|x ; ls"],
  [Array(51).fill("a").join(";"), Array(51).fill("a").join(" ; ")],
];
for (const [line, commands] of other)
  test(`not plain: ${JSON.stringify(line).slice(0, 60)}`, () => check(line, `other: ${commands}`.trimEnd()));

test("50 commands are not too many", () =>
  check(Array(50).fill("a").join(";"), `plain: ${Array(50).fill("a").join(" ; ")}`));
test("a NUL is not read", () => check("ls\0", undefined));
test("nor is a text that is too long", () => check(`ls ${"a".repeat(64 * 1024)}`, undefined));
test("zsh is read", () => check("ls", "plain: ls", "/bin/zsh"));
test("the user's own shell is read where it is", () => check("ls", "plain: ls", "/opt/tools/bin/bash"));
test("a program that calls itself a shell is not", () => check("ls", undefined, "/tmp/bash"));
test("nor is one in the working folder", () => check("ls", undefined, "./bash"));
for (const shell of ["fish", "pwsh", "powershell.exe", "cmd.exe", "nu", "bash.exe", "C:\\bash", "python3", ""])
  test(`${shell || "no shell"} is not read`, () => check("ls", undefined, shell));

for (const piece of ["a|", "((((a", "a=(", "<<<"])
  test(`a text that takes too long is given up, and the next one is read: ${piece}`, async () => {
    const text = piece.repeat(64 * 1024).slice(0, 60_000);
    const { ms } = await worked(() => check(text, undefined));
    assert.ok(ms < 5000);
    await check("ls", "plain: ls");
  });
