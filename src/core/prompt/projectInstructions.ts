import type { Host } from "../../host/host.ts";
import { AgentError, throwIfAborted, toAgentError } from "../../protocol/errors.ts";
import { isCredential } from "../policy/credentials.ts";
import type { Paths } from "../policy/paths.ts";
import { byteLength, headOf } from "../tools/bytes.ts";
import { nameWithin, within } from "./ownTags.ts";
import { plainTextOf } from "./plainText.ts";

/** All AGENTS.md files together, in bytes. */
const MAX_BYTES = 32_768;

/** The names looked for in each folder, before the user's own; the first that says something counts. */
const FILE_NAMES = ["AGENTS.override.md", "AGENTS.md"] as const;

export interface ProjectInstructions {
  /** What each file says to the model, by its path, outermost first. */
  readonly texts: Readonly<Record<string, string>>;
  /** The files of which at least a part is told, outermost first. */
  readonly sources: readonly string[];
  /** What was not read or not told whole, in sentences for the user. */
  readonly problems: readonly string[];
}

interface Place {
  readonly host: Host;
  readonly paths: Paths;
  readonly cwd: string;
  /** Names that count as AGENTS.md where there is none. */
  readonly fallbackNames: readonly string[];
  readonly signal: AbortSignal;
}

interface Found {
  readonly path: string;
  readonly text: string;
}

/** What AGENTS.md files say: the user's own, then one a folder from the repository's root down to the cwd. Rejects with `aborted` only. */
export async function readProjectInstructions(place: Place): Promise<ProjectInstructions> {
  const { host, paths } = place;
  const problems: string[] = [];
  const found: Found[] = [];
  const look = async (names: readonly string[], pathOf: (name: string) => string, read: Read) => {
    for (const name of names) {
      const path = pathOf(name);
      const text = await textAt(path, () => read(name), problems);
      if (!text) continue;
      // Looked at after reading: before, it may not have been there yet.
      if (!host.sandbox.isUnsettled(path)) return found.push({ path, text });
      problems.push(`${path} does not guide the agent: a command that still runs may have made it.`);
    }
  };
  await look(FILE_NAMES, (name) => `${host.storage.root}/${name}`, storedText(host));
  const names = [...FILE_NAMES, ...place.fallbackNames.filter(isName)];
  const folders = await foldersDown(place);
  const top = await realOf(folders[0] ?? place.cwd, place);
  for (const folder of folders) {
    const pathOf = (name: string) => paths.join(folder, name);
    await look(names, pathOf, (name) => fileText(pathOf(name), top, place));
  }
  return fitted(found, problems);
}

/** Resolves with undefined when nothing is there. */
type Read = (name: string) => Promise<string | undefined>;

/** A name that leads nowhere else. */
function isName(name: string): boolean {
  return name !== "" && !/[\\/]/.test(name) && name !== "." && name !== "..";
}

/** What the file says; undefined when that is nothing, for whatever reason. */
async function textAt(path: string, read: () => Promise<string | undefined>, problems: string[]) {
  try {
    return (await read())?.trim();
  } catch (error) {
    const { code, message } = toAgentError(error);
    if (code === "aborted") throw error;
    problems.push(`${path} does not guide the agent, since it could not be read. ${message}`);
    return undefined;
  }
}

function storedText({ storage }: Host): Read {
  return async (name) => {
    const text = await storage.read(name);
    return text && plainTextOf(new TextEncoder().encode(text));
  };
}

async function realOf(path: string, { host, signal }: Place): Promise<string> {
  return host.files.realPath(path, signal).catch(() => path);
}

/** `top` is the outermost folder, all links followed. */
async function fileText(path: string, top: string, place: Place): Promise<string | undefined> {
  const { host, signal } = place;
  try {
    const { bytes, realPath } = await host.files.read(path, signal);
    requireInstructions(realPath ?? path, top, place);
    return plainTextOf(bytes);
  } catch (error) {
    if (error instanceof AgentError && error.code === "notFound") return undefined;
    throw error;
  }
}

/** Somebody else may have made the link: by it, what the user keeps for himself would be told to the model. */
function requireInstructions(realPath: string, top: string, { paths }: Place): void {
  if (!isCredential(realPath) && (paths.isInside(top, realPath) || /\.md$/i.test(realPath))) return;
  throw new AgentError(
    "permissionDenied",
    `It leads to ${realPath}. Outside of the project only Markdown files are read as instructions, and credentials nowhere.`,
  );
}

/** From the nearest folder with a .git, or else the cwd alone, down to the cwd. */
async function foldersDown({ host, paths, cwd, signal }: Place): Promise<string[]> {
  const folders: string[] = [];
  for (let folder = cwd; ; folder = paths.parent(folder)) {
    folders.unshift(folder);
    if (await isThere(paths.join(folder, ".git"), host, signal)) return folders;
    if (paths.parent(folder) === folder) return [cwd];
  }
}

/** A folder that may not be looked into counts as one without it. */
async function isThere(path: string, host: Host, signal: AbortSignal): Promise<boolean> {
  try {
    return (await host.files.stat(path, signal)) !== undefined;
  } catch (error) {
    throwIfAborted(signal);
    if (error instanceof AgentError) return false;
    throw error;
  }
}

/** The files as far as they fit together, with a word on what does not. */
function fitted(found: readonly Found[], problems: string[]): ProjectInstructions {
  const texts: Record<string, string> = {};
  const sources: string[] = [];
  let left = MAX_BYTES;
  for (const { path, text } of found) {
    const kept = headOf(text, left);
    left = kept.length < text.length ? 0 : left - byteLength(kept);
    if (kept !== "") sources.push(path);
    if (kept === text) texts[path] = text;
    else {
      const what = kept === "" ? "is left out" : "is cut";
      texts[path] =
        `${kept}${kept && "\n"}(This file ${what}: only ${MAX_BYTES} bytes of such files are read. Read it yourself if its rest matters.)`;
      problems.push(`${path} ${what}, since only ${MAX_BYTES} bytes of AGENTS.md files are read. Shorten them.`);
    }
  }
  return { texts, sources, problems };
}

type Texts = ProjectInstructions["texts"];

/** The message that tells a model of the files: all of them, or those that differ from what it was last told. Undefined when none does. */
export function projectMessage(now: Texts, before: Texts): string | undefined {
  const changed = Object.entries(now).filter(([path, text]) => before[path] !== text);
  const gone = Object.keys(before).filter((path) => !(path in now));
  if (changed.length + gone.length === 0) return undefined;
  if (Object.keys(now).length === 0) return "The project's AGENTS.md instructions no longer apply.";
  const parts = changed.map(([path, text]) => {
    const change = Object.keys(before).length === 0 ? "" : path in before ? " (changed: this replaces it)" : " (new)";
    return `# Instructions from ${nameWithin(path)}${change}\n\n${within(text)}`;
  });
  for (const path of gone) parts.push(`The instructions from ${nameWithin(path)} no longer apply.`);
  return `<project_instructions>\n${parts.join("\n\n")}\n</project_instructions>`;
}
