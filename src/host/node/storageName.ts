import { AgentError } from "../../protocol/errors.ts";

/** No name starts with a dot, so that none can lead upwards and unfinished writes can hide behind one. */
const PART = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,199}$/;

/** The parts of a storage name. Throws `invalid` for one that could lead outside, or that some file system cannot hold. */
export function storageNameParts(name: string): readonly string[] {
  const parts = name.split("/");
  if (parts.every((part) => PART.test(part))) return parts;
  throw new AgentError("invalid", `${JSON.stringify(name)} is not a name that can be stored.`);
}

/** Whether a file found in the store is one of its own. */
export function isStorageName(name: string): boolean {
  return PART.test(name);
}
