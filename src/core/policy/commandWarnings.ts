import { revealed } from "../../protocol/sanitizeForDisplay.ts";
import type { Effect } from "../tools/effect.ts";

type Command = Extract<Effect, { kind: "execute" }>;

const INTO_SHELL = /\|\s*(?:sudo\s+|env\s+)?(?:\S*\/)?(?:ba|z|da|k|fi)?sh\b/;
/** With code among their own words they only read what is handed to them. */
const INTO_INTERPRETER =
  /\|\s*(?:sudo\s+|env\s+)?(?:\S*\/)?(?:python[\d.]*|node|perl|ruby|php)(?:\s+-)?\s*(?:[|;&)\n]|$)/;
const DOWNLOAD_RUN =
  /(?:\b(?:eval|source|(?:ba|z|da|k|fi)?sh)|(?:^|[;&|]\s*)\.)\s[^;|]*(?:<\(|\$\(|`)\s*(?:curl|wget)\b/;

/** What in a command could mislead, or differs from what was allowed before, in sentences for the user. `allowed` are the session's keys. */
export function commandWarnings({ command, argv, cwd }: Command, allowed: Iterable<string>): string[] {
  const warnings: string[] = [];
  if (revealed(command) !== command) warnings.push("It has characters that cannot be seen.");
  if ([INTO_SHELL, INTO_INTERPRETER, DOWNLOAD_RUN].some((pattern) => pattern.test(command)))
    warnings.push("It runs what another program prints, which nobody has read.");
  const before = [...allowed].map((key) => JSON.parse(key) as string[]).filter(([kind]) => kind === "execute");
  const line = argv.at(-1) ?? "";
  for (const [, , folder, ...words] of before) {
    const other = words.at(-1) ?? "";
    if (other === line && folder !== cwd)
      warnings.push(`Unlike before, it would run in ${cwd}: you allowed it in ${folder}.`);
    else if (other !== "" && other !== line && line.startsWith(other))
      warnings.push("Unlike before, it goes on after the command that you allowed for the session.");
  }
  return [...new Set(warnings)];
}
