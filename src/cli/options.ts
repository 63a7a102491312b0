import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { UsageError } from "./usageError.ts";

/** The options of a command that takes nothing else. Throws UsageError. */
export function parseOptions<const T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) {
  return usageErrors(() => parseArgs({ args: [...args], options }).values);
}

/** What `parse` makes of arguments; its complaints are the user's mistakes. */
export function usageErrors<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError((error as Error).message.replace(/\. To specify a positional.*$/s, "."));
  }
}
