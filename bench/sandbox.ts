import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isProtected } from "../src/core/policy/protectedPaths.ts";
import { createNodeHost } from "../src/host/node/nodeHost.ts";
import type { Confinement } from "../src/host/sandbox.ts";

/** What the sandbox costs a command: the same one with and without it, by turns. */
const RUNS = 200;

/** Files and folders of a project of some size, since the sandbox looks for what is protected in it. */
const FOLDERS = Number(process.argv[2] ?? 200);

const folder = mkdtempSync(join(tmpdir(), "patchwright-bench-"));
const root = join(folder, "project");
for (let at = 0; at < FOLDERS; at++) {
  const part = join(root, `part${at % 20}`, `folder${at}`);
  mkdirSync(part, { recursive: true });
  for (let file = 0; file < 10; file++) writeFileSync(join(part, `file${file}.ts`), "");
}
mkdirSync(join(root, ".git/hooks"), { recursive: true });

const host = createNodeHost({ storageRoot: join(folder, "store"), workspaceRoots: [root] });
const state = await host.sandbox.ready;
if (state.kind === "none") throw new Error(state.reason);

const confined: Confinement = {
  writableRoots: [root, tmpdir()],
  readableRoots: [],
  isProtected,
  network: "off",
};

/** Until the command has ended and everything after it is done, in milliseconds. */
async function run(confinement: Confinement | undefined): Promise<number> {
  const began = performance.now();
  const command = { argv: ["true"], cwd: root, tty: false, itemId: "i", title: "true", confinement } as const;
  const running = await host.processes.spawn(command, new AbortController().signal);
  await running.exited;
  return performance.now() - began;
}

const plain: number[] = [];
const inSandbox: number[] = [];
for (let at = 0; at < RUNS; at++) {
  plain.push(await run(undefined));
  inSandbox.push(await run(confined));
}
await host.dispose();
rmSync(folder, { recursive: true });

function median(all: readonly number[]): number {
  return [...all].sort((one, other) => one - other)[Math.floor(all.length / 2)] ?? Number.NaN;
}

const rounded = (ms: number) => Math.round(ms * 10) / 10;
console.log(
  JSON.stringify({
    benchmark: "sandbox",
    mode: "workspace-write, network off",
    runs: RUNS,
    folders: FOLDERS,
    plainMs: rounded(median(plain)),
    confinedMs: rounded(median(inSandbox)),
    moreMs: rounded(median(inSandbox) - median(plain)),
  }),
);
