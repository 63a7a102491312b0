import type { CommandRights } from "../../src/protocol/approvals.ts";
import type { SandboxPolicy, SandboxState } from "../../src/protocol/settings.ts";
import { networkOf, type Way } from "../session/settings.ts";
import { language, t } from "../strings.ts";
import { relativePath } from "./paths.ts";

/** The folders that the user works in, and what the window calls the first of them. */
export interface Workspace {
  roots: readonly string[];
  name: string;
}

/** What a command may write: "acme-http and the temporary folder". */
export function mayWrite(rights: CommandRights, workspace: Workspace): string {
  return rights.confined ? foldersWords(rights.writableRoots, workspace) : t("anywhere");
}

/** What confined commands may write in a thread with this policy. */
export function mayWriteBy(policy: SandboxPolicy, workspace: Workspace): string {
  if (policy.type === "dangerFullAccess") return t("anywhere");
  if (policy.type === "readOnly") return t("nothingAtAll");
  const temporary = policy.excludeSlashTmp && policy.excludeTmpdirEnvVar ? [] : ["/tmp"];
  return foldersWords([...workspace.roots, ...(policy.writableRoots ?? []), ...temporary], workspace);
}

export function networkWords(network: CommandRights["network"]): string {
  const words = { off: "networkOff", asks: "networkAsks", on: "allHosts" } as const;
  return t(words[network]);
}

export function networkWordsBy(policy: SandboxPolicy): string {
  return networkWords(networkOf(policy));
}

/** What confines commands, by its name. */
export function sandboxName(state: SandboxState | undefined): string {
  if (state?.kind === "bubblewrap") return t("sandboxBubblewrap");
  return t(state?.kind === "seatbelt" ? "sandboxSeatbelt" : "sandboxNone");
}

/** What a way of working means on this machine. */
export function wayHint(way: Way, { confined, never }: { confined: boolean; never: boolean }): string {
  if (way === "askUnconfined") return t("modeAskUnconfinedHint");
  if (way === "readOnly" && never) return t("modeReadOnlyNever");
  const hints = {
    ask: confined ? "modeAskSandbox" : "modeAskNone",
    agent: confined ? "modeAgentSandbox" : "modeAgentNone",
    full: confined ? "modeFullSandbox" : "modeFullNone",
    never: confined ? "modeNeverSandbox" : "modeNeverNone",
    readOnly: confined ? "modeReadOnlySandbox" : "modeReadOnlyNone",
  } as const;
  return t(hints[way]);
}

/** Folders below another one of them add nothing, but that the workspace is among them is always said. */
function foldersWords(folders: readonly string[], workspace: Workspace): string {
  const isWithin = (folder: string) => folders.some((other) => other !== folder && isBelow(folder, other));
  const outer = folders.filter((folder) => workspace.roots.includes(folder) || !isWithin(folder));
  const names = [...new Set(outer.map((folder) => folderName(folder, workspace)))];
  if (names.length === 0) return t("nothingAtAll");
  return new Intl.ListFormat(language.tag, { type: "conjunction" }).format(names);
}

function folderName(folder: string, { roots, name }: Workspace): string {
  if (folder === roots[0] && name) return name;
  const isRoot = roots.includes(folder);
  if (isTemporary(folder)) return t("temporaryFolder");
  return isRoot ? (folder.split(/[/\\]/).at(-1) ?? folder) : folder;
}

function isTemporary(folder: string): boolean {
  return /^(\/private)?\/tmp$|^(\/private)?\/var\/(tmp|folders\/.*\/T)\/?$/.test(folder);
}

function isBelow(folder: string, other: string): boolean {
  const relative = relativePath(folder, [other]);
  return relative !== "." && !relative.startsWith("/") && !/^[A-Za-z]:\//.test(relative);
}
