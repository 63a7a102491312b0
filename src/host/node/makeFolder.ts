import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { isAbsent } from "./read.ts";

/** Makes a folder with those above it that are missing. Rejects with what the system says, also where Node says less. */
export async function makeFolder(folder: string, mode: number): Promise<void> {
  await mkdir(folder, { recursive: true, mode }).catch(async (error: unknown) => {
    // Of a file system that is read-only Node says here that nothing is there.
    if (isAbsent(error)) await makeOutermost(folder, mode);
    throw error;
  });
}

/** Makes the first of those that are missing. */
async function makeOutermost(folder: string, mode: number): Promise<void> {
  await mkdir(folder, { mode }).catch(async (error: unknown) => {
    if (!isAbsent(error) || folder === dirname(folder)) throw error;
    await makeOutermost(dirname(folder), mode);
  });
}
