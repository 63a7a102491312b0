import { execFile } from "node:child_process";
import { cp, mkdir, rm, symlink } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { main, ScriptError } from "./scriptError.ts";

const repository = path.resolve(import.meta.dirname, "..");
const template = path.join(repository, "sample");

/** Linked from the repository, so that a fresh copy needs no installation: what its tests and the editor's type checker use. */
const packages = ["esbuild", "typescript", "@types/node"];
const programs = ["esbuild", "tsc"];

/** The history of a copy: each commit adds these files of the template, the last one all that is left. */
const history = [
  {
    date: "2025-03-03T09:12:00+01:00",
    message: "Read weekly opening hours",
    files: ["package.json", "tsconfig.json", ".gitignore", "src/time.ts", "src/hours.ts", "src/parse.ts"],
    tests: ["test/run.mjs", "test/parse.test.ts"],
  },
  {
    date: "2025-03-05T16:40:00+01:00",
    message: "Say whether a place is open, and when it opens next",
    files: ["src/isOpen.ts", "src/nextOpening.ts"],
    tests: ["test/at.ts", "test/isOpen.test.ts", "test/nextOpening.test.ts"],
  },
  { date: "2025-03-10T11:05:00+01:00", message: "Put opening hours into words", files: ["."], tests: [] },
];

/**
 * Makes a fresh copy of the sample workspace with its history in git; whatever was in the folder is gone. Two copies have the same
 * commits. Resolves with the folder, absolute.
 */
export async function createSample(folder: string): Promise<string> {
  const target = path.resolve(folder);
  await rm(target, { recursive: true, force: true });
  await cp(template, target, { recursive: true, filter: (file) => !/[\\/](node_modules|out)$/.test(file) });
  await linkPackages(path.join(target, "node_modules"));
  await git(target, ["init", "--quiet", "--initial-branch=main"]);
  for (const { date, message, files, tests } of history) {
    await git(target, ["add", "--", ...files, ...tests]);
    await git(target, ["commit", "--quiet", "--no-verify", "--message", message], date);
  }
  return target;
}

async function linkPackages(folder: string): Promise<void> {
  const installed = path.join(repository, "node_modules");
  for (const name of packages) {
    const link = path.join(folder, name);
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(path.join(installed, name), link, "junction");
  }
  const names = programs.flatMap((name) => (process.platform === "win32" ? [name, `${name}.cmd`] : [name]));
  for (const name of names) {
    await cp(path.join(installed, ".bin", name), path.join(folder, ".bin", name), { verbatimSymlinks: true });
  }
}

/** Without the user's own configuration, so that neither their name, nor a hook, nor a signature changes the commits. */
async function git(cwd: string, args: readonly string[], date = ""): Promise<void> {
  const person = { NAME: "Sample Author", EMAIL: "author@sample.invalid", DATE: date };
  const identity = Object.entries(person).flatMap(([key, value]) => [
    [`GIT_AUTHOR_${key}`, value],
    [`GIT_COMMITTER_${key}`, value],
  ]);
  const none = process.platform === "win32" ? "NUL" : "/dev/null";
  const config = { GIT_CONFIG_GLOBAL: none, GIT_CONFIG_SYSTEM: none, GIT_TEMPLATE_DIR: "" };
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  const env = { ...Object.fromEntries(inherited), ...Object.fromEntries(identity), ...config };
  try {
    await promisify(execFile)("git", ["-c", "core.autocrlf=false", ...args], { cwd, env });
  } catch (cause) {
    throw new ScriptError(`The sample workspace needs git, and "git ${args[0]}" failed: ${String(cause)}`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const folder = process.argv[2] ?? path.join(repository, ".cache", "sample-workspace");
  await main(async () => console.log(await createSample(folder)));
}
