import assert from "node:assert/strict";
import { test } from "node:test";
import { argvText, typedWords } from "../../webview-ui/words/argv.ts";

/** Words as they are shown, which read as the same words again. */
function check(argv: string[], expected: string) {
  assert.equal(argvText(argv), expected);
  assert.deepEqual(typedWords(expected), { words: argv });
}

test("plain words", () => check(["npm", "run", "build:all"], "npm run build:all"));
test("a word with spaces", () => check(["echo", "a b"], "echo 'a b'"));
test("an empty word", () => check(["echo", ""], "echo ''"));
test("a word with a quote", () => check(["echo", "it's"], `echo 'it'"'"'s'`));
test("signs of the shell", () => check(["echo", "a;b", "$HOME"], "echo 'a;b' '$HOME'"));

function checkWords(text: string, expected: string[] | undefined) {
  assert.deepEqual(typedWords(text)?.words, expected);
}

test("spaces between and around", () => checkWords("  npm \t test ", ["npm", "test"]));
test("double quotes", () => checkWords('a "b c" d', ["a", "b c", "d"]));
test("nothing", () => checkWords("  ", []));
test("a quote that is not closed", () => checkWords("a 'b", undefined));

function checkSign(text: string, sign: string | undefined) {
  assert.equal(typedWords(text)?.sign, sign);
}
test("two commands", () => checkSign("npm test && curl", "&"));
test("a command within", () => checkSign("echo $(id)", "$"));
test("signs in quotes are part of a word", () => checkSign("grep 'a|b' \"c;d\"", undefined));
