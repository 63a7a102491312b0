import process from "node:process";
import { say } from "./log.ts";

/** Prints the result of a command, unless it is empty, and gives the exit code of one that went well. */
export function print(text: string): number {
  if (text !== "") process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
  return 0;
}

/** Says why a command failed, and gives its exit code. */
export function fail(sentence: string, code = 1): number {
  say(sentence);
  return code;
}
