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
import path from "node:path";
import { createNodeHost } from "../../src/host/node/nodeHost.ts";
import { findRipgrep } from "../../src/host/vscode/ripgrep.ts";
import { createVscodeHost, type VscodeHost, type VscodeHostOptions } from "../../src/host/vscode/vscodeHost.ts";
import type { HostCheck, HostFixture } from "../host/fixture.ts";
import type { Check } from "../workbench/insideHost.ts";

/** A host of the running editor in a folder of its own. */
export interface VscodeFixture extends HostFixture {
  readonly vscodeHost: VscodeHost;
}

/** Calls `use` with a fresh host, which is gone afterwards, its folder too. */
export async function withVscodeHost(
  use: (fixture: VscodeFixture) => Promise<void>,
  options: Partial<VscodeHostOptions> = {},
): Promise<void> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), "vscode-host-")));
  const root = path.join(folder, "root");
  await mkdir(root);
  const ripgrepPath = await findRipgrep();
  const facts = { storageRoot: path.join(folder, "store"), workspaceRoots: [root], lockPatienceMs: 150 };
  const node = createNodeHost({ ...facts, ripgrepPath });
  const fail = (message: string) => {
    throw new Error(message);
  };
  const vscodeHost = createVscodeHost({
    node,
    trusted: () => true,
    engine: () => "process",
    onWarning: fail,
    ...options,
  });
  const end = new AbortController();
  try {
    await use({ ...filesBelow(root), host: vscodeHost.host, vscodeHost, signal: end.signal });
  } finally {
    end.abort();
    vscodeHost.dispose();
    await node.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

function filesBelow(root: string): Omit<HostFixture, "host" | "signal"> {
  return {
    root,
    join: (...parts) => path.join(root, ...parts),
    program: (script) => ["/bin/sh", "-c", script],
    async writeBytes(file, bytes) {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, bytes);
    },
    readBytes: async (file) => new Uint8Array(await readFile(file)),
    makeFolder: async (file) => void (await mkdir(file, { recursive: true })),
    exists: (file) => lstat(file).then(Boolean, () => false),
    remove: (file) => rm(file, { recursive: true }),
    modes: { get: async (file) => (await stat(file)).mode & 0o7777, set: chmod },
    links: { symbolic: symlink, hard: link, isSymbolic: (file) => readlink(file).then(Boolean, () => false) },
  };
}

/** The checks of every host, on this one. */
export function onVscodeHost(checks: readonly HostCheck[]): readonly Check[] {
  return checks.map(({ name, run }) => ({ name, run: () => withVscodeHost(run) }));
}
