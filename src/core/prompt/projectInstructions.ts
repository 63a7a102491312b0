import type { Host } from "../../host/host.ts";
import { AgentError, throwIfAborted } from "../../protocol/errors.ts";
import { decodeText } from "../patch/encoding.ts";
import type { Paths } from "../policy/paths.ts";
import { byteLength, headOf } from "../tools/bytes.ts";

/** All AGENTS.md files together, in bytes. */
const MAX_BYTES = 32_768;

/** The names looked for in each folder; the first that is there counts. */
const FILE_NAMES = ["AGENTS.override.md", "AGENTS.md"] as const;

export interface ProjectInstructions {
  /** The text for the model; empty when there are no such files. */
  readonly text: string;
  /** The files it came from, outermost first. */
  readonly sources: readonly string[];
}

interface Place {
  readonly host: Host;
  readonly paths: Paths;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** What AGENTS.md files say: the user's own, then one a folder from the repository's root down to the cwd. */
export async function readProjectInstructions(place: Place): Promise<ProjectInstructions> {
  const { host, paths } = place;
  const found: { path: string; text: string }[] = [];
  const global = await firstNonEmpty(FILE_NAMES, async (name) => (await host.storage.read(name))?.trim());
  if (global) found.push({ path: `${host.storage.root}/${global.name}`, text: global.text });
  for (const folder of await foldersDown(place)) {
    const file = await firstNonEmpty(FILE_NAMES, (name) => readIfThere(paths.join(folder, name), place));
    if (file) found.push({ path: paths.join(folder, file.name), text: file.text });
  }
  return { text: render(found), sources: found.map(({ path }) => path) };
}

async function firstNonEmpty(names: readonly string[], read: (name: string) => Promise<string | undefined>) {
  for (const name of names) {
    const text = await read(name);
    if (text) return { name, text };
  }
  return undefined;
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

async function readIfThere(path: string, { host, signal }: Place): Promise<string | undefined> {
  try {
    return decodeText((await host.files.read(path, signal)).bytes)?.text.trim();
  } catch (error) {
    if (error instanceof AgentError && error.code !== "aborted") return undefined;
    throw error;
  }
}

function render(found: readonly { path: string; text: string }[]): string {
  let left = MAX_BYTES;
  const parts = found.map(({ path, text }) => {
    const kept = headOf(text, left);
    left -= byteLength(kept);
    const cut = kept.length < text.length ? `\n(Cut here: only ${MAX_BYTES} bytes of AGENTS.md files are read.)` : "";
    return `# Instructions from ${path}\n\n${kept}${cut}`;
  });
  return parts.length === 0 ? "" : `<project_instructions>\n${parts.join("\n\n")}\n</project_instructions>`;
}
