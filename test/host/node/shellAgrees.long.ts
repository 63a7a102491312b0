import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { createShellSyntax } from "../../../src/host/node/shell/shellSyntax.ts";

const folder = mkdtempSync(path.join(tmpdir(), "shell-agrees-"));
after(() => rmSync(folder, { recursive: true }));
const told = path.join(folder, "told");
// A program that writes down its arguments, in one write so that those of a pipeline do not mix.
writeFileSync(path.join(folder, "p"), `#!/bin/sh\nprintf '%s\\0' "$#" "$@" >> "$TOLD"\n`, { mode: 0o755 });
const syntax = createShellSyntax({ shell: "/bin/bash" });

/** Which commands a real shell runs, each as its arguments, in any order: two sides of a pipe race. */
function ranBy(shell: string, text: string): string[] {
  writeFileSync(told, "");
  const env = { PATH: `${folder}:/bin:/usr/bin`, HOME: folder, TOLD: told, SHLVL: "1" };
  try {
    execFileSync(shell, ["-c", text], { env, cwd: folder, stdio: ["ignore", "ignore", "ignore"] });
  } catch {
    // What it ran is told all the same.
  }
  const words = readFileSync(told, "utf8").split("\0").slice(0, -1);
  const commands: string[] = [];
  while (words.length > 0) commands.push(JSON.stringify(words.splice(0, 1 + Number(words[0])).slice(1)));
  return commands.sort();
}

let plain = 0;

/** A text that is read as plain commands is run as exactly these by the shell. */
async function check(shell: string, text: string) {
  const line = await syntax.commandsOf(text, shell);
  if (!line?.plain || !line.commands.every(([program]) => program === "p")) return;
  plain++;
  const expected = line.commands.map(([, ...args]) => JSON.stringify(args)).sort();
  assert.deepEqual(ranBy(shell, text), expected, JSON.stringify(text));
}

const letters = [..."ab01-=:/.,+%@^_~ \t\n'\"\\$`;&|<>(){}[]*?!#\r\u00a0"];
const pieces = fc.constantFrom(
  "a",
  "b c",
  "'x y'",
  '"x y"',
  "''",
  '""',
  "\\ ",
  "\\'",
  '\\"',
  "\\\\",
  '"a\\"b"',
  '"a\\\\b"',
  '"a\\$b"',
  '"\\a"',
  '"\'"',
  "'\"'",
  "'\\'",
  "'$x'",
  "--a=b",
  "--a='b c'",
  "HEAD~1",
  "a:b",
  "a=b",
  "x'y'\"z\"w",
  " ",
  "  ",
  "\t",
  "1",
  "2>&1",
  " 2>/dev/null ",
  "-",
  "--",
  "'a\nb'",
  "~",
  "*",
  "#",
  "!",
  "$a",
  "\\\n",
);
const joins = fc.constantFrom("; p ", " && p ", " | p ", "\np ", ";p ", "|p ", "&&p ", ";\n\np ", " p ");
const fromPieces = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: pieces },
      { weight: 1, arbitrary: joins },
      { weight: 3, arbitrary: fc.constant(" ") },
    ),
    { maxLength: 12 },
  )
  .map((some) => `p ${some.join("")}`);
const fromLetters = fc.array(fc.constantFrom(...letters), { maxLength: 12 }).map((some) => `p ${some.join("")}`);

for (const shell of ["bash", "sh"]) {
  test(`${shell} runs the commands that are read`, async () => {
    const texts = fc.oneof({ weight: 3, arbitrary: fromPieces }, { weight: 1, arbitrary: fromLetters });
    plain = 0;
    await fc.assert(
      fc.asyncProperty(texts, (text) => check(shell, text)),
      { seed: 11, numRuns: 1500 },
    );
    assert.ok(plain > 150, `only ${plain} texts were plain`);
  });
}
