import {
  chmod,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { rgPath } from "@vscode/ripgrep";
import { createNodeHost, type NodeHost } from "../../src/host/node/nodeHost.ts";
import type { MakeFixture } from "./runContract.ts";

/** A folder that is gone after `use`. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "host-test-")));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A node host that is disposed after `use`, its store in the folder. */
export async function withNodeHost<T>(use: (host: NodeHost, folder: string) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    const host = createNodeHost({ storageRoot: join(folder, "store"), workspaceRoots: [folder], ripgrepPath: rgPath });
    try {
      return await use(host, folder);
    } finally {
      await host.dispose();
    }
  });
}

/** A fresh node host each time; without `ripgrepPath` it walks by itself. */
export function nodeFixture(ripgrepPath: string | undefined): MakeFixture {
  return async () => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "host-test-")));
    const root = join(folder, "root");
    await mkdir(root);
    const options = { storageRoot: join(folder, "store"), workspaceRoots: [root], lockPatienceMs: 150 };
    const host = createNodeHost({ ...options, ripgrepPath });
    return {
      host,
      root,
      join: (...parts) => join(root, ...parts),
      program: (script) => ["/bin/sh", "-c", script],
      async writeBytes(path, bytes) {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, bytes);
      },
      readBytes: async (path) => new Uint8Array(await readFile(path)),
      makeFolder: async (path) => void (await mkdir(path, { recursive: true })),
      exists: (path) => lstat(path).then(Boolean, () => false),
      remove: (path) => rm(path, { recursive: true }),
      modes: { get: async (path) => (await stat(path)).mode & 0o7777, set: chmod },
      links: { symbolic: symlink, hard: link, isSymbolic: (path) => readlink(path).then(Boolean, () => false) },
      async dispose() {
        await host.dispose();
        await rm(folder, { recursive: true, force: true });
      },
    };
  };
}
