import fs from "node:fs";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { rgPath } from "@vscode/ripgrep";
import { pathsOf } from "../src/core/policy/paths.ts";
import { requireNoLink } from "../src/core/policy/requirePlace.ts";
import { planRestoring, writePlanned } from "../src/core/review/restore.ts";
import { createNodeHost } from "../src/host/node/nodeHost.ts";

/** Checkpoints of a workspace of 20,000 files, and a restoring: how long they take, how long nothing else has its turn, and the disk they use. */
const FILES = 20_000;
const REPEATS = 10;
const CHANGED = 200;
/** Files are told apart by their times, which must lie before a snapshot beyond doubt. */
const SETTLING_MS = 100;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "patchwright-bench-"));
const root = path.join(folder, "project");
const host = createNodeHost({ storageRoot: path.join(folder, "home"), workspaceRoots: [root], ripgrepPath: rgPath });
const { signal } = new AbortController();
const nameOf = (at: number) => path.join(root, `src${at % 100}`, `part${at % 7}`, `file${at}.ts`);

/** Text of a few KB that is different in each file. */
function source(at: number): string {
  return Array.from(
    { length: 20 + ((at * 37) % 200) },
    (_, line) => `export const value${at}_${line} = ${at * line};\n`,
  ).join("");
}

async function makeFiles(): Promise<number> {
  let bytes = 0;
  for (let at = 0; at < FILES; at++) {
    const text = source(at);
    bytes += text.length;
    if (at < 700) await mkdir(path.dirname(nameOf(at)), { recursive: true });
    await writeFile(nameOf(at), text);
  }
  return bytes;
}

interface Measured<T> {
  readonly result: T;
  readonly ms: number;
  /** The longest time in which nothing else had its turn. */
  readonly blockedMs: number;
}

async function measure<T>(work: () => Promise<T>): Promise<Measured<T>> {
  let blockedMs = 0;
  let last = performance.now();
  const look = () => {
    const now = performance.now();
    blockedMs = Math.max(blockedMs, now - last);
    last = now;
  };
  const ticking = setInterval(look, 1);
  const began = performance.now();
  const result = await work();
  const ms = performance.now() - began;
  clearInterval(ticking);
  look();
  return { result, ms, blockedMs };
}

const take = () => host.snapshots.take([root], signal);

async function change(count: number): Promise<void> {
  for (let at = 0; at < count; at++) await appendFile(nameOf(at * 7), "export {};\n");
}

async function measureTaking(benchmark: string, prepare: () => Promise<void>): Promise<void> {
  const times: Measured<string>[] = [];
  for (let at = 0; at < REPEATS; at++) {
    await prepare();
    times.push(await measure(take));
  }
  const ms = times.map((one) => one.ms).sort((one, other) => one - other);
  const blockedMs = Math.max(...times.map((one) => one.blockedMs));
  print(benchmark, { ms: { median: ms[REPEATS / 2], slowest: ms.at(-1) }, blockedMs });
}

async function measureRestoring(): Promise<void> {
  const before = await take();
  await change(CHANGED);
  const after = await take();
  const checkpoint = { id: "c", kind: "turn", turnId: "t", createdAt: 0 } as const;
  const planning = await measure(() =>
    planRestoring({
      host,
      events: [{ checkpoint, before, after, changedFiles: CHANGED }],
      now: take,
      requireInside: (path) => requireNoLink(path, folder, { files: host.files, paths: pathsOf(host.platform) }),
      overwrite: new Set(),
    }),
  );
  const writing = await measure(() => writePlanned(planning.result, host));
  const restored = writing.result.filter(({ outcome }) => outcome === "restored").length;
  print("restore 200 files", { restored, planMs: planning.ms, writeMs: writing.ms });
}

function print(benchmark: string, found: object): void {
  const rounded = (_key: string, value: unknown) => (typeof value === "number" ? Math.round(value * 100) / 100 : value);
  console.log(JSON.stringify({ benchmark, ...found }, rounded));
}

try {
  const bytes = await makeFiles();
  await new Promise((resolve) => setTimeout(resolve, SETTLING_MS));
  const first = await measure(take);
  const firstDiskBytes = await host.snapshots.diskBytes();
  print("checkpoint first", {
    files: FILES,
    bytes,
    ms: first.ms,
    blockedMs: first.blockedMs,
    diskBytes: firstDiskBytes,
  });
  await measureTaking("checkpoint unchanged", async () => {});
  const unchangedBytes = (await host.snapshots.diskBytes()) - firstDiskBytes;
  print("checkpoint unchanged, disk", { diskBytes: unchangedBytes });
  await measureTaking("checkpoint after 1 file", () => change(1));
  await measureTaking("checkpoint after 200 files", () => change(CHANGED));
  await measureRestoring();
  print("checkpoints, disk", { checkpoints: 3 + 2 * REPEATS, diskBytes: await host.snapshots.diskBytes() });
} finally {
  await host.dispose();
  fs.rmSync(folder, { recursive: true, force: true });
}
