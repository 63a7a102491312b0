import { type FileHandle, rename } from "node:fs/promises";

/** The calls that decide whether a change becomes visible and lasts; a test puts slow or failing ones in their place. */
export interface Disk {
  rename(from: string, to: string): Promise<void>;
  /** Resolves when what was written is on the medium. */
  sync(file: FileHandle): Promise<void>;
}

export const realDisk: Disk = { rename, sync: (file) => file.sync() };
