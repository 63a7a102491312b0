import { mkdir, mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Confined, ConfinedCommand } from "./confine.ts";
import { startConfined } from "./startConfined.ts";

/** How long the command may take that shows whether commands are confined. */
const PATIENCE_MS = 15_000;

/** On a very busy machine it takes longer than that. */
export const TOO_LATE = {
  reason:
    "It is not known whether commands can be confined here: one that was to show it did not end within 15 s, as on a very busy machine. It is tried again with the next message, three times at most; after that, start Patchwright again.",
  isPassing: true,
} as const;

export interface ProbeOptions {
  /** A folder for temporary files. */
  readonly temporary: string;
  confine(command: ConfinedCommand): Promise<Confined>;
  /** For sh, in the folder that can be written: writes what it sees to the file `seen`. */
  readonly script: string;
  /** Given what it saw, a sentence that says how it is not confined; undefined when it is. */
  judge(seen: string): Promise<string | undefined> | string | undefined;
  /** How long the command may take, in milliseconds; 15 s when absent, longer than on any machine that is not stuck. */
  readonly patienceMs?: number | undefined;
}

/** `output` is what was printed, by the command or by what should have confined it. */
export type Probed =
  | { readonly kind: "confined" }
  | { readonly kind: "failed"; readonly output: string }
  /** It was ended before it had shown anything. */
  | { readonly kind: "late" }
  /** There is no place to try it in. */
  | { readonly kind: "untried"; readonly reason: string };

/**
 * Runs a command that tries to write outside its folder, and what `script` tries. What was written is judged from here. Never rejects.
 */
export async function probe(options: ProbeOptions): Promise<Probed> {
  const { temporary } = options;
  const folder = await mkdtemp(join(temporary, "patchwright-probe-")).catch(() => undefined);
  if (folder === undefined) {
    const reason = `No file can be made in ${temporary}, where programs keep temporary files, so the sandbox could not be tried.`;
    return { kind: "untried", reason: `${reason} Make room there or let TMPDIR name another folder.` };
  }
  try {
    return await run(await realpath(folder), options);
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(
  scratch: string,
  { confine, script, judge, patienceMs = PATIENCE_MS }: ProbeOptions,
): Promise<Probed> {
  const inside = join(scratch, "inside");
  const outside = join(scratch, "outside");
  await Promise.all([mkdir(inside), mkdir(outside)]);
  const confined = await confine({
    argv: ["/bin/sh", "-c", `(echo out > ../outside/file) 2>/dev/null\n${script}`],
    cwd: inside,
    env: { PATH: "/usr/local/bin:/usr/bin:/bin:/run/current-system/sw/bin" },
    marker: "PATCHWRIGHT_PROBE=1",
    confinement: { writableRoots: [inside], readableRoots: [], isProtected: () => false, network: "off" },
  });
  const child = await startConfined(confined, {
    stdio: ["ignore", "ignore", "pipe"],
    cwd: inside,
    timeout: patienceMs,
  });
  const output = child.stderr === null ? "" : await text(child.stderr);
  await confined.ended();
  if ((await readText(join(outside, "file"))) !== "")
    return failed("A confined command could write outside its folders.");
  // It was killed, and may have written a part of what it saw.
  if (child.killed) return { kind: "late" };
  const seen = await readText(join(inside, "seen"));
  if (seen === "") return failed(output);
  const fault = await judge(seen);
  return fault === undefined ? { kind: "confined" } : failed(fault);
}

function failed(output: string): Probed {
  return { kind: "failed", output };
}

function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}
