import { homedir } from "node:os";
import process from "node:process";
import { keyProblem } from "../core/model/keyProblem.ts";
import { hiddenLine } from "./hiddenLine.ts";
import { LocalKey } from "./localKey.ts";
import { say } from "./log.ts";
import { fail, print } from "./outcome.ts";
import { homeOf } from "./settings.ts";
import { UsageError } from "./usageError.ts";

export const loginUsage = `Usage: patchwright login [--with-api-key]
       patchwright login status

Keeps the API key of your model server in auth.json of PATCHWRIGHT_HOME, which only you can read. The key is asked for on the
terminal, without showing it, or read from standard input:

  printenv OPENAI_API_KEY | patchwright login --with-api-key

  --with-api-key   take the key from standard input
  status           say whether there is a key, and where it comes from

OPENAI_API_KEY or CODEX_API_KEY of the environment comes before the file.`;

export const logoutUsage = `Usage: patchwright logout

Removes the API key that patchwright login has kept.`;

/** The longest input that is read for a key. */
const MAX_INPUT_CHARS = 64 * 1024;

/** Resolves with the exit code. */
export async function runLogin(args: readonly string[]): Promise<number> {
  if (isHelp(args)) return print(loginUsage);
  const [word, ...rest] = args;
  if (word === "status" && rest.length === 0) return status(localKey());
  // What was given may be a key, so it is not repeated.
  if (rest.length > 0 || (word !== undefined && word !== "--with-api-key")) {
    throw new UsageError(
      "A key is never an argument: other users of this machine can read the arguments of programs. Give it on standard input.",
    );
  }
  const key = await readKey();
  if (key === "" && !process.stdin.isTTY)
    return fail(
      "No key came on standard input. Pipe it in: printenv OPENAI_API_KEY | patchwright login --with-api-key",
    );
  const problem = keyProblem(key);
  if (problem) return fail(problem);
  const local = localKey();
  await local.store(key);
  say(`The key is kept in ${local.path}.`);
  const source = await local.source();
  if (source && "variable" in source)
    say(`${source.variable} of the environment comes before it. Unset it to use the new key.`);
  return 0;
}

/** Resolves with the exit code. */
export async function runLogout(args: readonly string[]): Promise<number> {
  if (isHelp(args)) return print(logoutUsage);
  if (args.length > 0) throw new UsageError("patchwright logout takes no arguments.");
  const local = localKey();
  say((await local.forget()) ? "The key was removed." : "No key was kept.");
  const source = await local.source();
  if (source && "variable" in source) say(`${source.variable} of the environment still has one.`);
  return 0;
}

async function status(local: LocalKey): Promise<number> {
  const source = await local.source();
  if (!source) return fail("There is no key. Set one with: patchwright login");
  return print(`There is a key in ${"variable" in source ? `the variable ${source.variable}` : source.file}.`);
}

function localKey(): LocalKey {
  const { env } = process;
  return new LocalKey({ home: homeOf(env, homedir()), environment: env, onWarning: say });
}

async function readKey(): Promise<string> {
  const { stdin, stderr } = process;
  if (stdin.isTTY) return hiddenLine("API key: ", { input: stdin, output: stderr });
  let text = "";
  for await (const piece of stdin.setEncoding("utf8")) {
    text += piece;
    if (text.length > MAX_INPUT_CHARS) break;
  }
  return text.trim();
}

function isHelp([first]: readonly string[]): boolean {
  return first === "--help" || first === "-h";
}
