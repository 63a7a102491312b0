import { randomUUID } from "node:crypto";
import { lstat, readdir, rm } from "node:fs/promises";
import type { Anchor } from "./anchor.ts";
import { formatProcess, isOver, ownProcess, parseProcess } from "./processName.ts";

/** "new" is what is to be put in a place, "old" what was there: for a moment it may be all that is left of it. */
type Kind = "new" | "old";

/** A name beside the place of an edit, by which it is known whose it is. */
export function temporaryName(kind: Kind): string {
  return `.patchwright-${kind}~${formatProcess(ownProcess())}~${randomUUID()}`;
}

/**
 * Removes from a folder what edits left there whose process was killed: new contents that were never put in their places, and old ones that still have
 * another name. An old content without one stays: nobody else may have it. Never rejects.
 */
export async function sweepTemporary(folder: Anchor): Promise<void> {
  const names = await readdir(folder.at(".")).catch(() => []);
  for (const name of names) {
    const [, kind, process = ""] = NAME.exec(name) ?? [];
    const owner = parseProcess(process);
    if (owner === undefined || isOver(owner) !== true) continue;
    const path = folder.at(name);
    const entry = await lstat(path).catch(() => undefined);
    if (entry?.isFile() && (kind === "new" || entry.nlink > 1)) await rm(path, { force: true }).catch(() => undefined);
  }
}

const NAME = /^\.patchwright-(new|old)~([^~]+)~[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
