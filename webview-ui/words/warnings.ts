import { type Args, type Key, t } from "../strings.ts";
import { size } from "./bytes.ts";
import { hiddenCount } from "./hidden.ts";

/** A reason to read a command closely, as a string of the panel. */
export interface Warning {
  key: Extract<Key, "warnHidden" | "warnPipe">;
  args: Args;
}

const DOWNLOADS = /\b(curl|wget|iwr|irm|Invoke-WebRequest|Invoke-RestMethod)\b/i;
const INTERPRETS =
  /^\s*(sudo\s+)?(env\s+)?(\S{0,200}\/)?(sh|bash|zsh|dash|fish|python\d*|node|perl|ruby|iex|pwsh|powershell)\b/i;

/** What the server says of the same; the panel's words are the more exact ones. */
const SAYS_THE_SAME: Record<Warning["key"], RegExp> = {
  warnHidden: /characters that cannot be seen/,
  warnPipe: /runs what another program prints/,
};

/** What the panel finds in a command, and what the server says of it beside that, in sentences. */
export function allWarnings(command: string, told: readonly string[] = []): string[] {
  const own = warningsOf(command);
  const others = told.filter((sentence) => !own.some(({ key }) => SAYS_THE_SAME[key].test(sentence)));
  return [...own.map(({ key, args }) => t(key, args)), ...new Set(others)];
}

/** What in a command could mislead its reader. */
export function warningsOf(command: string): Warning[] {
  const warnings: Warning[] = [];
  const hidden = hiddenCount(command);
  if (hidden > 0) warnings.push({ key: "warnHidden", args: { count: hidden, size: size(hidden) } });
  if (pipesDownload(withoutHidden(command))) warnings.push({ key: "warnPipe", args: {} });
  return warnings;
}

/** Looks at each pipe once, so that a long command takes no longer than it has characters. */
function pipesDownload(command: string): boolean {
  const stages = command.split("|");
  return stages.some((stage, at) => {
    const next = stages[at + 1];
    if (next === undefined || !INTERPRETS.test(next)) return false;
    return DOWNLOADS.test(stage.slice(Math.max(...[";", "&", "\n"].map((end) => stage.lastIndexOf(end))) + 1));
  });
}

/** A zero-width character must not hide a word from the pattern. */
function withoutHidden(command: string): string {
  return command.replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, "");
}
