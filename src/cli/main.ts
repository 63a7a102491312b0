import os from "node:os";
import path from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { createNodeStorage } from "../host/node/storage.ts";
import { describeThreads, listThreads } from "./threads.ts";

const usage = `Usage: patchwright threads [--all] [--json]

  threads      the threads kept for this folder, the newest first
  --all        of every folder
  --json       one JSON object a line, for programs
  --version    the version of patchwright

PATCHWRIGHT_HOME says where threads are kept; ~/.patchwright unless it is set.`;

/** Filled in by the build. */
declare const PATCHWRIGHT_VERSION: string;

/** Exit codes: 0 done, 1 failed, 2 the arguments are wrong. */
async function main(args: readonly string[]): Promise<number> {
  const parsed = parse(args);
  if (parsed === undefined) return 2;
  const { values, positionals } = parsed;
  if (values.version) return print(PATCHWRIGHT_VERSION);
  if (values.help || positionals.length === 0) return print(usage);
  if (positionals.length > 1 || positionals[0] !== "threads")
    return wrong(`There is no command "${positionals.join(" ")}".`);
  const storage = createNodeStorage(process.env.PATCHWRIGHT_HOME || path.join(os.homedir(), ".patchwright"));
  const threads = await listThreads(storage, {
    version: PATCHWRIGHT_VERSION,
    cwd: values.all ? undefined : process.cwd(),
  });
  if (values.json) return print(threads.map((thread) => JSON.stringify(thread)).join("\n"));
  return print(describeThreads(threads) || "No threads are kept for this folder.");
}

function parse(args: readonly string[]) {
  const flag = { type: "boolean", default: false } as const;
  try {
    const options = { all: flag, json: flag, version: flag, help: { ...flag, short: "h" } } as const;
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    wrong((error as Error).message);
    return undefined;
  }
}

function print(text: string): number {
  if (text !== "") process.stdout.write(`${text}\n`);
  return 0;
}

function wrong(problem: string): number {
  process.stderr.write(`${problem}\n\n${usage}\n`);
  return 2;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  return 1;
});
