import { type Stats, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { AgentError } from "../../protocol/errors.ts";
import { isAbsent } from "./read.ts";

/** Makes a folder with those above it that are missing. Rejects with what the system says, also where Node says less. */
export async function makeFolder(folder: string, mode: number): Promise<void> {
  await mkdir(folder, { recursive: true, mode }).catch(async (error: unknown) => {
    const file = fileAbove(folder);
    if (file !== undefined)
      throw new AgentError("alreadyExists", `${file} is a file, and a folder is needed there. Move it away.`, {
        cause: error,
      });
    // Of a file system that is read-only Node says here that nothing is there.
    if (isAbsent(error)) await makeOutermost(folder, mode);
    throw error;
  });
}

/** What stands in the way, if anything does. */
function fileAbove(folder: string): string | undefined {
  const entry = entryAt(folder);
  if (entry) return entry.isDirectory() ? undefined : folder;
  return folder === dirname(folder) ? undefined : fileAbove(dirname(folder));
}

/** Makes the first of those that are missing. */
async function makeOutermost(folder: string, mode: number): Promise<void> {
  await mkdir(folder, { mode }).catch(async (error: unknown) => {
    if (!isAbsent(error) || folder === dirname(folder)) throw error;
    await makeOutermost(dirname(folder), mode);
  });
}

function entryAt(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // Below a file nothing can be.
    return undefined;
  }
}
