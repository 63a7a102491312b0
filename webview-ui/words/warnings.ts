import type { Args, Key } from "../strings.ts";
import { hiddenCount } from "./hidden.ts";

/** A reason to read a command closely, as a string of the panel. */
export interface Warning {
  key: Extract<Key, "warnHidden" | "warnPipe">;
  args: Args;
}

const PIPED_DOWNLOAD =
  /\b(curl|wget|iwr|irm|Invoke-WebRequest|Invoke-RestMethod)\b[^|;&\n]*\|\s*(sudo\s+)?(env\s+)?(\S*\/)?(sh|bash|zsh|dash|fish|python\d*|node|perl|ruby|iex|pwsh|powershell)\b/i;

/** What in a command could mislead its reader. */
export function warningsOf(command: string): Warning[] {
  const warnings: Warning[] = [];
  const hidden = hiddenCount(command);
  if (hidden > 0) warnings.push({ key: "warnHidden", args: { count: hidden } });
  if (PIPED_DOWNLOAD.test(withoutHidden(command))) warnings.push({ key: "warnPipe", args: {} });
  return warnings;
}

/** A zero-width character must not hide a word from the pattern. */
function withoutHidden(command: string): string {
  return command.replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, "");
}
