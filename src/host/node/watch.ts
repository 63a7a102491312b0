import { type FSWatcher, watch } from "node:fs";
import { dirname, join } from "node:path";
import type { FileSystem, FileWatch } from "../files.ts";

/** Files in folders beyond this number are looked at only when something else happens. */
const MAX_FOLDERS = 200;

/**
 * `FileSystem.watch` on the folders of followed files. What cannot be watched (too many watches, a folder that is not there) is left out;
 * `onWarning` is told once.
 */
export function createWatch(onWarning: (message: string) => void): FileSystem["watch"] {
  let warned = false;
  const warn = () => {
    if (!warned) onWarning("Some files cannot be watched, so what happens to them outside shows late.");
    warned = true;
  };
  return (listener): FileWatch => {
    const watchers = new Map<string, FSWatcher>();
    let followed: readonly string[] = [];

    const changed = (path: string) => listener({ kind: "changed", path, by: "disk" });
    const close = (folder: string) => {
      watchers.get(folder)?.close();
      watchers.delete(folder);
    };
    const open = (folder: string) => {
      try {
        const watcher = watch(folder, { persistent: false }, (_event, name) => {
          const here = name === null ? followed.filter((path) => dirname(path) === folder) : [join(folder, name)];
          for (const path of here) changed(path);
        });
        watcher.on("error", () => {
          close(folder);
          warn();
        });
        watchers.set(folder, watcher);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") warn();
      }
    };
    return {
      follow(paths) {
        followed = paths;
        const folders = new Set([...new Set(paths.map((path) => dirname(path)))].slice(0, MAX_FOLDERS));
        for (const folder of watchers.keys()) if (!folders.has(folder)) close(folder);
        for (const folder of folders) if (!watchers.has(folder)) open(folder);
      },
      dispose() {
        for (const folder of watchers.keys()) close(folder);
      },
    };
  };
}
