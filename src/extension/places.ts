import { isAbsolute, join } from "node:path";

/** Where a path may lead: itself when it is absolute, else below each workspace folder, in their order. */
export function placesOf(path: string, roots: readonly string[]): string[] {
  return isAbsolute(path) ? [path] : roots.map((root) => join(root, path));
}

/** True for a path that makes Windows talk to another machine (and offer it the user's credentials). */
export function isNetworkPath(path: string): boolean {
  return /^[\\/]{2}/.test(path);
}
