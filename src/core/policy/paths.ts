import type { Platform } from "../../host/host.ts";

/** Path arithmetic for either platform, without touching a disk. Paths stay in the platform's own notation. */
export interface Paths {
  /** Absolute and normalised: relative paths count from `cwd`. */
  resolve(cwd: string, path: string): string;
  /** With "/" between parts; the path itself when it is not inside `folder`, "." for the folder. */
  relative(folder: string, path: string): string;
  isInside(folder: string, path: string): boolean;
  parent(path: string): string;
  name(path: string): string;
  join(folder: string, name: string): string;
  /** Whether the path names a file or folder by its own name: false for what Windows takes for a device, a stream of another file or another name. */
  isPlain(path: string): boolean;
}

/** What Windows takes for a device in any folder, with any ending. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3]) *([.:]|$)/i;

export function pathsOf({ os }: Pick<Platform, "os">): Paths {
  const windows = os === "windows";
  const separator = windows ? "\\" : "/";
  const split = (path: string) => path.split(windows ? /[\\/]+/ : /\/+/);
  const isAbsolute = (path: string) => (windows ? /^([a-z]:[\\/]|[\\/]{2})/i.test(path) : path.startsWith("/"));
  const fold = (path: string) => (windows ? path.toLowerCase() : path);

  const normalize = (path: string) => {
    const shared = windows && /^[\\/]{2}/.test(path);
    const [first = "", ...parts] = split(shared ? path.slice(2) : path);
    const root = shared ? `\\\\${first}\\${parts.shift() ?? ""}` : first;
    const kept: string[] = [];
    for (const part of parts) {
      if (part === "..") kept.pop();
      else if (part !== "" && part !== ".") kept.push(part);
    }
    return kept.length === 0 ? root + separator : [root, ...kept].join(separator);
  };
  const trimmed = (folder: string) => (folder.endsWith(separator) ? folder.slice(0, -1) : folder);
  const isInside = (folder: string, path: string) =>
    fold(path) === fold(folder) || fold(path).startsWith(fold(trimmed(folder)) + separator);

  return {
    resolve: (cwd, path) => normalize(isAbsolute(path) ? path : cwd + separator + path),
    relative(folder, path) {
      if (fold(path) === fold(folder)) return ".";
      if (!isInside(folder, path)) return path;
      return split(path.slice(trimmed(folder).length + 1)).join("/");
    },
    isInside,
    parent: (path) => normalize(`${path}${separator}..`),
    name: (path) => split(path).at(-1) ?? path,
    join: (folder, name) => normalize(folder + separator + name),
    isPlain: (path) =>
      !windows ||
      (!/^[\\/]{2}[?.]/.test(path) &&
        split(path.replace(/^[a-z]:/i, "")).every((part) => !DEVICE.test(part) && !/[:*?"<>|]|[. ]$/.test(part))),
  };
}

/** The innermost of the folders that the path is in; the path itself when it is in none. */
export function rootAround(path: string, roots: readonly string[], { isInside }: Paths): string {
  const around = roots.filter((root) => isInside(root, path));
  return around.sort((a, b) => b.length - a.length)[0] ?? path;
}

/** A folder that the user wrote, which may be in their home folder; undefined for one that is not absolute. */
export function absoluteFolder(folder: string, home: string, paths: Paths): string | undefined {
  const whole = /^~[\\/]/.test(folder) ? paths.join(home, folder.slice(2)) : folder;
  const absolute = paths.resolve("/", whole);
  return absolute === paths.resolve("/elsewhere", whole) ? absolute : undefined;
}
