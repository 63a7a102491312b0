import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isLooking } from "../../../../src/core/policy/commands/looking.ts";
import { programs } from "../../../../src/core/policy/commands/programs.ts";
import { pathsOf } from "../../../../src/core/policy/paths.ts";
import { createShellSyntax } from "../../../../src/host/node/shell/shellSyntax.ts";

const syntax = createShellSyntax({ shell: "/bin/bash" });
const place = { paths: pathsOf({ os: "linux" }), cwd: "/home/ada", roots: ["/home/ada"] };

/** Whatever is made of these parts asks. */
async function check(parts: fc.Arbitrary<readonly string[]>) {
  const asks = async (words: readonly string[]) =>
    assert.equal(isLooking(await syntax.commandsOf(words.join(" "), "bash"), place), false, words.join(" "));
  await fc.assert(fc.asyncProperty(parts, asks), { seed: 7, numRuns: 400 });
}

/** Arguments that only look. */
const harmless = fc.array(fc.constantFrom("a", "src/a.ts", "'b c'", '"d"', "e.f", "HEAD", "2"), { maxLength: 4 });
const names = Object.keys(programs);
const git = [
  "git log",
  "git diff",
  "git show",
  "git status",
  "git blame",
  "git grep",
  "git ls-files",
  "git branch --list",
];
const anyProgram = fc.constantFrom(...names, ...git);

/** The arguments with one more somewhere among them. */
function withOne(program: fc.Arbitrary<string>, one: fc.Arbitrary<string>): fc.Arbitrary<readonly string[]> {
  return fc.tuple(program, harmless, one, fc.nat(4)).map(([name, args, extra, at]) => {
    const place = Math.min(at, args.length);
    return [name, ...args.slice(0, place), extra, ...args.slice(place)];
  });
}

/** Long names that no program has. */
const unknownLong = fc.stringMatching(/^--zz[a-z-]{0,6}(=[a-z]{0,3})?$/);
test("an unknown long flag asks", () => check(withOne(anyProgram, unknownLong)));

const letters = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"];
/** A program with a letter that is none of its flags, alone or behind some that are and take no value. */
const unknownShort = fc.constantFrom(...names).chain((name) => {
  const flags = programs[name]?.flags.split(/\s+/) ?? [];
  const bare = flags.filter((flag) => /^-[a-zA-Z]$/.test(flag)).map((flag) => flag.slice(1));
  const unknown = letters.filter((letter) => !flags.some((flag) => flag.startsWith(`-${letter}`)));
  const cluster = fc.tuple(fc.subarray(bare, { maxLength: Math.min(3, bare.length) }), fc.constantFrom(...unknown));
  return withOne(
    fc.constant(name),
    cluster.map(([known, letter]) => `-${known.join("")}${letter}`),
  );
});
test("an unknown letter asks, also behind others", () => check(unknownShort));

/** Long names of flags that programs know, cut short. */
const cutShort = fc.constantFrom(...names).chain((name) => {
  const long = (programs[name]?.flags.split(/\s+/) ?? []).map((flag) => flag.replace(/[:%?]$/, ""));
  const known = new Set(long);
  const cut = long
    .filter((flag) => flag.startsWith("--"))
    .flatMap((flag) => [flag.slice(0, -1), flag.slice(0, 5)])
    .filter((flag) => flag.length > 3 && !known.has(flag));
  return withOne(fc.constant(name), fc.constantFrom(...cut, "--zz"));
});
test("a long flag that is cut short asks", () => check(cutShort));

const expansions = [
  "$HOME",
  '"$x"',
  "$(id)",
  "`id`",
  "\u0024{HOME}",
  "$((1))",
  "<(id)",
  "~",
  "~/a",
  "*",
  "a*",
  "[a]",
  "a?",
  "{a,b}",
  "$'a'",
];
test("an expansion asks", () => check(withOne(anyProgram, fc.constantFrom(...expansions))));

const operators = [
  ">a",
  "> a",
  ">>a",
  "2>a",
  "&>a",
  "<a",
  "<<<a",
  "<>a",
  ">|a",
  "&",
  "|&",
  "(",
  ")",
  "{",
  "}",
  ";;",
  "\\\n",
  "#a",
  "!",
];
test("an operator that is more than a join asks", () => check(withOne(anyProgram, fc.constantFrom(...operators))));

const joins = fc.constantFrom(";", "&&", "||", "|", "\n");
const acting = fc.constantFrom(
  "rm a",
  "a",
  "./ls",
  "x=1",
  "x=1 ls",
  "eval ls",
  "npm test",
  "sh a",
  "export a",
  "git push",
);
const joined = fc
  .tuple(anyProgram, harmless, joins, acting)
  .map(([name, args, join, act]) => [name, ...args, join, act]);
test("what is joined with something that acts asks", () => check(joined));
test("also when that comes first", () =>
  check(fc.tuple(acting, joins, anyProgram, harmless).map(([act, join, name, args]) => [act, join, name, ...args])));

const elsewhere = fc.constantFrom("/etc/passwd", "..", "../a", "a/../../b", "/", "/home/adaptor/a", "/home/ada/../a");
const withPaths = names.filter((name) => programs[name]?.operands === "paths");
test("a path that leads out asks", () => check(withOne(fc.constantFrom(...withPaths), elsewhere)));

const findActs = fc.constantFrom(
  "-delete",
  "-exec rm {} +",
  "-execdir a ';'",
  "-ok a ';'",
  "-fprint a",
  "-fls a",
  "-fprintf a b",
  "-zz",
);
const findTests = fc.array(fc.constantFrom("-name a", "-type f", "-maxdepth 2", "-not", "-print", "-o"), {
  maxLength: 4,
});
test("find asks when it acts", () =>
  check(fc.tuple(findTests, findActs, findTests).map(([some, act, more]) => ["find .", ...some, act, ...more])));
