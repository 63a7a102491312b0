import { once } from "node:events";
import process from "node:process";
import type { LineStreams } from "../rpc/lines.ts";
import { withoutHidden } from "./jsonLine.ts";

/** Standard input and output as a channel of lines of JSON. A terminal in the place of a program gets nothing that steers it. */
export function stdioStreams(): LineStreams {
  // A reader that is gone is noticed by the next write; without a listener it would end the process.
  process.stdout.on("error", () => {});
  const { stdin, stdout } = process;
  return { input: stdin, write: (json) => writeOut(stdout.isTTY ? withoutHidden(json) : json) };
}

/** Writes to standard output; resolves when it takes more. Rejects when nobody reads it any more. */
export async function writeOut(text: string): Promise<void> {
  const { stdout } = process;
  if (stdout.destroyed || stdout.errored) throw new Error("Standard output is closed.");
  if (!stdout.write(text)) await once(stdout, "drain");
}

/** Resolves when all that was written to standard output has left this process, or cannot. */
export function flushed(): Promise<void> {
  return new Promise((resolve) => {
    if (process.stdout.destroyed || process.stdout.errored) resolve();
    else process.stdout.write("", () => resolve());
  });
}
